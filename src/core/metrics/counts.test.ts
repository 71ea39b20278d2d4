import { describe, expect, it } from 'vitest';
import { f1, precision, recall, scoreHistogram } from './counts';

const at = { iou: 0.5, score: 0.5 };

describe('Precision, recall and F1', () => {
  it('follow from counts', () => {
    const counts = { truePositives: 6, falsePositives: 2, misses: 4, at };
    expect(precision(counts)).toBe(0.75);
    expect(recall(counts)).toBe(0.6);
    expect(f1(counts)).toBeCloseTo(2 / (1 / 0.75 + 1 / 0.6), 12);
  });

  it('are null where there is nothing to divide by', () => {
    const none = { truePositives: 0, falsePositives: 0, misses: 0, at };
    expect([precision(none), recall(none), f1(none)]).toEqual([null, null, null]);
    expect(precision({ ...none, misses: 3 })).toBeNull();
    expect(recall({ ...none, misses: 3 })).toBe(0);
    expect(f1({ ...none, misses: 3 })).toBe(0);
  });
});

describe('scoreHistogram', () => {
  it('puts each edge into the bin it opens, 1 into the last, and what lies outside into the nearest', () => {
    expect(scoreHistogram(Float64Array.of(0, 0.25, 0.5, 0.49, 1, -3, 7), 4)).toEqual([2, 2, 1, 2]);
  });

  it('has 40 bins where nothing is asked for', () => {
    expect(scoreHistogram(Float64Array.of(0.5))).toHaveLength(40);
  });
});
