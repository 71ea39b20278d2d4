import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import type { Protocol, ScoringInput } from '../evaluation';
import { PROTOCOLS } from '../evaluation';
import { evaluateProtocol } from '../protocol-evaluation';
import { randomSet, toScoringInput } from '../random-sets.fixture';
import { drawImages } from './draws';
import { resampleInput } from './resampled-input';
import type { Metrics } from './intervals';
import { bootstrapDifferences, bootstrapIntervals } from './intervals';

const input = (seed: number): ScoringInput =>
  withUniqueScores(toScoringInput(fc.sample(randomSet, { seed, numRuns: 1 })[0]!));

/** Copies of an image tie with themselves alone. */
function withUniqueScores(given: ScoringInput): ScoringInput {
  const { count } = given.predictions;
  const score = Float64Array.from({ length: count }, (_, row) => ((row * 7919) % count) / count);
  return { ...given, predictions: { ...given.predictions, score } };
}

/** The first set whose AP is neither 0 nor 1. */
function inputWithErrors(): ScoringInput {
  for (let seed = 1; ; seed++) {
    const given = input(seed);
    const { AP } = scored(given, 'coco').result(0.5).metrics;
    if (AP && AP < 0.9 && given.imageIds.length > 2) return given;
  }
}

const scored = (given: ScoringInput, protocol: Protocol) => evaluateProtocol(given, protocol, {});

describe.each(PROTOCOLS)('resampled metrics of %s', (protocol) => {
  it('are the metrics where every image stands there once', () => {
    for (const seed of [1, 2, 3]) {
      const given = input(seed);
      const evaluation = scored(given, protocol);
      const ones = new Int32Array(given.imageIds.length).fill(1);
      expect(evaluation.resampledMetrics(ones)).toEqual(evaluation.result(0.5).metrics);
    }
  });

  it('are those of a set that holds copies of its images', () => {
    for (const seed of [4, 5, 6]) {
      const given = input(seed);
      const weights = drawImages(given.imageIds.length, seed, 0);
      const copies = scored(resampleInput(given, weights), protocol).result(0.5).metrics;
      const found = scored(given, protocol).resampledMetrics(weights);
      for (const [key, value] of Object.entries(copies)) {
        if (value === null) expect(found[key]).toBeNull();
        else expect(found[key]).toBeCloseTo(value, 12);
      }
    }
  });
});

describe('intervals', () => {
  const parameters = { level: 0.9, resamples: 50, seed: 0 };
  const gather = (samples: Iterable<Metrics>) => Promise.resolve([...samples]);

  it('hold the metric and are the same each time', async () => {
    const given = inputWithErrors();
    const evaluation = scored(given, 'coco');
    const { metrics } = evaluation.result(0.5);
    const images = given.imageIds.length;
    const find = () => bootstrapIntervals(evaluation, metrics, images, parameters, noProgress, gather);
    const intervals = await find();
    expect(await find()).toEqual(intervals);
    for (const [key, value] of Object.entries(metrics)) {
      const interval = intervals[key]!;
      if (value === null) {
        expect(interval).toBeNull();
        continue;
      }
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
    }
    expect(intervals.AP![1] - intervals.AP![0]).toBeGreaterThan(0);
  });

  it('of the difference of a set to itself have no width', async () => {
    const given = input(8);
    const evaluation = scored(given, 'voc2012');
    const { metrics } = evaluation.result(0.5);
    const pair = [evaluation, scored(given, 'voc2012')] as const;
    const images = given.imageIds.length;
    const differences = await bootstrapDifferences(
      pair,
      [metrics, metrics],
      images,
      parameters,
      noProgress,
      gather,
    );
    expect(differences).toEqual({ mAP: { difference: 0, interval: [0, 0] } });
  });
});

describe('draws', () => {
  it('are as many as there are images, differ by resample, and hold each image about once', () => {
    const sums = new Float64Array(20);
    for (let resample = 0; resample < 500; resample++) {
      const weights = drawImages(20, resample, 0);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(20);
      weights.forEach((weight, image) => (sums[image]! += weight));
    }
    for (const sum of sums) expect(Math.abs(sum / 500 - 1)).toBeLessThan(0.2);
    expect(drawImages(20, 1, 0)).not.toEqual(drawImages(20, 2, 0));
    expect(drawImages(20, 1, 0)).toEqual(drawImages(20, 1, 0));
  });
});
