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
   * free or not (VOC). Where `best` knows crowds, it is the best of the others first, and then the best crowd.
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
  /**
   * Equal scores. `first`: images by rising id, then file order. `reversed`: a stable rising sort read backwards, as
   * the Object Detection API sorts: the later one of an image is matched first, while in the class's list the last
   * image stands first and the boxes of an image, turned twice, stand in file order.
   */
  readonly ties: 'first' | 'reversed';
  /** Predictions with this score or less take no part; null where all do. */
  readonly scoreFloor: number | null;
}

/** What a protocol knows of this very input beyond boxes and classes. */
export interface MatchScope {
  /** By prediction row: 1 keeps it out of everything; null where all take part. */
  readonly excluded: Uint8Array | null;
  /** Images with fewer annotations are filled up to `boxes` with boxes of `klass` that nothing can find. */
  readonly padding: { readonly klass: number; readonly boxes: number } | null;
  /**
   * Whether the image was checked for the class. Where it was not and has no annotation of it either, the class's
   * predictions there are dropped. null: nothing is dropped.
   */
  readonly isVerified: ((image: number, klass: number) => boolean) | null;
  /** Prediction rows that are ignored, not false, where they match nothing; null for none. */
  readonly isIgnoredUnmatched: ((row: number) => boolean) | null;
}

export const OPEN_SCOPE: MatchScope = {
  excluded: null,
  padding: null,
  isVerified: null,
  isIgnoredUnmatched: null,
};

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
