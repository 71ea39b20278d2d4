/** A class that is much more, or much less, common in the evaluation set than in training. */
import type { Truth } from '../../dataset/dataset';
import type { FoundCause } from '../cause';
import { kolmogorovSmirnov } from './two-samples';

/** By how much the shares have to differ: as a difference, and as a factor. */
const LEAST_DIFFERENCE = 0.1;
const LEAST_FACTOR = 1.7;

interface ClassShares {
  /** Of all labels. */
  readonly overall: number;
  /** Of the labels of each image that has any. */
  readonly byImage: Float64Array;
}

/** Classes are the same where their names are. At most one cause: the class whose share differs most. */
export function findClassShift(train: Truth, evaluation: Truth, significance: number): FoundCause[] {
  const known = evaluation.categories.filter(({ name }) =>
    train.categories.some((other) => other.name === name),
  );
  const shifts = known.flatMap(({ name }) => {
    const before = sharesOf(train, name);
    const now = sharesOf(evaluation, name);
    const { probability, distance } = kolmogorovSmirnov(before.byImage, now.byImage);
    const low = Math.min(before.overall, now.overall);
    const high = Math.max(before.overall, now.overall);
    const isLarge = high - low >= LEAST_DIFFERENCE && high >= low * LEAST_FACTOR;
    return isLarge && probability <= significance / known.length
      ? [{ name, before, now, probability, distance }]
      : [];
  });
  shifts.sort((a, b) => b.distance - a.distance);
  return shifts.slice(0, 1).map(({ name, before, now, probability, distance }): FoundCause => {
    const percent = (share: number): string => `${Math.round(share * 100)} %`;
    return {
      code: 'train-evaluation-shift',
      title: `Evaluation differs from training in class: “${name}” is ${percent(now.overall)} of the labels, in training ${percent(before.overall)}`,
      evidence: {
        property: 'class',
        class: name,
        train: before.overall,
        evaluation: now.overall,
        distance,
        probability,
      },
      images: imagesWith(evaluation, name),
      action: `Let training show “${name}” as often as the images in use do`,
      repair: null,
    };
  });
}

function sharesOf({ images, categories, annotations }: Truth, name: string): ClassShares {
  const klass = categories.findIndex((category) => category.name === name);
  const own = new Float64Array(images.length);
  const all = new Float64Array(images.length);
  for (let row = 0; row < annotations.count; row++) {
    all[annotations.image[row]!]!++;
    if (annotations.category[row] === klass) own[annotations.image[row]!]!++;
  }
  const sum = own.reduce((total, count) => total + count, 0);
  const labelled = [...all.keys()].filter((image) => all[image]! > 0);
  return {
    overall: annotations.count === 0 ? 0 : sum / annotations.count,
    byImage: Float64Array.from(labelled, (image) => own[image]! / all[image]!),
  };
}

function imagesWith({ categories, annotations }: Truth, name: string): number[] {
  const rows = [...annotations.image.keys()].filter(
    (row) => categories[annotations.category[row]!]!.name === name,
  );
  return [...new Set(rows.map((row) => annotations.image[row]!))];
}
