import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { screenPoint } from './geometry';
import { bringIntoView, fitImage, panBy, toImage, toScreen, zoomAt, zoomToBox } from './viewport';

const screen = { width: 800, height: 600 };

describe('viewport', () => {
  it('fits images from one pixel to a hundred megapixels, centred', () => {
    for (const image of [
      { width: 1, height: 1 },
      { width: 640, height: 480 },
      { width: 12_000, height: 9_000 },
    ]) {
      const view = fitImage(image, screen);
      expect(image.width * view.scale).toBeLessThanOrEqual(screen.width);
      expect(image.height * view.scale).toBeLessThanOrEqual(screen.height);
      expect(view.x + (image.width * view.scale) / 2).toBeCloseTo(400);
      expect(view.y + (image.height * view.scale) / 2).toBeCloseTo(300);
    }
  });

  it('keeps the point under the cursor while zooming', () => {
    const image = { width: 640, height: 480 };
    fc.assert(
      fc.property(
        fc.integer({ min: 250, max: 550 }),
        fc.integer({ min: 200, max: 400 }),
        fc.double({ min: 1, max: 4, noNaN: true }),
        (x, y, factor) => {
          const view = fitImage(image, screen);
          const at = screenPoint(x, y);
          const before = toImage(view, at);
          const after = toScreen(zoomAt(view, at, factor, image, screen), before);
          expect(after.x).toBeCloseTo(x, 6);
          expect(after.y).toBeCloseTo(y, 6);
        },
      ),
    );
  });

  it('never loses the image by panning, and limits the zoom', () => {
    const image = { width: 640, height: 480 };
    const view = panBy(fitImage(image, screen), 1e6, -1e6, image, screen);
    expect(view.x).toBe(800 - 48);
    expect(view.y + image.height * view.scale).toBeCloseTo(48);
    expect(zoomAt(view, screenPoint(0, 0), 1e9, image, screen).scale).toBe(128);
    expect(zoomAt(view, screenPoint(0, 0), 1e-9, image, screen).scale).toBeGreaterThan(0.2);
  });

  it('brings a box into view without touching a view that has it', () => {
    const image = { width: 6400, height: 4800 };
    const view = zoomToBox([100, 100, 50, 50], image, screen);
    expect(bringIntoView(view, [110, 110, 10, 10], image, screen)).toBe(view);
    const moved = bringIntoView(view, [5000, 4000, 20, 20], image, screen);
    expect(moved.scale).toBe(view.scale);
    const middle = toImage(moved, screenPoint(400, 300));
    expect(middle.x).toBeCloseTo(5010);
    expect(middle.y).toBeCloseTo(4010);
  });
});
