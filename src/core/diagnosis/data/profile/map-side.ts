/** Cells of the maps of positions, across and down. */
export const MAP_SIDE = 8;
