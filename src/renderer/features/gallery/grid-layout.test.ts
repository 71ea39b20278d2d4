import { describe, expect, it } from 'vitest';
import { gridLayout } from './grid-layout';

describe('the layout of tiles', () => {
  it('fills the width with columns of at least the wanted size', () => {
    expect(gridLayout(1000, 176, 12)).toEqual({ columns: 5, cell: 190 });
  });

  it('keeps one column where not even one tile fits', () => {
    expect(gridLayout(100, 176, 12)).toEqual({ columns: 1, cell: 100 });
  });

  it('never leaves room for another column, nor takes more room than there is', () => {
    for (let width = 200; width < 2000; width += 7) {
      const { columns, cell } = gridLayout(width, 150, 12);
      expect(cell).toBeGreaterThanOrEqual(150);
      expect(columns * cell + (columns - 1) * 12).toBeLessThanOrEqual(width);
      expect((columns + 1) * 150 + columns * 12).toBeGreaterThan(width);
    }
  });
});
