import { rowNumbers } from '../../matching/grouping';
import { ScoreSorter } from '../../matching/score-order';

/** What a class (or a pool of classes) has at one threshold: entries by falling score, equal ones in the API's order. */
export interface Entries {
  readonly score: Float64Array;
  /** 0: false; else what the entry counts: 1, or the weight of a group-of box. */
  readonly label: Float64Array;
}

export interface Curve {
  readonly recall: Float64Array;
  readonly precision: Float64Array;
}

/** One point an entry; `truth` is what there is to be found. */
export function curveOf({ label }: Entries, truth: number): Curve {
  const curve = { recall: new Float64Array(label.length), precision: new Float64Array(label.length) };
  let found = 0;
  let falsePositives = 0;
  label.forEach((value, entry) => {
    found += value;
    if (value <= 0) falsePositives++;
    curve.recall[entry] = found / truth;
    curve.precision[entry] = found / (found + falsePositives);
  });
  return curve;
}

/**
 * Area under the curve's points with lower <= recall <= upper, between sentinels at recall 0 and 1: what lies before
 * the first kept point counts at the best kept precision, what lies above `upper` counts nothing, and nothing is divided
 * by the width. null without truth.
 */
export function averagePrecision(
  entries: Entries,
  truth: number,
  [lower, upper]: readonly [number, number],
): number | null {
  if (!(truth > 0)) return null;
  const { recall, precision } = curveOf(entries, truth);
  const envelope = precision.slice();
  let best = 0;
  for (let point = recall.length - 1; point >= 0; point--) {
    if (recall[point]! >= lower && recall[point]! <= upper) best = Math.max(best, precision[point]!);
    envelope[point] = best;
  }
  let total = 0;
  let last = 0;
  recall.forEach((value, point) => {
    if (!(value >= lower && value <= upper) || value === last) return;
    total += (value - last) * envelope[point]!;
    last = value;
  });
  return total;
}

/** Whether any two entries have the same score. */
export function hasTies({ score }: Entries): boolean {
  for (let entry = 1; entry < score.length; entry++) if (score[entry] === score[entry - 1]) return true;
  return false;
}

/**
 * The entries with what was found first (or last) among equal scores. Moving a found entry forward never lowers the
 * average precision, so these orders bound it.
 */
export function reordered({ score, label }: Entries, isFoundFirst: boolean): Entries {
  const moved = label.slice();
  for (let from = 0; from < score.length;) {
    let to = from + 1;
    while (to < score.length && score[to] === score[from]) to++;
    if (to - from > 1) {
      moved.subarray(from, to).sort();
      if (isFoundFirst) moved.subarray(from, to).reverse();
    }
    from = to;
  }
  return { score, label: moved };
}

export type Bounds = readonly [low: number, high: number];

/** Bounds around `value` that no rounding turns round. */
export function boundsAround(value: number, low: number, high: number): Bounds {
  return [Math.min(low, value), Math.max(high, value)];
}

/** Plain mean of the numbers that are defined; null where none is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  if (defined.length === 0) return null;
  return defined.reduce((total, value) => total + value, 0) / defined.length;
}

/** Entries of several classes in one list; of equal scores the later list's stand first. */
export function pooled(lists: readonly Entries[]): Entries {
  const count = lists.reduce((total, { score }) => total + score.length, 0);
  const score = new Float64Array(count);
  const label = new Float64Array(count);
  let next = 0;
  for (const list of [...lists].reverse()) {
    score.set(list.score, next);
    label.set(list.label, next);
    next += list.score.length;
  }
  const rows = rowNumbers(count);
  new ScoreSorter().sort(rows, score);
  return {
    score: Float64Array.from(rows, (row) => score[row]!),
    label: Float64Array.from(rows, (row) => label[row]!),
  };
}
