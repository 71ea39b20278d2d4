import { expect, it } from 'vitest';
import type { Box } from '../../../contract/view-types';
import type { ComparedSide } from '../../../contract/metrics-view';
import { PAIR_ASPECT, pairView } from './pair-view';

const side = (box: Box | null): ComparedSide => ({ outcome: 'miss', box, score: null, iou: null });

it('shows all boxes of both sides, in the pictures’ shape', () => {
  const [x, y, width, height] = pairView({
    box: [100, 100, 40, 30],
    first: side([90, 80, 40, 40]),
    second: side([200, 100, 40, 40]),
  });
  expect(width / height).toBeCloseTo(PAIR_ASPECT, 12);
  expect(x).toBeLessThan(90);
  expect(y).toBeLessThan(80);
  expect(x + width).toBeGreaterThan(240);
  expect(y + height).toBeGreaterThan(140);
});

it('leaves room around a small box', () => {
  const [, , width] = pairView({ box: [5, 5, 2, 2], first: side(null), second: side(null) });
  expect(width).toBeGreaterThan(24);
});
