/** Annotations and predictions of each image, as rows. */
import type { AnnotationColumns, PredictionColumns } from '../dataset/dataset';
import { countingSort, rowNumbers } from '../matching/grouping';

/** Rows of records, image by image; those of an image stand in file order. */
export interface RowsByImage {
  of(image: number): Int32Array;
}

export function rowsByImage(
  { count, image }: Pick<AnnotationColumns | PredictionColumns, 'count' | 'image'>,
  images: number,
): RowsByImage {
  const { rows, starts } = countingSort(rowNumbers(count), image, images);
  return { of: (index) => rows.subarray(starts[index], starts[index + 1]) };
}
