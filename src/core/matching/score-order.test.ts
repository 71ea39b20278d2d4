import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowNumbers } from './grouping';
import { ScoreSorter } from './score-order';

function sorted(scores: readonly number[]): number[] {
  const rows = rowNumbers(scores.length);
  new ScoreSorter().sort(rows, Float64Array.from(scores));
  return [...rows];
}

function expected(scores: readonly number[]): number[] {
  return [...scores.keys()].sort((a, b) => {
    const first = scores[a]!;
    const second = scores[b]!;
    if (first === second) return a - b;
    return first > second ? -1 : 1;
  });
}

describe('ScoreSorter', () => {
  it('keeps the order of equal scores, few or many', () => {
    expect(sorted([0.5, 0.9, 0.5, 0.9])).toEqual([1, 3, 0, 2]);
    const many = Array.from({ length: 500 }, (_, index) => (index % 3) / 2);
    expect(sorted(many)).toEqual(expected(many));
  });

  it('takes -0 and 0 as equal', () => {
    const scores = Array.from({ length: 100 }, (_, index) => (index % 2 ? 0 : -0));
    expect(sorted(scores)).toEqual([...scores.keys()]);
  });

  it('tells scores apart that differ in their lower half only', () => {
    const scores = Array.from({ length: 300 }, (_, index) => 0.5 + ((index * 7919) % 300) * 2 ** -50);
    expect(sorted(scores)).toEqual(expected(scores));
  });

  it('sorts any scores as a stable comparison does, again and again with one sorter', () => {
    const sorter = new ScoreSorter();
    const score = fc.oneof(
      fc.double({ noNaN: true }),
      fc.constantFrom(0, -0, 1, 0.5, Infinity, -Infinity, 5e-324),
    );
    fc.assert(
      fc.property(fc.array(score, { maxLength: 200 }), (scores) => {
        const rows = rowNumbers(scores.length);
        sorter.sort(rows, Float64Array.from(scores));
        expect([...rows]).toEqual(expected(scores));
      }),
      { seed: 3 },
    );
  });
});
