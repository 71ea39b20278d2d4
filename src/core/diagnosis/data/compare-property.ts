/**
 * How two sets of images differ in one property. Tested on one value an image (labels of an image are not independent)
 * by Kolmogorov and Smirnov's test with Bonferroni's correction; priced by how much recall depends on the property.
 */
import { type ImageSet, isFarApart, PROPERTIES, type Property, valuesByImage } from './properties';
import { recallWeighted, type RecallShift, weightsAsInTraining } from './recall-shift';
import { kolmogorovSmirnov, medianOf } from './two-samples';

/** Fewer images than this on either side show nothing. */
export const FEWEST_IMAGES = 20;
const LEAST_DISTANCE = 0.3;
/** One for each property, and one each for classes and sources. */
export const SIGNIFICANCE = 0.001 / (PROPERTIES.length + 2);

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

function recallShift(
  property: Property,
  train: ImageSet,
  evaluation: ImageSet,
  found: Uint8Array,
): RecallShift | null {
  const scaled = (set: ImageSet): Float64Array => {
    const values = labelValues(property, set);
    return 'factor' in property.least ? values.map(Math.log) : values;
  };
  const weights = weightsAsInTraining(scaled(train), scaled(evaluation));
  return recallWeighted(found, weights, evaluation.truth.annotations.image);
}

export function labelValues(property: Property, set: ImageSet): Float64Array {
  const { annotations } = set.truth;
  return Float64Array.from({ length: annotations.count }, (_, row) =>
    property.value(set, annotations.image[row]!, row),
  );
}
