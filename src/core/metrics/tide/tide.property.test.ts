/** What must not matter, on random sets full of ties, crowds and equal boxes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCoco } from '../evaluate';
import type { ScoringInput } from '../evaluation';
import { randomSet, toScoringInput } from '../random-sets.fixture';
import { evaluateTide } from './tide-evaluation';
import { TIDE_MODES, type TideParameters } from './tide-parameters';

const input = randomSet.map(toScoringInput);
const parameters: fc.Arbitrary<Partial<TideParameters>> = fc.record({
  mode: fc.constantFrom(...TIDE_MODES),
  iou: fc.constantFrom([0.5], [0.75], [0.3]),
  maxDetections: fc.constantFrom([100], [3]),
});
const RUNS = { numRuns: 300, seed: 7 };

describe('TIDE', () => {
  it('depends on no name and no number of a class', () => {
    fc.assert(
      fc.property(input, parameters, fc.nat(), (set, given, seed) => {
        expectSame(set, withClassesMoved(set, seed), given);
      }),
      RUNS,
    );
  });

  it('does not depend on the order of images where no scores are equal', () => {
    fc.assert(
      fc.property(input, parameters, fc.nat(), (set, given, seed) => {
        const unique = withUniqueScores(set);
        expectSame(unique, withImagesMoved(unique, seed), given);
      }),
      RUNS,
    );
  });

  it('of COCO has the AP and the counts of COCO, and bars that are not negative before clipping', () => {
    fc.assert(
      fc.property(input, parameters, (set, given) => {
        const evaluation = evaluateTide(set, { ...given, mode: 'coco' });
        const { result } = evaluateCoco(set, { iou: given.iou!, maxDetections: given.maxDetections! });
        const mean = Object.values(evaluation.metrics)[0]!;
        expectClose(mean, result.metrics.AP === null ? null : result.metrics.AP! * 100);
        expect(evaluation.counts()).toEqual(result.counts);
        for (const fixed of Object.values(evaluation.fixedAP)) {
          if (fixed !== null) expect(fixed).toBeGreaterThanOrEqual(mean - 1e-9);
        }
      }),
      RUNS,
    );
  });

  it('gives every box one fate', () => {
    fc.assert(
      fc.property(input, parameters, (set, given) => {
        const evaluation = evaluateTide(set, given);
        const { predictions, missed, unmatched } = evaluation.matchRows();
        const { truePositives, falsePositives, misses } = evaluation.counts(-Infinity);
        const having = (state: string) => predictions.filter((row) => row.state === state);
        expect([having('true').length, having('false').length]).toEqual([truePositives, falsePositives]);
        expect(unmatched.length).toBe(misses);
        expect(missed.length).toBe(evaluation.errorCounts.Miss);
        expect(having('false').every(({ error }) => error !== null)).toBe(true);
        expect([...having('true'), ...having('cut')].every(({ error }) => error === null)).toBe(true);
      }),
      RUNS,
    );
  });
});

function expectSame(before: ScoringInput, after: ScoringInput, given: Partial<TideParameters>): void {
  const first = evaluateTide(before, given);
  const second = evaluateTide(after, given);
  for (const [key, value] of Object.entries(first.metrics)) expectClose(second.metrics[key]!, value);
  expect(second.errorCounts).toEqual(first.errorCounts);
  expect(second.counts()).toEqual(first.counts());
  expect(second.matchRows().predictions).toEqual(first.matchRows().predictions);
}

function expectClose(value: number | null, expected: number | null): void {
  if (expected === null || value === null) expect(value).toBe(expected);
  else expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9);
}

/** The same classes under other numbers and names. */
function withClassesMoved(set: ScoringInput, seed: number): ScoringInput {
  const count = set.categories.length;
  const moved = (category: number) => (category + seed) % count;
  return {
    ...set,
    categories: set.categories.map(({ id }) => ({ id, name: `renamed ${id}`, extra: null })),
    annotations: { ...set.annotations, category: set.annotations.category.map(moved) },
    predictions: { ...set.predictions, category: set.predictions.category.map(moved) },
  };
}

/** The same images in another order, ids with them. */
function withImagesMoved(set: ScoringInput, seed: number): ScoringInput {
  const count = set.imageIds.length;
  const moved = (image: number) => (image + seed) % count;
  const imageIds = [...set.imageIds];
  set.imageIds.forEach((id, image) => (imageIds[moved(image)] = id));
  return {
    ...set,
    imageIds,
    annotations: { ...set.annotations, image: set.annotations.image.map(moved) },
    predictions: { ...set.predictions, image: set.predictions.image.map(moved) },
  };
}

/** Falls with the row: equal scores stay in file order. */
function withUniqueScores(set: ScoringInput): ScoringInput {
  const score = set.predictions.score.map((value, row) => value - row * 1e-6);
  return { ...set, predictions: { ...set.predictions, score } };
}
