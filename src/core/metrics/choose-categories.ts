import { annotationRows, predictionRows } from '../dataset/rows';
import type { ScoringInput } from './evaluation';

/** The input with some of its categories (indices, rising) and nothing of the others. */
export function chooseCategories(input: ScoringInput, kept: readonly number[]): ScoringInput {
  if (kept.length === input.categories.length) return input;
  const indexOf = new Int32Array(input.categories.length).fill(-1);
  kept.forEach((old, index) => (indexOf[old] = index));
  const remap = (category: Int32Array): Int32Array => category.map((old) => indexOf[old]!);
  const rowsOf = (category: Int32Array): number[] =>
    [...category.keys()].filter((row) => indexOf[category[row]!]! >= 0);
  const annotations = annotationRows(input.annotations, rowsOf(input.annotations.category));
  const predictions = predictionRows(input.predictions, rowsOf(input.predictions.category));
  const lists = (byImage: readonly (readonly number[])[]) =>
    byImage.map((list) => list.map((old) => indexOf[old]!).filter((index) => index >= 0));
  const { federation, imageLabels } = input;
  const labels = imageLabels && rowsOf(imageLabels.category);
  return {
    imageIds: input.imageIds,
    categories: kept.map((old) => input.categories[old]!),
    annotations: { ...annotations, category: remap(annotations.category) },
    predictions: { ...predictions, category: remap(predictions.category) },
    federation: federation
      ? { negative: lists(federation.negative), notExhaustive: lists(federation.notExhaustive) }
      : null,
    imageLabels:
      imageLabels && labels
        ? {
            image: Int32Array.from(labels, (row) => imageLabels.image[row]!),
            category: Int32Array.from(labels, (row) => indexOf[imageLabels.category[row]!]!),
            confidence: Float64Array.from(labels, (row) => imageLabels.confidence[row]!),
          }
        : null,
  };
}

/** Without classes that annotations use and the file's list does not have; all protocols but TensorFlow's drop them. */
export function listedCategories(input: ScoringInput): ScoringInput {
  const kept = [...input.categories.keys()].filter((index) => !input.categories[index]!.isUnlisted);
  return chooseCategories(input, kept);
}
