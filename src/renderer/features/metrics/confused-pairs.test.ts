import { describe, expect, it } from 'vitest';
import { mostConfused } from './confused-pairs';

describe('the classes of a confusion matrix', () => {
  /** Of four classes and the background: 1 is taken for 3 and back; 0 and 2 are missed often. */
  const cells = [
    [9, 0, 0, 0, 50],
    [0, 9, 0, 4, 0],
    [1, 0, 9, 0, 60],
    [0, 2, 0, 9, 0],
    [70, 0, 0, 0, 0],
  ].flat();

  it('are all shown where they are few, the background last', () => {
    expect(mostConfused(cells, 5, 4)).toEqual([0, 1, 2, 3, 4]);
  });

  it('are else those that are taken for each other, in their own order, whatever is missed', () => {
    expect(mostConfused(cells, 5, 2)).toEqual([1, 3, 4]);
    expect(mostConfused(cells, 5, 3)).toEqual([0, 1, 3, 4]);
  });
});
