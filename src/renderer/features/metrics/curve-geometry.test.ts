import { expect, it } from 'vitest';
import { nearestPoint, precisionAt } from './curve-geometry';

const curve = { recall: [0.1, 0.5, 0.5, 0.9], precision: [1, 0.8, 0.6, 0.4] };

it('finds the point under the hand', () => {
  expect(nearestPoint(curve, { recall: 0, precision: 1 })).toBe(0);
  expect(nearestPoint(curve, { recall: 0.52, precision: 0.62 })).toBe(2);
  expect(nearestPoint(curve, { recall: 1, precision: 0 })).toBe(3);
  expect(nearestPoint({ recall: [], precision: [] }, { recall: 0, precision: 0 })).toBe(-1);
});

it('reads precision where a recall is first reached', () => {
  expect(precisionAt(curve, 0.5)).toBe(0.8);
  expect(precisionAt(curve, 0.6)).toBe(0.4);
  expect(precisionAt(curve, 0.95)).toBeNull();
});
