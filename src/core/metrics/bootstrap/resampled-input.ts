import { annotationRows, predictionRows } from '../../dataset/rows';
import { countingSort, rowNumbers } from '../../matching/grouping';
import type { ScoringInput } from '../evaluation';

/** The set with each image (by index) standing in it `weights[image]` times, copies side by side under ids of their own. */
export function resampleInput(given: ScoringInput, weights: Int32Array): ScoringInput {
  const images = [...weights].flatMap((weight, image) => new Array<number>(weight).fill(image));
  const annotations = copyRows(given.annotations, images, weights.length);
  const predictions = copyRows(given.predictions, images, weights.length);
  const { federation } = given;
  return {
    imageIds: images.map((_, copy) => copy + 1),
    categories: given.categories,
    annotations: { ...annotationRows(given.annotations, annotations.rows), image: annotations.image },
    predictions: {
      ...predictionRows(given.predictions, predictions.rows),
      image: predictions.image,
      fileIndex: Uint32Array.from(predictions.rows.keys()),
    },
    federation: federation
      ? {
          negative: images.map((image) => federation.negative[image]!),
          notExhaustive: images.map((image) => federation.notExhaustive[image]!),
        }
      : null,
    imageLabels: given.imageLabels ?? null,
  };
}

function copyRows(
  columns: { readonly count: number; readonly image: Int32Array },
  images: readonly number[],
  imageCount: number,
): { rows: Int32Array; image: Int32Array } {
  const { rows, starts } = countingSort(rowNumbers(columns.count), columns.image, imageCount);
  const count = images.reduce((sum, image) => sum + starts[image + 1]! - starts[image]!, 0);
  const copied = { rows: new Int32Array(count), image: new Int32Array(count) };
  let to = 0;
  images.forEach((image, copy) => {
    for (let at = starts[image]!; at < starts[image + 1]!; at++, to++) {
      copied.rows[to] = rows[at]!;
      copied.image[to] = copy;
    }
  });
  return copied;
}
