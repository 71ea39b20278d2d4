import { describe, expect, it } from 'vitest';
import { storedFromUpright, swapsSides, uprightFromStored } from './orientation';

describe('EXIF orientation', () => {
  it('converts there and back for all eight', () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const stored = [5, 7, 11, 3] as const;
      const upright = uprightFromStored(stored, orientation, 40, 20);
      expect(storedFromUpright(upright, orientation, 40, 20)).toEqual(stored);
      const [x, y, w, h] = upright;
      const [width, height] = swapsSides(orientation) ? [20, 40] : [40, 20];
      expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true);
    }
  });

  it('turns 6 clockwise: the stored left edge is the upright top', () => {
    expect(uprightFromStored([0, 0, 4, 20], 6, 40, 20)).toEqual([0, 0, 20, 4]);
  });
});
