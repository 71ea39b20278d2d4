/**
 * How two sets of images differ in one property. Tested on one value an image (labels of an image are not independent)
 * by Kolmogorov and Smirnov's test with Bonferroni's correction; priced by how much recall depends on the property.
 */
import type { FoundCause } from '../cause';
import { type ImageSet, isFarApart, PROPERTIES, type Property, valuesByImage } from './properties';
import { kolmogorovSmirnov, medianOf } from './two-samples';

/** Fewer images than this on either side show nothing. */
export const FEWEST_IMAGES = 20;
const LEAST_DISTANCE = 0.3;
/** One for each property, and one each for classes and sources. */
export const SIGNIFICANCE = 0.001 / (PROPERTIES.length + 2);
const BINS = 5;
/** A price below this is not worth telling; the difference still is. */
const LEAST_PRICE = 0.01;

export interface RecallShift {
  readonly now: number;
  /** With the labels weighted so that they are distributed as in training. */
  readonly asInTraining: number;
}

export interface Comparison {
  /** Medians over images. */
  readonly train: number;
  readonly evaluation: number;
  /** Largest distance of the two cumulative distributions, 0 to 1. */
  readonly distance: number;
  readonly probability: number;
  /** Significant, and large enough to be worth a word. */
  readonly isDifferent: boolean;
  /** Null where nothing was predicted. */
  readonly recall: RecallShift | null;
}

/** `found`: by label of the evaluation set, 1 where the predictions find it. Null where there are too few values. */
export function compareProperty(
  property: Property,
  train: ImageSet,
  evaluation: ImageSet,
  found: Uint8Array | null,
): Comparison | null {
  const before = valuesByImage(train, property);
  const now = valuesByImage(evaluation, property);
  if (Math.min(before.length, now.length) < FEWEST_IMAGES) return null;
  const { distance, probability } = kolmogorovSmirnov(before, now);
  const from = medianOf(before);
  const to = medianOf(now);
  return {
    train: from,
    evaluation: to,
    distance,
    probability,
    isDifferent: distance >= LEAST_DISTANCE && probability <= SIGNIFICANCE && isFarApart(property, from, to),
    recall: found && recallShift(property, train, evaluation, found),
  };
}

/**
 * What the score would gain, in proportion to recall, were the evaluation's labels distributed as in training; null where
 * that is too little or cannot be told.
 */
export function shiftPrice(
  recall: RecallShift | null,
  score: number | null,
): NonNullable<FoundCause['price']> | null {
  if (!recall || !score) return null;
  const gain = score * (recall.asInTraining / recall.now - 1);
  return gain >= LEAST_PRICE
    ? { gain, interval: [0, Math.min(1 - score, gain * 2)], confidence: 'estimated' }
    : null;
}

function recallShift(
  property: Property,
  train: ImageSet,
  evaluation: ImageSet,
  found: Uint8Array,
): RecallShift | null {
  const values = labelValues(property, evaluation);
  const sorted = values.filter(Number.isFinite).sort();
  const edges = Array.from(
    { length: BINS - 1 },
    (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)]!,
  );
  const binOf = (value: number): number =>
    Number.isFinite(value) ? edges.filter((edge) => value >= edge).length : -1;
  const weights = new Float64Array(BINS);
  for (const value of labelValues(property, train)) if (binOf(value) >= 0) weights[binOf(value)]!++;
  return recallWeighted(Int32Array.from(values, binOf), found, weights);
}

/**
 * Recall as it is and with groups of labels weighted. `groups`: by label, -1 for those left out; `weights`: by group.
 * Null where nothing is found, or no group that has weight has labels.
 */
export function recallWeighted(
  groups: Int32Array,
  found: Uint8Array,
  weights: Float64Array,
): RecallShift | null {
  const hits = new Float64Array(weights.length);
  const counts = new Float64Array(weights.length);
  groups.forEach((group, row) => {
    if (group < 0) return;
    counts[group]!++;
    hits[group]! += found[row]!;
  });
  const now = found.reduce((sum, flag) => sum + flag, 0) / found.length;
  if (!(now > 0)) return null;
  let sum = 0;
  let weight = 0;
  weights.forEach((own, group) => {
    if (counts[group] === 0) return;
    sum += (own * hits[group]!) / counts[group]!;
    weight += own;
  });
  return weight === 0 ? null : { now, asInTraining: sum / weight };
}

export function labelValues(property: Property, set: ImageSet): Float64Array {
  const { annotations } = set.truth;
  return Float64Array.from({ length: annotations.count }, (_, row) =>
    property.value(set, annotations.image[row]!, row),
  );
}
