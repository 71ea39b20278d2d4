import type { TruthRows } from './truth-store';

/**
 * Rows of an image's annotations of one class, in the order in which they are matched: dataset order, and without
 * classes by category first.
 */
export function cellRows(truth: TruthRows, klass: number, isAgnostic: boolean): Int32Array {
  const { columns, from, to } = truth;
  const rows: number[] = [];
  for (let row = from; row < to; row++) {
    if (isAgnostic || columns.category[row] === klass) rows.push(row);
  }
  if (isAgnostic) rows.sort((a, b) => columns.category[a]! - columns.category[b]! || a - b);
  return Int32Array.from(rows);
}
