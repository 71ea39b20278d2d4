import { COCO_EPSILON, COCO_RECALL_POINTS } from '../grids';
import type { TideMode } from './tide-parameters';

/** Verdicts on a prediction. */
export const ABSENT = 0;
export const HIT = 1;
export const FALSE_POSITIVE = 2;

/** What average precision is made of, as detected or with some errors mended. */
export interface DetectionList {
  /** Prediction rows in the order in which they are scored. */
  readonly order: Int32Array;
  /** By prediction row: HIT, FALSE_POSITIVE, or ABSENT for those in no average precision. */
  readonly verdict: Uint8Array;
  /** By prediction row: category index it is scored in. */
  readonly category: Int32Array;
  /** By category index: annotations to find. */
  readonly truth: Int32Array;
}

/** How a mode turns a list into average precision. */
export interface PrecisionRule {
  /** Added to precision's denominator. */
  readonly epsilon: number;
  /** 101 values from 0 to 1. */
  readonly recallPoints: readonly number[];
  /** True: a class with predictions and no annotation has AP 0. False: it has none. */
  readonly doTruthlessCount: boolean;
}

/** The package's recall points are `i / 100`, which is not COCO's `i * 0.01` at ten of them. */
const PACKAGE_RECALL_POINTS: readonly number[] = Array.from({ length: 101 }, (_, index) => index / 100);

export const PRECISION_RULES: Readonly<Record<TideMode, PrecisionRule>> = {
  package: { epsilon: 0, recallPoints: PACKAGE_RECALL_POINTS, doTruthlessCount: true },
  coco: { epsilon: COCO_EPSILON, recallPoints: COCO_RECALL_POINTS, doTruthlessCount: false },
};

/** One class of a list, sampled at the recall points. */
export interface SampledClass {
  /** 0 to 100. */
  readonly AP: number;
  readonly precision: Float64Array;
  /** By recall point: the prediction row that reaches it; -1 where none does. */
  readonly row: Int32Array;
}

/** By category index; null for a class without a number, which is in no mean. */
export function sampleClasses(list: DetectionList, rule: PrecisionRule): (SampledClass | null)[] {
  const hits = listHits(list, rule.epsilon);
  return Array.from(list.truth, (truth, klass) => {
    const isKnown = truth > 0 || (rule.doTruthlessCount && hits.entries[klass]! > 0);
    return isKnown ? sampleClass(hits, klass, truth, rule.recallPoints) : null;
  });
}

/** Mean AP over the classes that have one, 0 to 100; null where none has. */
export function meanAP(classes: readonly (SampledClass | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const sampled of classes) {
    if (!sampled) continue;
    sum += sampled.AP;
    count++;
  }
  return count === 0 ? null : sum / count;
}

/** Hits class by class, each class's in the list's order. */
interface Hits {
  /** First hit by class; one entry more than classes. */
  readonly starts: Int32Array;
  readonly precision: Float64Array;
  /** Prediction row by hit. */
  readonly row: Int32Array;
  /** By class: predictions in the list, and the first of them (-1). */
  readonly entries: Int32Array;
  readonly first: Int32Array;
}

/** Precision can only fall between hits, so a curve is made of the hits alone. */
function listHits(list: DetectionList, epsilon: number): Hits {
  const { order, verdict, category } = list;
  const classes = list.truth.length;
  const starts = hitStarts(list);
  const precision = new Float64Array(starts[classes]!);
  const hitRow = new Int32Array(starts[classes]!);
  const found = new Int32Array(classes);
  const entries = new Int32Array(classes);
  const first = new Int32Array(classes).fill(-1);
  for (const row of order) {
    if (verdict[row] === ABSENT) continue;
    const klass = category[row]!;
    if (entries[klass]!++ === 0) first[klass] = row;
    if (verdict[row] !== HIT) continue;
    const hit = starts[klass]! + found[klass]!++;
    precision[hit] = found[klass]! / (entries[klass]! + epsilon);
    hitRow[hit] = row;
  }
  return { starts, precision, row: hitRow, entries, first };
}

function hitStarts({ order, verdict, category, truth }: DetectionList): Int32Array {
  const starts = new Int32Array(truth.length + 1);
  for (const row of order) if (verdict[row] === HIT) starts[category[row]! + 1]!++;
  for (let klass = 0; klass < truth.length; klass++) starts[klass + 1]! += starts[klass]!;
  return starts;
}

/** At each recall point the highest precision from there on; 0 where the recall is not reached. */
function sampleClass(hits: Hits, klass: number, truth: number, points: readonly number[]): SampledClass {
  const from = hits.starts[klass]!;
  const envelope = hits.precision.subarray(from, hits.starts[klass + 1]);
  for (let hit = envelope.length - 1; hit > 0; hit--) {
    if (envelope[hit]! > envelope[hit - 1]!) envelope[hit - 1] = envelope[hit]!;
  }
  const precision = new Float64Array(points.length);
  const row = new Int32Array(points.length).fill(-1);
  let sum = 0;
  // Hits needed to reach the point: the least whole number that, over the annotations, is at least its recall.
  let needed = 0;
  for (let point = 0; point < points.length && envelope.length > 0; point++) {
    while (needed <= envelope.length && needed / truth < points[point]!) needed++;
    if (needed > envelope.length) break;
    precision[point] = envelope[Math.max(needed, 1) - 1]!;
    // Recall 0 is reached by the first prediction, whatever became of it.
    row[point] = needed === 0 ? hits.first[klass]! : hits.row[from + needed - 1]!;
    sum += precision[point]!;
  }
  return { AP: (sum / points.length) * 100, precision, row };
}
