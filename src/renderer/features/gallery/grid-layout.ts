/** How tiles fill the width they have. */
export interface GridLayout {
  readonly columns: number;
  /** Side of a tile in whole pixels, at least as large as wanted where one column fits. */
  readonly cell: number;
}

/** As many columns as fit at the wanted size; what is left over makes the tiles larger. All in pixels. */
export function gridLayout(width: number, wanted: number, gap: number): GridLayout {
  const columns = Math.max(1, Math.floor((width + gap) / (wanted + gap)));
  return { columns, cell: Math.max(1, Math.floor((width - gap * (columns - 1)) / columns)) };
}
