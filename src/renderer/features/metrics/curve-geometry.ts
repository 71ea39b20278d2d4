/** Places on precision-recall curves. Pure. */
import type { PrecisionRecallCurve } from '../../../contract/metrics-view';

/** Index of the curve's point nearest to a place, both axes counting alike; -1 for an empty curve. */
export function nearestPoint(
  { recall, precision }: Pick<PrecisionRecallCurve, 'recall' | 'precision'>,
  at: { readonly recall: number; readonly precision: number },
): number {
  let nearest = -1;
  let least = Infinity;
  for (let index = 0; index < recall.length; index++) {
    const distance = (recall[index]! - at.recall) ** 2 + (precision[index]! - at.precision) ** 2;
    if (distance < least) {
      least = distance;
      nearest = index;
    }
  }
  return nearest;
}

/** Precision at the highest confidence that reaches a recall; null where none does. */
export function precisionAt(
  { recall, precision }: Pick<PrecisionRecallCurve, 'recall' | 'precision'>,
  wanted: number,
): number | null {
  const index = recall.findIndex((value) => value >= wanted);
  return index < 0 ? null : precision[index]!;
}
