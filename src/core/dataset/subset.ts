import type { AnnotationColumns, Truth } from './dataset';

/**
 * The truth of some of its images (indices, in their order), with nothing of the others. Where ids were given on reading
 * they are given again within the choice: images 1, 2, ..., annotations 1, 2, ....
 */
export function chooseImages(truth: Truth, chosen: readonly number[]): Truth {
  const indexOf = new Map(chosen.map((old, index) => [old, index]));
  const source = truth.annotations;
  const rows: number[] = [];
  for (let row = 0; row < source.count; row++) if (indexOf.has(source.image[row]!)) rows.push(row);
  const box = new Float64Array(rows.length * 4);
  const extra = new Map<number, string>();
  rows.forEach((row, index) => {
    box.set(source.box.subarray(row * 4, row * 4 + 4), index * 4);
    const kept = source.extra.get(row);
    if (kept !== undefined) extra.set(index, kept);
  });
  const annotations: AnnotationColumns = {
    count: rows.length,
    id: Float64Array.from(rows, (row, index) => (truth.hasOwnIds ? source.id[row]! : index + 1)),
    image: Int32Array.from(rows, (row) => indexOf.get(source.image[row]!)!),
    category: Int32Array.from(rows, (row) => source.category[row]!),
    box,
    area: Float64Array.from(rows, (row) => source.area[row]!),
    flags: Uint8Array.from(rows, (row) => source.flags[row]!),
    extra,
  };
  return {
    ...truth,
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
