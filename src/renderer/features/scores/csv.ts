/** Tables for spreadsheets. */

export type Cell = string | number | null;

/** A field of a CSV; text that a spreadsheet would run gets an apostrophe. */
function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows with their heads; numbers with all their digits, nothing for what is undefined. */
export const csvText = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(field).join(',')}\n`).join('');
