import type { AnnotationColumns, Truth } from './dataset';
import { annotationRows } from './rows';

/**
 * The truth of some of its images (indices, in their order), with nothing of the others. Where ids were given on reading
 * they are given again within the choice: images 1, 2, ..., annotations 1, 2, ....
 */
export function chooseImages(truth: Truth, chosen: readonly number[]): Truth {
  const indexOf = new Map(chosen.map((old, index) => [old, index]));
  const source = truth.annotations;
  const rows: number[] = [];
  for (let row = 0; row < source.count; row++) if (indexOf.has(source.image[row]!)) rows.push(row);
  const kept = annotationRows(source, rows);
  const annotations: AnnotationColumns = {
    ...kept,
    id: truth.hasOwnIds ? kept.id : kept.id.map((_, index) => index + 1),
    image: kept.image.map((image) => indexOf.get(image)!),
  };
  const { federation } = truth;
  return {
    ...truth,
    federation: federation
      ? {
          negative: chosen.map((old) => federation.negative[old]!),
          notExhaustive: chosen.map((old) => federation.notExhaustive[old]!),
        }
      : null,
    images: chosen.map((old, index) => ({
      ...truth.images[old]!,
      id: truth.hasOwnIds ? truth.images[old]!.id : index + 1,
    })),
    annotations,
    subsets: truth.subsets
      .map(({ name, images }) => ({
        name,
        images: Int32Array.from([...images].flatMap((old) => indexOf.get(old) ?? [])),
      }))
      .filter(({ images }) => images.length > 0),
  };
}
