import { describe, expect, it } from 'vitest';
import { boxCover, boxIou, cornerIou, measuredIou } from './overlap';

const A = Float64Array.of(0, 0, 10, 10);
const HALF = Float64Array.of(5, 0, 10, 10);
const TOUCHING = Float64Array.of(10, 0, 10, 10);
const FLAT = Float64Array.of(2, 2, 0, 5);

describe('Overlaps', () => {
  it('boxIou has no +1', () => {
    expect(boxIou(A, 0, HALF, 0)).toBe(50 / 150);
    expect(boxIou(A, 0, A, 0)).toBe(1);
  });

  it('boxes that only touch, or have no area, do not overlap', () => {
    expect(boxIou(A, 0, TOUCHING, 0)).toBe(0);
    expect(boxIou(A, 0, FLAT, 0)).toBe(0);
    expect(boxCover(FLAT, 0, A, 0)).toBe(0);
  });

  it('boxCover divides by the first box alone', () => {
    expect(boxCover(HALF, 0, A, 0)).toBe(0.5);
  });

  it('cornerIou with pixels adds one to every length', () => {
    expect(cornerIou(A, 0, HALF, 0, 1)).toBe((6 * 11) / (2 * 121 - 66));
    expect(cornerIou(A, 0, TOUCHING, 0, 1)).toBe(11 / (242 - 11));
    expect(cornerIou(A, 0, HALF, 0, 0)).toBe(50 / 150);
  });

  it('measuredIou follows the measure', () => {
    expect(measuredIou('coco', A, 0, HALF, 0)).toBe(boxIou(A, 0, HALF, 0));
    expect(measuredIou('corners', A, 0, HALF, 0)).toBe(cornerIou(A, 0, HALF, 0, 0));
    expect(measuredIou('pixels', A, 0, HALF, 0)).toBe(cornerIou(A, 0, HALF, 0, 1));
  });
});
