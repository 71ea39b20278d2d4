import { expect, it } from 'vitest';
import type { MetricDifference, RunComparison } from '../../../contract/metrics-view';
import { chanceText, classCounts, leastGain, verdict } from './comparison-words';

const CATEGORIES = ['RBC', 'WBC', 'Platelets'].map((name, index) => ({
  id: index + 1,
  name,
  annotations: 9,
}));
const headline = (difference: number | null, interval: [number, number] | null): MetricDifference => ({
  metric: 'AP',
  category: null,
  first: 0.2,
  second: 0.4,
  difference,
  interval,
});
const said = (...args: Parameters<typeof verdict>): string => {
  const { answer, rest } = verdict(...args);
  return answer + rest;
};

it('calls a run better only where the interval says so', () => {
  expect(said(headline(0.224, [0.195, 0.247]), 87)).toBe(
    'B is better by 0.224 (+0.195 to +0.247); these 87 images can show differences of 0.026 and more.',
  );
  expect(said(headline(-0.1, [-0.2, -0.05]), 87)).toContain('A is better by 0.100 (−0.200 to −0.050)');
  expect(said(headline(0.01, [-0.02, 0.03]), 87)).toContain('Neither is shown to be better: B − A is +0.010');
  expect(said(headline(0.01, null), 87)).toBe('B is ahead by 0.010; its interval is being computed.');
  expect(said(headline(0, null), 87)).toBe('A and B score the same.');
  expect(said(headline(null, null), 87)).toContain('undefined');
});

it('counts by class, the largest first', () => {
  expect(classCounts({ 1: 131, 2: 11, 3: 54 }, CATEGORIES)).toBe('131 RBC, 54 Platelets, 11 WBC');
  expect(classCounts({}, CATEGORIES)).toBe('');
});

it('names the class that gains least, and chances as they are read', () => {
  const comparison = {
    counts: { broken: { 1: 40 }, fixed: { 1: 131, 2: 11, 3: 54 }, 'both-right': {}, 'both-wrong': {} },
  } as unknown as RunComparison;
  expect(leastGain(comparison, CATEGORIES)).toBe('RBC gains least: 131 fixed, 40 broken.');
  expect(leastGain(comparison, CATEGORIES.slice(0, 1))).toBe('');
  expect([chanceText(1e-9), chanceText(0.04)]).toEqual(['p < 0.001', 'p = 0.040']);
});
