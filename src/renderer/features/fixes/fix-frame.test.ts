import { describe, expect, it } from 'vitest';
import { closeUp, PICTURE_ASPECT, wholeImage } from './fix-frame';

const image = { imageWidth: 640, imageHeight: 480, newBox: null, repeats: null };

describe('The part of the image about a suspect', () => {
  it('has the shape of the picture and stays within the image', () => {
    for (const [x, y] of [
      [0, 0],
      [300, 200],
      [600, 450],
    ] as const) {
      const [left, top, width, height] = closeUp({ ...image, box: [x, y, 40, 30] });
      expect(width / height).toBeCloseTo(PICTURE_ASPECT);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(640);
      expect(top + height).toBeLessThanOrEqual(480);
      expect(left).toBeLessThanOrEqual(x);
      expect(left + width).toBeGreaterThanOrEqual(x + 40);
    }
  });

  it('holds where the label would go', () => {
    const [left, , width] = closeUp({ ...image, box: [10, 10, 20, 20], newBox: [200, 10, 20, 20] });
    expect(left).toBe(0);
    expect(width).toBeGreaterThan(320);
  });

  it('is never more than the whole image', () => {
    expect(closeUp({ ...image, box: [100, 100, 300, 300] })).toEqual([0, 0, 640, 480]);
  });

  it('holds a whole image that is high', () => {
    expect(wholeImage({ ...image, imageHeight: 960 })).toEqual([-320, 0, 1280, 960]);
  });
});
