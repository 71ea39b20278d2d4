import { describe, expect, it } from 'vitest';
import { Random } from '../foundation/random';
import { detect, WEAK_DETECTOR } from './detector-sets.fixture';
import { errorProbabilities } from './error-model';
import { missingAmong, missingCount } from './missing-count';

type Place = readonly [part: number, of: number];
/** The `part`-th smallest of `of` draws: a beta distribution. */
const ordered = (random: Random, [part, of]: Place): number =>
  Array.from({ length: of }, () => random.unit()).sort((a, b) => a - b)[part - 1]!;
const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);

const DETECTORS = [
  ['inventions that end well below the finds', [5, 6], [1, 5]],
  ['inventions that reach into the finds', [4, 6], [1, 4]],
  ['finds that are seldom sure', [2, 4], [1, 5]],
] as const;

describe.each(DETECTORS)('the count of missing labels, %s', (_, find, invention) => {
  const random = new Random(3);
  const found = (): number => ordered(random, find);
  const invented = draws(400, () => ordered(random, invention));
  const finds = Float64Array.from(draws(800, found));

  it('is next to nothing where none is missing', () => {
    expect(missingAmong(finds.slice(), invented)).toBeLessThan(6);
  });

  it.each([30, 80])('is about right for %i', (count) => {
    const missing = draws(count, found);
    const told = missingAmong(finds.slice(), [...invented, ...missing]);
    expect(told).toBeGreaterThan(count * 0.5);
    expect(told).toBeLessThan(count * 1.5);
  });
});

it('does not depend on the scale of confidences', () => {
  const random = new Random(5);
  const finds = draws(300, () => ordered(random, [4, 5]));
  const free = draws(60, () => ordered(random, [2, 4]));
  const bent = (score: number): number => score ** 4 / 2;
  expect(missingAmong(Float64Array.from(finds.map(bent)), free.map(bent))).toBeCloseTo(
    missingAmong(Float64Array.from(finds), free),
    9,
  );
});

it('is not told by few labels', () => {
  expect(missingAmong(Float64Array.of(0.5, 0.6, 0.7), [0.9])).toBe(Infinity);
});

it('bounds what is expected to be missing', () => {
  const input = detect(WEAK_DETECTOR, 3);
  const { missing } = errorProbabilities(input);
  const expected = missing.reduce((sum, probability) => sum + probability, 0);
  expect(expected).toBeLessThan(missingCount(input) * 1.000001);
});
