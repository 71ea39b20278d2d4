/** Precision and recall of each class along all confidences at one IoU, and the confidence at which F1 is best. */
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
  const rows = counted.map((): number[] => []);
  for (let row = 0; row < states.length; row++) {
    if (states[row] === STATE_TRUE || states[row] === STATE_FALSE)
      rows[isAgnostic ? 0 : category[row]!]!.push(row);
  }
  return counted.map(({ category: klass, misses }, index) =>
    sweep(
      klass,
      misses,
      rows[index]!.sort((a, b) => score[b]! - score[a]!),
      states,
      score,
    ),
  );
}

function sweep(
  category: number,
  positives: number,
  rows: readonly number[],
  states: Uint8Array,
  score: Float64Array,
): ClassSweep {
  const points: { score: number; truePositives: number; falsePositives: number }[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  rows.forEach((row, index) => {
    if (states[row] === STATE_TRUE) truePositives++;
    else falsePositives++;
    const next = rows[index + 1];
    if (next !== undefined && score[next] === score[row]) return;
    points.push({ score: score[row]!, truePositives, falsePositives });
  });
  return {
    category,
    positives,
    score: Float64Array.from(points, (point) => point.score),
    truePositives: Int32Array.from(points, (point) => point.truePositives),
    falsePositives: Int32Array.from(points, (point) => point.falsePositives),
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
