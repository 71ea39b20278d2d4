import { boxIou } from '../matching/overlap';
import type { AllOutcomes, ScoringInput, Scorer } from '../metrics/evaluation';
import { PREDICTION_OUTCOMES } from '../metrics/evaluation';
import { CLS, LOC, TIDE_ERRORS, type TideError } from './tide-error';

/** What became of a prediction, in the words of the command line's `--matches`. */
export interface PredictionMatch {
  /** `cut`: over a limit on detections, or left out on reading. */
  readonly state: 'true' | 'false' | 'ignored' | 'cut';
  /** TIDE's type of a false one, else null. */
  readonly error: TideError | null;
  /** Id of the annotation that a true one matches, or that Loc or Cls points to; null. */
  readonly truth: number | null;
  /** With that annotation, else the best of the image; null without annotations there, and for records left out. */
  readonly iou: number | null;
}

export interface MatchRows {
  /** In file order, one for every record of the file. */
  readonly predictions: readonly PredictionMatch[];
  /** Ids of TIDE's Miss errors: unmatched annotations to which no Loc or Cls points. */
  readonly missed: readonly number[];
  /** Ids of all unmatched annotations that count, in dataset order, images by index. */
  readonly unmatched: readonly number[];
}

const LEFT_OUT: PredictionMatch = { state: 'cut', error: null, truth: null, iou: null };

/**
 * What became of every box at one IoU, at any confidence. `given` is what was to be scored, before the protocol left
 * anything out; `records` the number of records in the predictions' file (those left out on reading are `cut`).
 */
export function matchRows(scorer: Scorer, given: ScoringInput, iou: number, records?: number): MatchRows {
  const { count, fileIndex } = given.predictions;
  const last = count === 0 ? -1 : fileIndex[count - 1]!;
  const predictions = new Array<PredictionMatch>(Math.max(records ?? 0, last + 1)).fill(LEFT_OUT);
  const all = scorer.allOutcomes({ iou, score: -Infinity });
  const ids = idsByRow(scorer, given.imageIds.length);
  if (scorer.input !== given) setCut(scorer, given, predictions);
  const pointedAt = setScored(scorer, all, ids, predictions);
  const unmatched = [...all.truthOutcome.keys()].filter((row) => all.truthOutcome[row] === 1);
  return {
    predictions,
    missed: unmatched.filter((row) => !pointedAt.has(row)).map((row) => ids[row]!),
    unmatched: unmatched.map((row) => ids[row]!),
  };
}

/** Gives the annotation rows that a hit, Loc or Cls points to. */
function setScored(
  scorer: Scorer,
  all: AllOutcomes,
  ids: Float64Array,
  predictions: PredictionMatch[],
): Set<number> {
  const pointedAt = new Set<number>();
  const { count, image, fileIndex } = scorer.input.predictions;
  for (let row = 0; row < count; row++) {
    const state = STATE_OF_OUTCOME[PREDICTION_OUTCOMES[all.predictionOutcome[row]!]!];
    const error = all.predictionError[row]!;
    const isPointing = state === 'true' || error === LOC || error === CLS;
    const truth = all.predictionTruth[row]!;
    if (isPointing) pointedAt.add(truth);
    const [from, to] = scorer.annotationRows(image[row]!);
    predictions[fileIndex[row]!] = {
      state,
      error: TIDE_ERRORS[error]!,
      truth: isPointing ? ids[truth]! : null,
      iou: from === to ? null : all.predictionIou[row]!,
    };
  }
  return pointedAt;
}

/** Predictions that the protocol cut before matching still say how near they were. */
function setCut(scorer: Scorer, given: ScoringInput, predictions: PredictionMatch[]): void {
  const scored = new Set(scorer.input.predictions.fileIndex);
  const { count, image, box, fileIndex } = given.predictions;
  for (let row = 0; row < count; row++) {
    if (scored.has(fileIndex[row]!)) continue;
    const truth = scorer.truth(image[row]!);
    let iou: number | null = null;
    for (let other = 0; other < truth.count; other++) {
      iou = Math.max(iou ?? 0, boxIou(box, row * 4, truth.box, other * 4));
    }
    predictions[fileIndex[row]!] = { ...LEFT_OUT, iou };
  }
}

const STATE_OF_OUTCOME = {
  'true-positive': 'true',
  'false-positive': 'false',
  'wrong-class': 'false',
  'loose-box': 'false',
  duplicate: 'false',
  ignored: 'ignored',
  cut: 'cut',
} as const;

function idsByRow(scorer: Scorer, images: number): Float64Array {
  const count = images === 0 ? 0 : scorer.annotationRows(images - 1)[1];
  const ids = new Float64Array(count);
  for (let image = 0; image < images; image++)
    ids.set(scorer.truth(image).id, scorer.annotationRows(image)[0]);
  return ids;
}
