import { describe, expect, it } from 'vitest';
import { suppress } from './suppression';

const candidates = (boxes: readonly (readonly number[])[]) => ({
  count: boxes.length,
  corners: Float64Array.from(boxes.flatMap((box) => box.slice(0, 4))),
  score: Float64Array.from(boxes, (box) => box[4]!),
  classIndex: Int32Array.from(boxes, (box) => box[5]!),
});

const FOUR = candidates([
  [0, 0, 10, 10, 0.6, 0],
  [0, 0, 10, 5, 0.9, 0], // IoU with the first: exactly a half
  [1, 0, 11, 10, 0.5, 1], // IoU with the first: 9 / 11
  [50, 50, 60, 60, 0.9, 0],
]);

describe('suppression', () => {
  it('keeps boxes whose overlap equals the threshold; equal scores in the order given', () => {
    expect([...suppress(FOUR, { iou: 0.5, perClass: true }, 100)]).toEqual([1, 3, 0, 2]);
  });

  it('lets the worse of two go, within a class or over all', () => {
    expect([...suppress(FOUR, { iou: 0.49, perClass: true }, 100)]).toEqual([1, 3, 2]);
    expect([...suppress(FOUR, { iou: 0.5, perClass: false }, 100)]).toEqual([1, 3, 0]);
  });

  it('stops at the limit, and without a rule only sorts', () => {
    expect([...suppress(FOUR, { iou: 0.5, perClass: true }, 2)]).toEqual([1, 3]);
    expect([...suppress(FOUR, null, 3)]).toEqual([1, 3, 0]);
  });

  it('boxes without area suppress nothing', () => {
    const flat = candidates([
      [5, 5, 5, 5, 0.9, 0],
      [5, 5, 5, 5, 0.8, 0],
    ]);
    expect(suppress(flat, { iou: 0, perClass: true }, 9)).toHaveLength(2);
  });
});
