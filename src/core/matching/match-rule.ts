import type { BoxMeasure } from './overlap';

/** Thresholds in one word of a bit mask; 30, so that masks stay small integers everywhere. */
export const THRESHOLDS_PER_WORD = 30;

/** A candidate for a match at some threshold at or above this is kept in the match table. */
export const CANDIDATE_FLOOR = 0.5;

/** Everything in which protocols differ when predictions are matched with annotations. */
export interface MatchRule {
  readonly measure: BoxMeasure;
  /**
   * `any`: the free annotation with the highest IoU (COCO); `best`: only the annotation with the highest IoU of all,
   * free or not (VOC).
   */
  readonly choice: 'any' | 'best';
  /** Thresholds as they stand in the parameters. */
  readonly thresholds: readonly number[];
  /** `reach`: IoU >= threshold; `exceed`: IoU > threshold. */
  readonly comparison: 'reach' | 'exceed';
  /** Predictions of one class matched in one image, highest scores first. */
  readonly limit: number;
  /** Area ranges, [min, max] inclusive; an annotation or unmatched prediction outside is ignored there. */
  readonly ranges: readonly (readonly [number, number])[];
  /** The range that counts and outcomes go by. */
  readonly outcomeRange: number;
  readonly area: 'file' | 'box';
  /** FLAG_* bits that make an annotation ignored in every range. */
  readonly ignoreFlags: number;
  /** FLAG_* bits of annotations that take any number of predictions, by overlap over the prediction's own area. */
  readonly crowdFlags: number;
  readonly isClassAgnostic: boolean;
}

/**
 * The value an IoU is compared with. COCO starts its best at `min(t, 1 - 1e-10)`, so that a threshold of 1 can be met
 * in floating point.
 */
export function effectiveThreshold(rule: MatchRule, threshold: number): number {
  return rule.measure === 'coco' ? Math.min(threshold, 1 - 1e-10) : threshold;
}

/** Lowest IoU at which outcomes can be told from the match table. */
export function lowestThreshold(rule: MatchRule): number {
  return Math.min(CANDIDATE_FLOOR, ...rule.thresholds);
}

/** Words of a threshold mask. */
export function maskWords(rule: MatchRule): number {
  return Math.ceil(rule.thresholds.length / THRESHOLDS_PER_WORD);
}

/** Bit per range that an area lies in. */
export function rangeBits(ranges: MatchRule['ranges'], area: number): number {
  let bits = 0;
  for (let range = 0; range < ranges.length; range++) {
    const limits = ranges[range]!;
    if (!(area < limits[0] || area > limits[1])) bits |= 1 << range;
  }
  return bits;
}

/** Bit per range in which an annotation is ignored. */
export function ignoredRangeBits(
  rule: MatchRule,
  columns: { readonly box: Float64Array; readonly area: Float64Array; readonly flags: Uint8Array },
  row: number,
): number {
  const all = 2 ** rule.ranges.length - 1;
  if (columns.flags[row]! & rule.ignoreFlags) return all;
  const area =
    rule.area === 'file' ? columns.area[row]! : columns.box[row * 4 + 2]! * columns.box[row * 4 + 3]!;
  return all & ~rangeBits(rule.ranges, area);
}
