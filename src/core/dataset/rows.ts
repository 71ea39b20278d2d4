/** Some of the records of columns, in the order given. */
import type { AnnotationColumns, PredictionColumns } from './dataset';

type Rows = Int32Array | readonly number[];

function boxesOf(box: Float64Array, rows: Rows): Float64Array {
  const chosen = new Float64Array(rows.length * 4);
  for (let to = 0; to < rows.length; to++) {
    const from = rows[to]! * 4;
    for (let part = 0; part < 4; part++) chosen[to * 4 + part] = box[from + part]!;
  }
  return chosen;
}

const pick = (rows: Rows, from: ArrayLike<number>) => (_: unknown, to: number) => from[rows[to]!]!;

export function annotationRows(columns: AnnotationColumns, rows: Rows): AnnotationColumns {
  const { length } = rows;
  const extra = new Map<number, string>();
  if (columns.extra.size > 0) {
    for (let to = 0; to < length; to++) {
      const kept = columns.extra.get(rows[to]!);
      if (kept !== undefined) extra.set(to, kept);
    }
  }
  return {
    count: length,
    id: Float64Array.from({ length }, pick(rows, columns.id)),
    image: Int32Array.from({ length }, pick(rows, columns.image)),
    category: Int32Array.from({ length }, pick(rows, columns.category)),
    box: boxesOf(columns.box, rows),
    area: Float64Array.from({ length }, pick(rows, columns.area)),
    flags: Uint8Array.from({ length }, pick(rows, columns.flags)),
    extra,
  };
}

export function predictionRows(columns: PredictionColumns, rows: Rows): PredictionColumns {
  const { length } = rows;
  return {
    count: length,
    image: Int32Array.from({ length }, pick(rows, columns.image)),
    category: Int32Array.from({ length }, pick(rows, columns.category)),
    box: boxesOf(columns.box, rows),
    score: Float64Array.from({ length }, pick(rows, columns.score)),
    fileIndex: Uint32Array.from({ length }, pick(rows, columns.fileIndex)),
  };
}
