import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { precision, recall } from '../counts';
import { randomSet, toScoringInput } from '../random-sets.fixture';
import { createScorer } from '../scorer';
import { calibration } from './calibration';
import { compareOutcomes, mcNemar } from './changes';
import { confusionMatrix } from './confusion';
import { bestPoint, countsAt, precisionRecall, sweepClasses } from './operating-points';

const sets = fc.sample(randomSet, { seed: 11, numRuns: 40 }).map(toScoringInput);
const POINTS = [0, 0.25, 0.5, 0.9].map((score) => ({ iou: 0.5, score }));

describe.each(['coco', 'voc2012'] as const)('under %s', (protocol) => {
  const scorers = sets.map((input) => createScorer(input, protocol));

  it('a sweep has the counts of every confidence', () => {
    for (const scorer of scorers) {
      const sweeps = sweepClasses(scorer, 0.5);
      for (const point of POINTS) {
        const expected = scorer.countsByClass(point);
        sweeps.forEach((sweep, index) => {
          const { truePositives, falsePositives, misses } = expected[index]!;
          expect(countsAt(sweep, point.score)).toEqual({ truePositives, falsePositives, misses });
        });
      }
    }
  });

  it('no confidence has a better F1 than the best', () => {
    for (const scorer of scorers) {
      for (const sweep of sweepClasses(scorer, 0.5)) {
        const best = bestPoint(sweep);
        for (const score of sweep.score) {
          const counts = { ...countsAt(sweep, score), at: { iou: 0.5, score } };
          const p = precision(counts) ?? 0;
          const r = recall(counts) ?? 0;
          const value = p + r === 0 ? 0 : (2 * p * r) / (p + r);
          expect(value).toBeLessThanOrEqual(best!.f1 + 1e-12);
        }
      }
    }
  });

  it('every annotation and every prediction that counts stands in the confusion matrix once', () => {
    for (const scorer of scorers) {
      for (const point of POINTS) {
        const cells = confusionMatrix(scorer, point);
        const size = scorer.input.categories.length + 1;
        scorer.countsByClass(point).forEach(({ truePositives, falsePositives, misses }, klass) => {
          const row = [...cells.subarray(klass * size, (klass + 1) * size)];
          expect(row.reduce((sum, cell) => sum + cell, 0)).toBe(truePositives + misses);
          expect(row[klass]).toBe(truePositives);
          const column = Array.from({ length: size }, (_, other) => cells[other * size + klass]!);
          expect(column.reduce((sum, cell) => sum + cell, 0)).toBe(truePositives + falsePositives);
        });
        expect(cells[size * size - 1]).toBe(0);
      }
    }
  });

  it('calibration holds every prediction that counts', () => {
    for (const scorer of scorers) {
      const { bins, error } = calibration(scorer, 0.5);
      const { truePositives, falsePositives } = scorer.counts({ iou: 0.5, score: -Infinity });
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(truePositives + falsePositives);
      if (error !== null) {
        expect(error).toBeGreaterThanOrEqual(0);
        expect(error).toBeLessThanOrEqual(1);
      }
    }
  });

  it('a run compared with itself breaks and fixes nothing', () => {
    for (const scorer of scorers) {
      const changes = compareOutcomes(scorer, scorer, POINTS[1]!);
      expect(changes.includes(1) || changes.includes(2)).toBe(false);
      const { truePositives, misses } = scorer.counts(POINTS[1]!);
      expect(changes.filter((change) => change === 0).length).toBe(truePositives);
      expect(changes.filter((change) => change === 3).length).toBe(misses);
    }
  });
});

it('precision and recall are thinned to the number asked for, with both ends', () => {
  const sweep = {
    category: 0,
    positives: 1000,
    score: Float64Array.from({ length: 1000 }, (_, index) => 1 - index / 1000),
    truePositives: Int32Array.from({ length: 1000 }, (_, index) => index + 1),
    falsePositives: new Int32Array(1000),
  };
  const curve = precisionRecall(sweep, 100);
  expect(curve.recall.length).toBe(101);
  expect(curve.recall[0]).toBe(0.001);
  expect(curve.recall.at(-1)).toBe(1);
  expect(new Set(curve.precision)).toEqual(new Set([1]));
});

it('McNemar’s test equals the binomial sums', () => {
  expect(mcNemar(0, 0)).toBe(1);
  expect(mcNemar(3, 3)).toBe(1);
  // 2 * (1 + 10) / 2^10
  expect(mcNemar(1, 9)).toBeCloseTo(22 / 1024, 12);
  expect(mcNemar(40, 196)).toBeLessThan(1e-20);
  expect(mcNemar(900, 1100)).toBeCloseTo(mcNemar(1100, 900), 15);
});
