import { describe, expect, it } from 'vitest';
import { COCO_EPSILON, COCO_IOU_THRESHOLDS, COCO_RECALL_POINTS, VOC_RECALL_POINTS } from './grids';

describe('Grids', () => {
  it('IoU thresholds are 0.5 + i * (0.45 / 9), the last one 0.95', () => {
    expect(COCO_IOU_THRESHOLDS).toEqual(
      Array.from({ length: 10 }, (_, index) => (index === 9 ? 0.95 : 0.5 + index * ((0.95 - 0.5) / 9))),
    );
  });

  it('recall points are i * 0.01, which differs from i / 100 at ten of them', () => {
    const differing = COCO_RECALL_POINTS.flatMap((point, index) => (point === index / 100 ? [] : [index]));
    expect(differing).toEqual([35, 41, 47, 57, 69, 70, 82, 83, 94, 95]);
  });

  it("numpy's spacing at 1 is 2^-52", () => {
    expect(COCO_EPSILON).toBe(Number.EPSILON);
  });

  it('VOC points are i * 0.1: 0.3, 0.6 and 0.7 lie one bit above', () => {
    const differing = VOC_RECALL_POINTS.flatMap((point, index) => (point === index / 10 ? [] : [index]));
    expect(differing).toEqual([3, 6, 7]);
  });
});
