import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibration } from './calibration';
import { f1, precision, recall } from '../counts';
import { randomSet, toScoringInput } from '../random-sets.fixture';
import { createScorer } from '../scorer';
import { CalibrationTally, pointTallies, tallyKey } from './point-tallies';
import { sliceOf, SLICES, slicesAt, SLICES_BY } from './slices';

describe('the slice of a box', () => {
  const of = (by: keyof typeof SLICES, ...box: [number, number, number, number]) =>
    SLICES[by][sliceOf(by, box, 600, 300)];

  it('by size has COCO’s bounds, the lower ones included', () => {
    expect(of('size', 9, 9, 15, 17)).toBe('under 16²');
    expect(of('size', 9, 9, 16, 16)).toBe('16² to 32²');
    expect(of('size', 9, 9, 32, 32)).toBe('32² to 96²');
    expect(of('size', 9, 9, 96, 96)).toBe('96² to 256²');
    expect(of('size', 9, 9, 256, 256)).toBe('from 256²');
  });

  it('by shape is width to height', () => {
    expect(of('aspect', 9, 9, 10, 31)).toBe('taller than 1 : 3');
    expect(of('aspect', 9, 9, 10, 30)).toBe('tall, to 1 : 1.5');
    expect(of('aspect', 9, 9, 10, 10)).toBe('about square');
    expect(of('aspect', 9, 9, 15, 10)).toBe('wide, from 1.5 : 1');
    expect(of('aspect', 9, 9, 30, 10)).toBe('wider than 3 : 1');
    expect(sliceOf('aspect', [9, 9, 10, 0], 600, 300)).toBe(-1);
  });

  it('by position tells what the border cuts, then where the centre is', () => {
    expect(of('position', 1, 100, 20, 20)).toBe('cut by the border');
    expect(of('position', 500, 100, 99, 20)).toBe('cut by the border');
    expect(of('position', 40, 100, 20, 20)).toBe('outer third');
    expect(of('position', 290, 140, 20, 20)).toBe('middle');
    expect(sliceOf('position', [9, 9, 10, 10], 0, 0)).toBe(-1);
  });
});

const scorers = fc
  .sample(randomSet, { seed: 12, numRuns: 30 })
  .map((set) => createScorer(toScoringInput(set), 'coco'));
const POINT = { iou: 0.5, score: 0.4 };
const sizesOf = (images: number) => Array.from({ length: images }, () => ({ width: 120, height: 90 }));
const once = (images: number): Int32Array => new Int32Array(images).fill(1);

it('slices of a property hold every box that counts once', () => {
  for (const scorer of scorers) {
    const { truePositives, falsePositives, misses } = scorer.counts(POINT);
    const slices = slicesAt(scorer, POINT, sizesOf(scorer.input.imageIds.length));
    for (const by of ['size', 'position'] as const) {
      const own = slices.filter((slice) => slice.by === by);
      const sum = (key: 'truth' | 'found' | 'predictions' | 'right'): number =>
        own.reduce((total, slice) => total + slice[key], 0);
      expect([sum('truth'), sum('found')]).toEqual([truePositives + misses, truePositives]);
      expect([sum('predictions'), sum('right')]).toEqual([truePositives + falsePositives, truePositives]);
    }
  }
});

it('tallies with every image once are the numbers themselves', () => {
  for (const scorer of scorers) {
    const images = scorer.input.imageIds.length;
    const tallies = pointTallies(scorer, POINT, sizesOf(images));
    const value = (key: string): number | null => tallies.get(key)?.under(once(images)) ?? null;
    const counts = scorer.counts(POINT);
    expect(value('precision')).toBe(precision(counts));
    expect(value('recall')).toBe(recall(counts));
    expect(value('f1')).toBe(f1(counts));
    for (const one of scorer.countsByClass(POINT))
      expect(value(tallyKey('f1', one.category))).toBe(f1({ ...one, at: POINT }));
    for (const { by, index, truth, found } of slicesAt(scorer, POINT, sizesOf(images)))
      expect(value(tallyKey('recall', `${by} ${index}`))).toBe(truth === 0 ? null : found / truth);
    const error = new CalibrationTally(scorer, POINT.iou).under(once(images));
    expect(error === null).toBe(calibration(scorer, POINT.iou).error === null);
    if (error !== null) expect(error).toBeCloseTo(calibration(scorer, POINT.iou).error!, 12);
  }
});

it('tallies follow the weights of the images', () => {
  for (const scorer of scorers) {
    const images = scorer.input.imageIds.length;
    const weights = Int32Array.from({ length: images }, (_, image) => image % 3);
    const expected = { truePositives: 0, falsePositives: 0, misses: 0, at: POINT };
    for (let image = 0; image < images; image++) {
      const { prediction, truth } = scorer.outcomes(image, POINT);
      const number = (list: Uint8Array, ...codes: number[]): number =>
        list.filter((code) => codes.includes(code)).length;
      expected.truePositives += weights[image]! * number(prediction, 0);
      expected.falsePositives += weights[image]! * number(prediction, 1, 2, 3, 4);
      expected.misses += weights[image]! * number(truth, 1);
    }
    const tallies = pointTallies(scorer, POINT, sizesOf(images));
    expect(tallies.get('f1')?.under(weights) ?? null).toBe(f1(expected));
  }
});

it('names every property', () => {
  expect(SLICES_BY).toEqual(['size', 'aspect', 'position']);
});
