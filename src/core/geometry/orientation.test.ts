import { describe, expect, it } from 'vitest';
import type { BoxTuple } from './orientation';
import { storedFromUpright, swapsSides, uprightFromStored } from './orientation';

const WIDTH = 40;
const HEIGHT = 20;

/** EXIF 2.3, tag 274: where the stored row 0 and column 0 are seen. */
const SEEN = {
  1: ['top', 'left'],
  2: ['top', 'right'],
  3: ['bottom', 'right'],
  4: ['bottom', 'left'],
  5: ['left', 'top'],
  6: ['right', 'top'],
  7: ['right', 'bottom'],
  8: ['left', 'bottom'],
} as const;

/** One pixel thick, along a side of the upright image. */
function along(side: string, orientation: number): BoxTuple {
  const [width, height] = swapsSides(orientation) ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
  if (side === 'top') return [0, 0, width, 1];
  if (side === 'bottom') return [0, height - 1, width, 1];
  if (side === 'left') return [0, 0, 1, height];
  return [width - 1, 0, 1, height];
}

describe('EXIF orientation', () => {
  it.each(Object.entries(SEEN))('%s: row 0 and column 0 are seen at %s', (key, [row, column]) => {
    const orientation = Number(key);
    expect(uprightFromStored([0, 0, WIDTH, 1], orientation, WIDTH, HEIGHT)).toEqual(along(row, orientation));
    expect(uprightFromStored([0, 0, 1, HEIGHT], orientation, WIDTH, HEIGHT)).toEqual(
      along(column, orientation),
    );
  });

  it('converts there and back for all eight', () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const stored = [5, 7, 11, 3] as const;
      const upright = uprightFromStored(stored, orientation, WIDTH, HEIGHT);
      expect(storedFromUpright(upright, orientation, WIDTH, HEIGHT)).toEqual(stored);
      const [x, y, w, h] = upright;
      const [width, height] = swapsSides(orientation) ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT];
      expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true);
    }
  });

  it('leaves boxes alone where there is no orientation', () => {
    for (const orientation of [0, 1, 9, NaN])
      expect(uprightFromStored([1, 2, 3, 4], orientation, 9, 9)).toEqual([1, 2, 3, 4]);
  });
});
