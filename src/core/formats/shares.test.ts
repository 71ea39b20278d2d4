import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCentre, readCorners, writeCentre, writeCorners } from './shares';

/** Nobody's coordinate is a millionth of a millionth of a pixel. */
function withoutDust(value: number): number {
  return Math.abs(value) < 1e-12 ? 0 : value;
}

const size = fc.integer({ min: 1, max: 20_000 });
const start = fc.oneof(
  fc.double({ min: -1e4, max: 1e5, noNaN: true }).map(withoutDust),
  fc.integer({ min: 0, max: 1e4 }),
  fc.integer({ min: 0, max: 1e6 }).map((value) => value / 100),
);
const length = fc.oneof(
  fc.double({ min: 0, max: 1e5, noNaN: true }).map(withoutDust),
  fc.integer({ min: 0, max: 1e4 }),
  fc.integer({ min: 0, max: 1e6 }).map((value) => value / 100),
);

describe('shares of an image', () => {
  it('whole pixels are short, and what others write is read with doubles', () => {
    expect(writeCentre(160, 320, 640)).toEqual({ centre: '0.5', length: '0.5' });
    expect(readCentre('0.45312500', '0.30312500', 640)).toEqual({
      start: 0.453125 * 640 - (0.303125 * 640) / 2,
      length: 0.303125 * 640,
    });
    expect(readCorners('0.25', '0.5', 100)).toEqual({ start: 25, length: 25 });
    expect(readCentre('x', '0.5', 100).start).toBeNaN();
    expect(writeCentre(193, 194, 640).centre.length).toBeLessThan(20);
  });

  it('every box comes back, bit for bit', () => {
    fc.assert(
      fc.property(start, length, size, (x, width, whole) => {
        const { centre, length: share } = writeCentre(x, width, whole);
        expect(readCentre(centre, share, whole)).toEqual({ start: x, length: width });
        const { low, high } = writeCorners(x, width, whole);
        expect(readCorners(low, high, whole)).toEqual({ start: x, length: width });
      }),
      { numRuns: 20_000 },
    );
  });
});
