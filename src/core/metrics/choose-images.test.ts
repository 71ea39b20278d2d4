import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseScoredImages } from './choose-images';
import { evaluateProtocol } from './protocol-evaluation';
import { randomSet, toScoringInput } from './random-sets.fixture';

const sets = fc.sample(randomSet, { seed: 5, numRuns: 30 }).map(toScoringInput);

it('a choice of images scores as a resample that holds each of them once', () => {
  for (const input of sets) {
    const kept = [...input.imageIds.keys()].filter((image) => image % 3 !== 1);
    const weights = new Int32Array(input.imageIds.length);
    for (const image of kept) weights[image] = 1;
    for (const protocol of ['coco', 'voc2012', 'lvis'] as const) {
      const chosen = evaluateProtocol(chooseScoredImages(input, kept), protocol, {});
      expect(chosen.result(0.5).metrics).toEqual(
        evaluateProtocol(input, protocol, {}).resampledMetrics(weights),
      );
    }
  }
});

it('all images are the input as it is', () => {
  for (const input of sets) {
    const chosen = chooseScoredImages(input, [...input.imageIds.keys()]);
    expect(chosen.imageIds).toEqual(input.imageIds);
    expect(chosen.predictions).toEqual(input.predictions);
    expect(chosen.annotations.id).toEqual(input.annotations.id);
  }
});
