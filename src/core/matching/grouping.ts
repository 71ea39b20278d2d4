/** Records (annotations or predictions) put together by class and image, in linear time. */

export interface ClassGroups {
  /** Record rows; the class's own lie in [starts[class], starts[class + 1]), images by place, file order within an image. */
  readonly rows: Int32Array;
  readonly starts: Int32Array;
}

export interface GroupedRecords {
  readonly count: number;
  readonly image: Int32Array;
  readonly category: Int32Array;
}

/**
 * Groups by class, then image. Without classes all records are one class, and an image's records stand by category
 * first and file order second, as pycocotools gathers them under `useCats=0`.
 */
export function groupByClass(
  records: GroupedRecords,
  places: Int32Array,
  categories: number,
  isAgnostic: boolean,
): ClassGroups {
  const { count, image, category } = records;
  const all = rowNumbers(count);
  const place = new Int32Array(count);
  for (let row = 0; row < count; row++) place[row] = places[image[row]!]!;
  if (isAgnostic) {
    const byCategory = countingSort(all, category, categories).rows;
    return { rows: countingSort(byCategory, place, places.length).rows, starts: Int32Array.of(0, count) };
  }
  return countingSort(countingSort(all, place, places.length).rows, category, categories);
}

/** 0, 1, ..., count - 1. */
export function rowNumbers(count: number): Int32Array {
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/** Stable sort of `rows` by `keys[row]` in [0, size); `starts` has size + 1 entries. */
export function countingSort(rows: Int32Array, keys: Int32Array, size: number): ClassGroups {
  const starts = new Int32Array(size + 1);
  for (let row = 0; row < rows.length; row++) starts[keys[row]! + 1]!++;
  for (let key = 0; key < size; key++) starts[key + 1]! += starts[key]!;
  const cursor = starts.slice();
  const sorted = new Int32Array(rows.length);
  for (const row of rows) sorted[cursor[keys[row]!]!++] = row;
  return { rows: sorted, starts };
}
