import { describe, expect, it } from 'vitest';
import { detailOf, truthView } from './detail.fixture';
import { imagePoint, screenPoint } from './geometry';
import { createPicker, handleAt } from './picking';
import { createScene } from './scene';

const both = { groundTruth: true, predictions: true };
const view = { scale: 1, x: 0, y: 0 };

describe('picking', () => {
  it('finds every box under the cursor among thousands, smallest first', () => {
    const boxes = Array.from({ length: 5000 }, (_, index) =>
      truthView(index, [index % 100, Math.floor(index / 100), 3, 3]),
    );
    const scene = createScene(detailOf([...boxes, truthView(9000, [0, 0, 100, 50])]));
    const found = createPicker(scene.boxes, both).at(imagePoint(50.5, 25.5), 0);
    expect(found).toHaveLength(10);
    expect(found.at(-1)).toBe('truth:9000');
  });

  it('reaches a margin outside the edge', () => {
    const picker = createPicker(createScene(detailOf([truthView(1, [10, 10, 5, 5])])).boxes, both);
    expect(picker.at(imagePoint(17, 12), 1)).toEqual([]);
    expect(picker.at(imagePoint(17, 12), 2)).toEqual(['truth:1']);
  });

  it('gives the nearest handle, none in the middle', () => {
    expect(handleAt([10, 10, 100, 80], view, screenPoint(12, 8))).toBe('nw');
    expect(handleAt([10, 10, 100, 80], view, screenPoint(110, 50))).toBe('e');
    expect(handleAt([10, 10, 100, 80], view, screenPoint(60, 50))).toBeNull();
  });

  it('leaves the middle of a tiny box free for moving', () => {
    expect(handleAt([10, 10, 9, 9], view, screenPoint(14.5, 14.5))).toBeNull();
    expect(handleAt([10, 10, 9, 9], view, screenPoint(20, 20))).toBe('se');
  });
});
