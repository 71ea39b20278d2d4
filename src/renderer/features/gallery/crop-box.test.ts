import { expect, it } from 'vitest';
import { cropAround } from './crop-box';

it('is a square about both boxes, with room', () => {
  const [x, y, width, height] = cropAround([10, 10, 20, 40], [20, 30, 40, 40]);
  expect(width).toBe(height);
  expect([x + width / 2, y + height / 2]).toEqual([35, 40]);
  expect(width).toBeGreaterThan(60);
});
