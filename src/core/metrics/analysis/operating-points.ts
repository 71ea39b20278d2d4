/** Precision and recall of each class along all confidences at one IoU, and the confidence at which F1 is best. */
import { ScoreSorter } from '../../matching/score-order';
import { STATE_FALSE, STATE_TRUE } from '../../matching/point-matches';
import type { Scorer } from '../evaluation';
import { f1 } from '../counts';

/** One class at one IoU: one entry a distinct confidence, falling. */
export interface ClassSweep {
  /** Index into the input's categories; 0 when class-agnostic. */
  readonly category: number;
  /** Annotations that count. */
  readonly positives: number;
  readonly score: Float64Array;
  /** Predictions of at least that confidence that match, and that do not. */
  readonly truePositives: Int32Array;
  readonly falsePositives: Int32Array;
}

export interface BestPoint {
  readonly f1: number;
  /** The lowest confidence that has it. */
  readonly score: number;
}

/** By category. Ignored predictions and those over a limit are in none. */
export function sweepClasses(scorer: Scorer, iou: number): ClassSweep[] {
  const states = scorer.states(iou);
  const { category, score } = scorer.input.predictions;
  const counted = scorer.countsByClass({ iou, score: Infinity });
  const isAgnostic = counted.length === 1;
  const isCounted = (row: number): boolean => states[row] === STATE_TRUE || states[row] === STATE_FALSE;
  const sizes = new Int32Array(counted.length);
  for (let row = 0; row < states.length; row++) if (isCounted(row)) sizes[isAgnostic ? 0 : category[row]!]!++;
  const rows = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(counted.length);
  for (let row = 0; row < states.length; row++) {
    if (!isCounted(row)) continue;
    const klass = isAgnostic ? 0 : category[row]!;
    rows[klass]![filled[klass]!++] = row;
  }
  const sorter = new ScoreSorter();
  return counted.map(({ category: klass, misses }, index) => {
    sorter.sort(rows[index]!, score);
    return sweep(klass, misses, rows[index]!, states, score);
  });
}

/** `rows` by falling score. */
function sweep(
  category: number,
  positives: number,
  rows: Int32Array,
  states: Uint8Array,
  score: Float64Array,
): ClassSweep {
  const scores = new Float64Array(rows.length);
  const found = new Int32Array(rows.length);
  const wrong = new Int32Array(rows.length);
  let truePositives = 0;
  let falsePositives = 0;
  let length = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    if (states[row] === STATE_TRUE) truePositives++;
    else falsePositives++;
    // -0 and 0 are one confidence.
    if (index + 1 < rows.length && score[rows[index + 1]!] === score[row]) continue;
    scores[length] = score[row]!;
    found[length] = truePositives;
    wrong[length] = falsePositives;
    length++;
  }
  return {
    category,
    positives,
    score: scores.slice(0, length),
    truePositives: found.slice(0, length),
    falsePositives: wrong.slice(0, length),
  };
}

/** The counts of a class at a confidence. */
export function countsAt(sweep: ClassSweep, score: number) {
  let low = 0;
  let high = sweep.score.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sweep.score[middle]! >= score) low = middle + 1;
    else high = middle;
  }
  return countsOf(sweep, low - 1);
}

function countsOf({ positives, truePositives, falsePositives }: ClassSweep, index: number) {
  const found = index < 0 ? 0 : truePositives[index]!;
  return {
    truePositives: found,
    falsePositives: index < 0 ? 0 : falsePositives[index]!,
    misses: positives - found,
  };
}

/** Null where the class has neither predictions nor annotations that count. */
export function bestPoint(sweep: ClassSweep): BestPoint | null {
  let best: BestPoint | null = null;
  for (let index = 0; index < sweep.score.length; index++) {
    const value = f1({ ...countsOf(sweep, index), at: { iou: 0, score: 0 } });
    if (value !== null && (best === null || value >= best.f1))
      best = { f1: value, score: sweep.score[index]! };
  }
  return best;
}

/** Recall and precision along the sweep, thinned to at most `most` points; the first and the last are kept. */
export function precisionRecall(
  sweep: ClassSweep,
  most: number,
): { recall: number[]; precision: number[]; score: number[] } {
  const curve = { recall: [] as number[], precision: [] as number[], score: [] as number[] };
  const { length } = sweep.score;
  const step = Math.max(1, length / most);
  for (let at = 0; sweep.positives > 0 && at < length; at += step) push(Math.floor(at));
  if (sweep.positives > 0 && length > 0) push(length - 1);
  return curve;

  function push(index: number): void {
    const found = sweep.truePositives[index]!;
    curve.recall.push(found / sweep.positives);
    curve.precision.push(found / (found + sweep.falsePositives[index]!));
    curve.score.push(sweep.score[index]!);
  }
}
