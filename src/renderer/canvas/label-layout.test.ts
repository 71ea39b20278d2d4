import { describe, expect, it } from 'vitest';
import { PLATE_HEIGHT, placePlates } from './label-layout';

const screen = { width: 400, height: 300 };

describe('label plates', () => {
  it('stand above the box, below it at the top of the canvas, inside where neither has room', () => {
    const [above, below, inside] = placePlates(
      [
        { box: [50, 100, 80, 40], width: 60 },
        { box: [200, 0, 80, 40], width: 60 },
        { box: [-20, -20, 500, 400], width: 60 },
      ],
      screen,
    );
    expect(above).toEqual([50, 100 - 3 - PLATE_HEIGHT]);
    expect(below).toEqual([200, 43]);
    expect(inside).toEqual([2, 2]);
  });

  it('do not cover each other, and give up rather than do so', () => {
    const same = { box: [50, 100, 20, 20] as const, width: 60 };
    const places = placePlates([same, same, same, same, same, same, same, same], screen);
    const found = places.filter((place) => place !== null);
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(places.at(-1)).toBeNull();
    for (const [index, a] of found.entries())
      for (const b of found.slice(index + 1))
        expect(Math.abs(a[0] - b[0]) >= 60 || Math.abs(a[1] - b[1]) >= PLATE_HEIGHT).toBe(true);
  });
});
