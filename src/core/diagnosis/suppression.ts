/** Greedy non-maximum suppression within an image and class, as detectors do it. */
import { countingSort } from '../matching/grouping';
import { boxIou } from '../matching/overlap';
import { choosePredictions } from './selection';
import type { LoosePredictions } from './situation';

/** Without predictions whose IoU with a better one of their image and class is over `threshold`. */
export function suppressOverlaps(predictions: LoosePredictions, threshold: number): LoosePredictions {
  const isDropped = overlapping(predictions, threshold);
  return choosePredictions(predictions, (row) => isDropped[row] === 0);
}

/** By row: 1 where an earlier one by score (of equal ones by place in the file) overlaps it by more than `threshold`. */
export function overlapping(predictions: LoosePredictions, threshold: number): Uint8Array {
  const isDropped = new Uint8Array(predictions.count);
  for (const rows of imagesOf(predictions)) {
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!;
      if (isDropped[row]) continue;
      for (let next = at + 1; next < rows.length; next++) {
        const other = rows[next]!;
        if (isDropped[other] || predictions.namedCategory[other] !== predictions.namedCategory[row]) continue;
        if (boxIou(predictions.box, row * 4, predictions.box, other * 4) > threshold) isDropped[other] = 1;
      }
    }
  }
  return isDropped;
}

/** Rows of each image by falling score, equal ones in file order. */
export function* imagesOf(predictions: LoosePredictions): Generator<Int32Array> {
  const { namedImage, images, score, count } = predictions;
  const { rows, starts } = countingSort(
    Int32Array.from({ length: count }, (_, row) => row),
    namedImage,
    images.length,
  );
  for (let image = 0; image < images.length; image++) {
    const own = rows.slice(starts[image], starts[image + 1]);
    yield own.sort((a, b) => score[b]! - score[a]! || a - b);
  }
}
