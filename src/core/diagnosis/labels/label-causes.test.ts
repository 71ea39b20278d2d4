import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import { Random } from '../../foundation/random';
import { plantErrors } from '../../label-quality/plant-errors';
import { cleanSet } from '../clean-set.fixture';
import { type DataFiles, type ResultRecord, situationOf } from '../data-files.fixture';
import type { Diagnosis } from '../diagnose';
import { diagnose } from '../diagnose';
import type { Situation } from '../situation';
import { scoringInputOf } from '../situation';
import { labelErrors } from './label-errors';
import { labelsDuplicated } from './labels-duplicated';
import { trainingLabelsMissing } from './training-labels-missing';

const SHAPE = { images: 55, classes: 3, objects: 8, clutter: 4, looseness: 0.04, found: 0.97 };
const CLEAN: DataFiles = cleanSet(21, SHAPE);
const SOURCES = { train: null, training: null, reported: [] };

const diagnoseLabels = (situation: Situation): Diagnosis =>
  diagnose(situation, situation.truth, SOURCES, [labelsDuplicated, labelErrors], noProgress, {
    hasIntervals: false,
  });

/** A detector that now and then misses an object, or takes it for another class, as sure as ever. */
function mistaken(seed: number): DataFiles {
  const random = new Random(seed);
  const { truth } = cleanSet(seed, { ...SHAPE, images: 110, classes: 4, objects: 6, clutter: 0, found: 0 });
  const draws = (count: number): number[] => Array.from({ length: count }, () => random.unit());
  const classes = truth.categories.length;
  const finds = truth.annotations
    .filter(() => random.unit() < 0.98)
    .map(({ image_id, category_id, bbox: [x, y, w, h] }): ResultRecord => {
      const category = random.unit() < 0.03 ? 1 + random.below(classes) : category_id;
      const off = (side: number): number => 0.02 * random.normal() * side;
      const bbox: ResultRecord['bbox'] = [x + off(w), y + off(h), w, h];
      return { image_id, category_id: category, bbox, score: Math.max(...draws(7)) };
    });
  const inventions = truth.images.flatMap(({ id, width, height }) =>
    Array.from({ length: 6 }, (): ResultRecord => {
      const [w, h] = [random.between(20, 120), random.between(20, 120)];
      const bbox: ResultRecord['bbox'] = [random.unit() * (width - w), random.unit() * (height - h), w, h];
      const score = Math.min(...draws(9));
      return { image_id: id, category_id: 1 + random.below(classes), bbox, score };
    }),
  );
  return { truth, predictions: [...finds, ...inventions] };
}

describe('Causes in the labels', () => {
  it('are not what a good detector misses and confuses', () => {
    expect(diagnoseLabels(situationOf(mistaken(31))).causes).toEqual([]);
  });

  it('are not named where none was planted', () => {
    expect(diagnoseLabels(situationOf(CLEAN)).causes).toEqual([]);
  });

  it('are named by kind, with about the price of what was planted', () => {
    const clean = situationOf(CLEAN);
    const input = scoringInputOf(clean);
    const options = { each: 40, shiftedIou: [0.3, 0.6] as const, extraOnObjects: 0 };
    const { input: faulty } = plantErrors(input, options, new Random(9));
    const situation = { ...clean, truth: { ...clean.truth, annotations: faulty.annotations } };
    const { causes, score } = diagnoseLabels(situation);
    const codes = causes.map(({ code }) => code);
    expect(codes).toContain('labels-badly-placed');
    expect(codes).toContain('labels-missing');
    const cleanScore = diagnose(clean, clean.truth, SOURCES, [], noProgress).score!.value!;
    const priced = causes.reduce((sum, { gain }) => sum + gain!, 0);
    expect(priced).toBeGreaterThan((cleanScore - score!.value!) * 0.3);
    expect(priced).toBeLessThan((cleanScore - score!.value!) * 1.5);
    for (const { confidence, gainInterval, gain } of causes) {
      expect(confidence).toBe('estimated');
      expect(gainInterval![0]).toBeLessThan(gain!);
      expect(gainInterval![1]).toBeGreaterThan(gain!);
    }
  });

  it('duplicated labels have the exact price of deleting them', () => {
    const files = structuredClone(CLEAN);
    const twice = files.truth.annotations.filter((_, index) => index % 8 === 0);
    const first = files.truth.annotations.length;
    twice.forEach((annotation, index) =>
      files.truth.annotations.push({
        ...annotation,
        id: first + index + 1,
        bbox: [annotation.bbox[0] + 0.5, ...annotation.bbox.slice(1)] as typeof annotation.bbox,
      }),
    );
    const { causes, score } = diagnoseLabels(situationOf(files));
    const found = causes.find(({ code }) => code === 'labels-duplicated')!;
    const cleanScore = diagnose(situationOf(CLEAN), null, SOURCES, [], noProgress).score!.value!;
    expect(found.confidence).toBe('exact');
    expect(found.evidence.labels).toBeGreaterThan(twice.length * 0.9);
    expect(found.gain).toBeCloseTo(cleanScore - score!.value!, 2);
  });

  it.each([5, 6])('labels missing in training are told by predictions on its images (seed %i)', (seed) => {
    const evaluation = situationOf(CLEAN);
    const whole = cleanSet(seed, SHAPE);
    const causesWith = (files: DataFiles) => {
      const predicted = situationOf(files);
      const train = { truth: predicted.truth, facts: null, predicted };
      const sources = { train, training: null, reported: [] };
      return diagnose(evaluation, evaluation.truth, sources, [trainingLabelsMissing], noProgress);
    };
    expect(causesWith(whole).causes).toEqual([]);
    const random = new Random(seed);
    const thinned = structuredClone(whole);
    const { annotations } = thinned.truth;
    thinned.truth.annotations = annotations.filter(() => random.between(0, 1) > 0.15);
    const removed = annotations.length - thinned.truth.annotations.length;
    const { causes, unexplained } = causesWith(thinned);
    expect(causes).toMatchObject([{ code: 'training-labels-missing', gain: null, images: [] }]);
    expect(causes[0]!.evidence.expectedErrors).toBeGreaterThan(removed * 0.5);
    expect(causes[0]!.evidence.expectedErrors).toBeLessThan(removed * 1.5);
    // Two draws of one kind: nothing is left to explain but noise.
    expect(unexplained).toBeLessThan(0.05);
  });
});
