/** What stands for what: annotations by class against predictions by class, with the background as one more class. */
import { PREDICTION_OUTCOMES, TRUTH_OUTCOMES } from '../evaluation';
import type { OperatingPoint, Scorer } from '../evaluation';

const TRUE_POSITIVE = PREDICTION_OUTCOMES.indexOf('true-positive');
const WRONG_CLASS = PREDICTION_OUTCOMES.indexOf('wrong-class');
const IGNORED = PREDICTION_OUTCOMES.indexOf('ignored');
const CUT = PREDICTION_OUTCOMES.indexOf('cut');
const MATCHED = TRUTH_OUTCOMES.indexOf('matched');
const MISS = TRUTH_OUTCOMES.indexOf('miss');

/** Where every annotation and prediction stands; cells are truth class * (classes + 1) + predicted class. */
export interface ConfusionPlaces {
  /** By annotation row: its cell; -1 where the annotation does not count. */
  readonly annotation: Int32Array;
  /** By annotation row: the prediction row it shares its cell with; -1 in the column of the background. */
  readonly partner: Int32Array;
  /** By prediction row: its cell in the row of the background; -1 where it stands with an annotation, or nowhere. */
  readonly prediction: Int32Array;
}

/**
 * Each annotation that counts stands in one cell of its row: its match, else the best-scored prediction of another class
 * that lies on it, else the background. Each other false positive stands in the row of the background. Ignored and cut
 * predictions stand nowhere.
 */
export function confusionPlaces(scorer: Scorer, point: OperatingPoint): ConfusionPlaces {
  const { categories, imageIds, predictions } = scorer.input;
  const background = categories.length;
  const size = background + 1;
  const all = scorer.allOutcomes(point);
  const annotation = new Int32Array(all.truthOutcome.length).fill(-1);
  const partner = new Int32Array(all.truthOutcome.length).fill(-1);
  const prediction = new Int32Array(predictions.count).fill(-1);
  const confused = confusedWith(all, predictions.score);
  const isUsed = new Uint8Array(predictions.count);
  for (let image = 0; image < imageIds.length; image++) {
    const truth = scorer.truth(image);
    const [from] = scorer.annotationRows(image);
    for (let index = 0; index < truth.count; index++) {
      const row = from + index;
      const outcome = all.truthOutcome[row]!;
      if (outcome !== MATCHED && outcome !== MISS) continue;
      const other = outcome === MATCHED ? all.truthPrediction[row]! : (confused.get(row) ?? -1);
      if (other >= 0) isUsed[other] = 1;
      partner[row] = other;
      annotation[row] =
        truth.category[index]! * size + (other < 0 ? background : predictions.category[other]!);
    }
  }
  for (let row = 0; row < predictions.count; row++) {
    const outcome = all.predictionOutcome[row]!;
    if (isUsed[row] || outcome === TRUE_POSITIVE || outcome === IGNORED || outcome === CUT) continue;
    prediction[row] = background * size + predictions.category[row]!;
  }
  return { annotation, partner, prediction };
}

/** Counts of the cells of `confusionPlaces`, the background last in both. */
export function confusionMatrix(scorer: Scorer, point: OperatingPoint): Int32Array {
  const size = scorer.input.categories.length + 1;
  const cells = new Int32Array(size * size);
  const { annotation, prediction } = confusionPlaces(scorer, point);
  for (const cell of annotation) if (cell >= 0) cells[cell]!++;
  for (const cell of prediction) if (cell >= 0) cells[cell]!++;
  return cells;
}

/** By annotation row: the best-scored prediction of a wrong class that points at it, of equal ones the first. */
function confusedWith(
  { predictionOutcome, predictionTruth }: ReturnType<Scorer['allOutcomes']>,
  score: Float64Array,
): Map<number, number> {
  const best = new Map<number, number>();
  for (let row = 0; row < predictionOutcome.length; row++) {
    if (predictionOutcome[row] !== WRONG_CLASS) continue;
    const truth = predictionTruth[row]!;
    const rival = best.get(truth);
    if (rival === undefined || score[row]! > score[rival]!) best.set(truth, row);
  }
  return best;
}
