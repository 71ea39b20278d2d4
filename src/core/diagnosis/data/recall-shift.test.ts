/** Recall on labels that are distributed as in training: near the truth where it depends on the value, no price where not. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../foundation/random';
import { recallWeighted, shiftPrice, weightsAsInTraining } from './recall-shift';

const LABELS = 600;
const IMAGE_OF = Int32Array.from({ length: LABELS }, (_, row) => Math.floor(row / 5));

/** Values evenly between two ends, and which labels are found. */
function sample(low: number, high: number, recall: (value: number) => number, seed = 3) {
  const random = new Random(seed);
  const values = Float64Array.from({ length: LABELS }, () => random.between(low, high));
  const found = Uint8Array.from(values, (value) => Number(random.between(0, 1) < recall(value)));
  return { values, found };
}

const uniform = (low: number, high: number): Float64Array => sample(low, high, () => 1, 8).values;
const fading = (value: number): number => 0.9 - 0.7 * value;

describe('recall as in training', () => {
  it.each([
    ['within the evaluation’s values', 0, 0.3, 0, 1, 0.795],
    ['where the two hardly overlap', 0, 0.5, 0.45, 1, 0.725],
    ['where they do not overlap at all', 0, 0.4, 0.6, 1, 0.76],
  ])('%s is that of like labels', (_, low, high, from, to, expected) => {
    const { values, found } = sample(from, to, fading);
    const shift = recallWeighted(found, weightsAsInTraining(uniform(low, high), values), IMAGE_OF)!;
    expect(shift.asInTraining).toBeGreaterThan(expected - 0.12);
    expect(shift.asInTraining).toBeLessThan(expected + 0.12);
    const price = shiftPrice(shift, 0.3)!;
    expect(price.interval![0]).toBeLessThan(price.gain);
    expect(price.interval![1]).toBeGreaterThan(price.gain);
  });

  it('of few values goes by each of them', () => {
    const values = Float64Array.from({ length: LABELS }, (_, row) => (row % 10 === 0 ? 1.33 : 0.8));
    const found = Uint8Array.from(values, (value, row) => Number(value > 1 ? row % 50 > 0 : row % 2));
    const weights = weightsAsInTraining(Float64Array.of(1.33, 1.25, 1.33, 1.25), values);
    expect(recallWeighted(found, weights, IMAGE_OF)!.asInTraining).toBeCloseTo(0.8, 1);
  });

  it('has no price where recall does not depend on the value', () => {
    const priced = Array.from({ length: 40 }, (_, seed) => {
      const { values, found } = sample(0.4, 1, () => 0.7, seed);
      return shiftPrice(recallWeighted(found, weightsAsInTraining(uniform(0, 0.6), values), IMAGE_OF), 0.4);
    }).filter((price) => price !== null);
    expect(priced.length).toBeLessThan(4);
  });
});
