import { describe, expect, it } from 'vitest';
import type { BillRow, TrendPoint } from '../../../contract/diagnosis-view';
import { causeTrends, partsOf, scoredStretches, trendDomain } from './trend-geometry';

const row = (code: BillRow['code'], share: number): BillRow => ({
  code,
  title: code,
  share,
  confidence: 'exact',
});
const point = (step: number, score: number | null, bill: BillRow[] | null = null): TrendPoint => ({
  step,
  time: '2026-01-01T00:00:00Z',
  score,
  bill,
});
const trend = [
  point(1, 0.1, [row('axes-swapped', 0.3), row('labels-missing', 0.05)]),
  point(2, 0.4),
  point(3, null),
  point(4, 0.42, [row('labels-missing', 0.03)]),
];

describe('The trend of score and bill', () => {
  it('stands the bill on the score, the dearest cause first', () => {
    expect(partsOf(trend[0]!).map(({ from, to }) => [from, to])).toEqual([
      [0.1, 0.4],
      [0.4, 0.45],
    ]);
    expect(partsOf(trend[1]!)).toEqual([]);
  });

  it('holds all of it', () => {
    const [low, high] = trendDomain(trend);
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(0.45);
    expect(trendDomain([])).toEqual([0, 1]);
  });

  it('follows each cause, those that are gone last', () => {
    const diagnoses = trend.filter(({ bill }) => bill !== null);
    expect(causeTrends(diagnoses)).toMatchObject([
      { code: 'labels-missing', shares: [0.05, 0.03] },
      { code: 'axes-swapped', shares: [0.3, null] },
    ]);
  });

  it('breaks its line where there was no score', () => {
    expect(scoredStretches(trend)).toEqual([[0, 1], [3]]);
  });
});
