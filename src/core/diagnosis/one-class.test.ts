/** The bill of one class adds up to that class's AP, and is silent of what hurts only the others. */
import { describe, expect, it } from 'vitest';
import { noProgress } from '../foundation/cancellation';
import { Random } from '../foundation/random';
import { detect, STRONG_DETECTOR } from '../label-quality/detector-sets.fixture';
import { plantErrors } from '../label-quality/plant-errors';
import type { ScoringInput } from '../metrics/evaluation';
import { createScorer } from '../metrics/scorer';
import { fixQueue } from '../label-quality/fix-queue';
import { cleanSet } from './clean-set.fixture';
import { situationOf } from './data-files.fixture';
import { scorerOfClass } from './class-evaluation';
import { diagnose } from './diagnose';
import { ADVICE_RULES } from './rules/advice';
import { choosePredictions } from './selection';
import { type Situation, scoringInputOf } from './situation';

const SOURCES = { train: null, training: null, reported: [] };
const billOf = (situation: Situation) =>
  diagnose(situation, situation.truth, SOURCES, ADVICE_RULES, noProgress, { hasIntervals: false });
const apOf = (input: ScoringInput, id: number): number =>
  createScorer(input, 'coco')
    .result()
    .classes.find((one) => one.id === id)!.AP!;

const clean = situationOf(
  cleanSet(3, { images: 40, classes: 3, objects: 4, clutter: 1, looseness: 0.05, found: 0.9 }),
);
const [first, second] = clean.truth.categories;

describe('The bill of one class', () => {
  it('prices a fault of all predictions by what it costs that class', () => {
    const { box } = clean.predictions;
    const swapped = box.map((_, at) => box[(at >> 2) * 4 + [1, 0, 3, 2][at % 4]!]!);
    const faulty = { ...clean, predictions: { ...clean.predictions, box: swapped } };
    const bill = billOf({ ...faulty, scoredCategory: first!.id });
    const [cause] = bill.causes;
    expect(cause!.code).toBe('axes-swapped');
    expect(bill.score!.value).toBe(apOf(scoringInputOf(faulty), first!.id));
    expect(cause!.scoreAfter).toBe(apOf(scoringInputOf(clean), first!.id));
    expect(cause!.gain).toBe(cause!.scoreAfter! - bill.score!.value!);
  });

  it('gives a class that is never predicted only to that class', () => {
    const index = clean.truth.categories.indexOf(second!);
    const kept = (row: number): boolean => clean.predictions.category[row] !== index;
    const faulty = { ...clean, predictions: choosePredictions(clean.predictions, kept) };
    const codes = (id: number): string[] =>
      billOf({ ...faulty, scoredCategory: id }).causes.map(({ code }) => code);
    expect(codes(second!.id)).toContain('class-never-predicted');
    expect(codes(first!.id)).not.toContain('class-never-predicted');
  });

  it('prices a suspect label by what mending it does to that class', () => {
    const set = detect({ ...STRONG_DETECTOR, images: 40 }, 11);
    const { input } = plantErrors(set, { each: 6, shiftedIou: [0.3, 0.6], extraOnObjects: 0 }, new Random(1));
    const { id } = input.categories[1]!;
    const scorer = createScorer(input, 'coco');
    const before = apOf(input, id);
    const { suggestions } = fixQueue(input, scorerOfClass(scorer, id));
    const { annotation, edit, gain } = suggestions.find(({ kind }) => kind === 'badly-placed')!;
    expect(input.categories[input.annotations.category[annotation!]!]!.id).toBe(id);
    const box = input.annotations.box.slice();
    if ('change' in edit) box.set(edit.change.box!, annotation! * 4);
    const area = input.annotations.area.map((own, row) =>
      row === annotation ? box[row * 4 + 2]! * box[row * 4 + 3]! : own,
    );
    expect(gain).toBeCloseTo(
      apOf({ ...input, annotations: { ...input.annotations, box, area } }, id) - before,
      12,
    );
  });
});
