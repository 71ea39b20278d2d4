/** The best one-to-one assignment of rows to columns (Kuhn-Munkres with potentials, O(rows² · columns)). */

/**
 * For each row its column, so that the sum of `weight(row, column)` is as large as possible; -1 where there are more rows
 * than columns and the row goes without.
 */
export function bestAssignment(
  rows: number,
  columns: number,
  weight: (row: number, column: number) => number,
): Int32Array {
  if (rows > columns) {
    const turned = bestAssignment(columns, rows, (row, column) => weight(column, row));
    const assigned = new Int32Array(rows).fill(-1);
    turned.forEach((row, column) => (assigned[row] = column));
    return assigned;
  }
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  /** Row (from 1) of each column (from 1); 0 where it is free. */
  const rowOf = new Int32Array(columns + 1);
  const cameFrom = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row;
    let column = 0;
    const slack = new Float64Array(columns + 1).fill(Infinity);
    const isUsed = new Uint8Array(columns + 1);
    do {
      isUsed[column] = 1;
      const current = rowOf[column]!;
      let least = Infinity;
      let next = 0;
      for (let other = 1; other <= columns; other++) {
        if (isUsed[other]) continue;
        const cost = -weight(current - 1, other - 1) - rowPotential[current]! - columnPotential[other]!;
        if (cost < slack[other]!) {
          slack[other] = cost;
          cameFrom[other] = column;
        }
        if (slack[other]! < least) {
          least = slack[other]!;
          next = other;
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (isUsed[other]) {
          rowPotential[rowOf[other]!]! += least;
          columnPotential[other]! -= least;
        } else slack[other]! -= least;
      }
      column = next;
    } while (rowOf[column] !== 0);
    do {
      const before = cameFrom[column]!;
      rowOf[column] = rowOf[before]!;
      column = before;
    } while (column !== 0);
  }
  const assigned = new Int32Array(rows).fill(-1);
  for (let column = 1; column <= columns; column++)
    if (rowOf[column]! > 0) assigned[rowOf[column]! - 1] = column - 1;
  return assigned;
}
