import { annotationRows, predictionRows } from '../dataset/rows';
import type { ScoringInput } from './evaluation';

/** The input with some of its images (indices, in their order) under their own ids, and nothing of the others. */
export function chooseScoredImages(input: ScoringInput, kept: readonly number[]): ScoringInput {
  const { imageIds, federation, imageLabels } = input;
  const indexOf = new Int32Array(imageIds.length).fill(-1);
  kept.forEach((old, index) => (indexOf[old] = index));
  const rowsOf = (image: Int32Array): number[] =>
    [...image.keys()].filter((row) => indexOf[image[row]!]! >= 0);
  const moved = (image: Int32Array): Int32Array => image.map((old) => indexOf[old]!);
  const annotations = annotationRows(input.annotations, rowsOf(input.annotations.image));
  const predictions = predictionRows(input.predictions, rowsOf(input.predictions.image));
  const labels = imageLabels && rowsOf(imageLabels.image);
  return {
    imageIds: kept.map((old) => imageIds[old]!),
    categories: input.categories,
    annotations: { ...annotations, image: moved(annotations.image) },
    predictions: { ...predictions, image: moved(predictions.image) },
    federation: federation
      ? {
          negative: kept.map((old) => federation.negative[old]!),
          notExhaustive: kept.map((old) => federation.notExhaustive[old]!),
        }
      : null,
    imageLabels:
      imageLabels && labels
        ? {
            image: Int32Array.from(labels, (row) => indexOf[imageLabels.image[row]!]!),
            category: Int32Array.from(labels, (row) => imageLabels.category[row]!),
            confidence: Float64Array.from(labels, (row) => imageLabels.confidence[row]!),
          }
        : null,
  };
}
