/** Shifts and biases planted into generated sets are named with the right sign and size; nothing where none was planted. */
import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import { CLEAN_SHAPES, cleanSet } from '../clean-set.fixture';
import { type DataFiles, randomOf, situationOf } from '../data-files.fixture';
import { diagnose } from '../diagnose';
import type { Cause } from '../cause';
import { configuredRun } from '../../training/assemble-run';
import type { MeasuredChange } from '../measured/measure-change';
import { readPipelineConfig } from '../../training/pipeline-config';
import { classImbalance } from './class-imbalance';
import { modelInput } from './model-input';
import { noBackgroundImages } from './no-background-images';
import { positionBias } from './position-bias';
import { trainEvaluationOverlap } from './train-evaluation-overlap';
import { trainEvaluationShift } from './train-evaluation-shift';

const SHAPE = { images: 120, classes: 4, objects: 7, clutter: 5, looseness: 0.05, found: 0.9 };
const RULES = [
  trainEvaluationOverlap,
  trainEvaluationShift,
  positionBias,
  modelInput,
  classImbalance,
  noBackgroundImages,
];
const TRAIN = cleanSet(31, SHAPE);
const EVALUATION = cleanSet(32, SHAPE);

function causesOf(train: DataFiles, evaluation: DataFiles, resizer?: string): readonly Cause[] {
  const situation = situationOf(evaluation);
  const config = `model { ssd { image_resizer { ${resizer} } } }`;
  const training = resizer ? configuredRun(readPipelineConfig(config, 'pipeline.config')) : null;
  const sources = { train: { truth: situationOf(train).truth, facts: null }, training, reported: [] };
  return diagnose(situation, situation.truth, sources, RULES, noProgress, { hasIntervals: false }).causes;
}

const shiftIn = (causes: readonly Cause[], property: string): Cause | undefined =>
  causes.find(({ code, evidence }) => code === 'train-evaluation-shift' && evidence.property === property);

const medians = (cause: Cause | undefined): [train: number, evaluation: number] => [
  Number(cause!.evidence.train),
  Number(cause!.evidence.evaluation),
];

/** A copy of the evaluation set with its labels changed, predictions left as they are. */
function changed(change: (files: DataFiles) => void): DataFiles {
  const files = structuredClone(EVALUATION);
  change(files);
  return files;
}

function sizeOfImage(files: DataFiles, id: number): [number, number] {
  const { width, height } = files.truth.images.find((image) => image.id === id)!;
  return [width, height];
}

describe('Data causes', () => {
  it.each(CLEAN_SHAPES.map((shape, index) => [index, shape] as const))(
    'are not named in two clean sets of shape %i',
    (index, shape) => {
      expect(causesOf(cleanSet(500 + index, shape), cleanSet(600 + index, shape))).toEqual([]);
    },
  );

  it('objects of the evaluation are smaller', () => {
    const files = changed(({ truth, predictions }) => {
      for (const { bbox } of [...truth.annotations, ...predictions]) {
        bbox[2] *= 0.4;
        bbox[3] *= 0.4;
      }
    });
    const causes = causesOf(TRAIN, files);
    const [train, evaluation] = medians(shiftIn(causes, 'size'));
    expect(evaluation / train).toBeGreaterThan(0.3);
    expect(evaluation / train).toBeLessThan(0.5);
  });

  it('boxes of the evaluation are flatter', () => {
    const files = changed(({ truth, predictions }) => {
      for (const { bbox } of [...truth.annotations, ...predictions]) {
        bbox[2] *= 1.5;
        bbox[3] /= 1.5;
      }
    });
    const [train, evaluation] = medians(shiftIn(causesOf(TRAIN, files), 'aspect-ratio'));
    expect(evaluation / train).toBeGreaterThan(1.8);
    expect(evaluation / train).toBeLessThan(2.8);
  });

  it('objects of the evaluation lie at the left', () => {
    const files = changed(({ truth, predictions }) => {
      for (const { bbox } of [...truth.annotations, ...predictions]) bbox[0] *= 0.4;
    });
    const found = shiftIn(causesOf(TRAIN, files), 'position');
    const [train, evaluation] = medians(found);
    if (String(found!.evidence.measure).includes('left')) expect(evaluation).toBeLessThan(train - 0.15);
    else expect(evaluation).toBeGreaterThan(train);
  });

  it('images of the evaluation are larger, with the same objects in them', () => {
    const files = changed(({ truth, predictions }) => {
      for (const image of truth.images) {
        image.width *= 2;
        image.height *= 2;
      }
      for (const { bbox } of [...truth.annotations, ...predictions])
        for (let part = 0; part < 4; part++) bbox[part]! *= 2;
    });
    const causes = causesOf(TRAIN, files);
    const [train, evaluation] = medians(shiftIn(causes, 'resolution'));
    expect(evaluation / train).toBeCloseTo(2, 0);
    expect(shiftIn(causes, 'size')).toBeUndefined();
    expect(shiftIn(causes, 'position')).toBeUndefined();
  });

  it('a class is much more common in the evaluation', () => {
    const random = randomOf(3);
    const files = changed(({ truth }) => {
      for (const annotation of truth.annotations) if (random() < 0.5) annotation.category_id = 4;
    });
    const found = shiftIn(causesOf(TRAIN, files), 'class');
    const [train, evaluation] = medians(found);
    expect(evaluation - train).toBeGreaterThan(0.3);
  });

  it('images of training are evaluated on', () => {
    const files = structuredClone(TRAIN);
    files.truth.images = files.truth.images.map((image) => ({ ...image, file_name: `copy/${image.id}.jpg` }));
    const found = causesOf(TRAIN, files).find(({ code }) => code === 'train-evaluation-overlap');
    expect(found!.evidence.images).toBeGreaterThan(110);
  });

  it('objects at the edge are not found: named, at about the price of finding them', () => {
    const random = randomOf(4);
    const files = changed((set) => {
      set.predictions = set.predictions.filter(({ image_id, bbox }) => {
        const [width, height] = sizeOfImage(set, Number(image_id));
        const x = Math.abs((bbox[0] + bbox[2] / 2) / width - 0.5) * 2;
        const y = Math.abs((bbox[1] + bbox[3] / 2) / height - 0.5) * 2;
        return Math.max(x, y) < 0.6 || random() < 0.4;
      });
    });
    const causes = causesOf(TRAIN, files);
    const found = causes.find(({ code }) => code === 'position-bias')!;
    expect(found.evidence.recallCentre).toBeGreaterThan(Number(found.evidence.recallEdge) + 0.3);
    const lost = diagnoseScore(EVALUATION) - diagnoseScore(files);
    expect(found.gain).toBeGreaterThan(lost * 0.4);
    expect(found.gain).toBeLessThan(lost * 1.6);
    expect(causes.map(({ code }) => code)).toEqual(['position-bias']);
  });

  it('an experiment with shifted images decides whether the place is to blame', () => {
    const random = randomOf(4);
    const files = changed((set) => {
      set.predictions = set.predictions.filter(({ image_id, bbox }) => {
        const [width] = sizeOfImage(set, Number(image_id));
        return Math.abs((bbox[0] + bbox[2] / 2) / width - 0.5) < 0.3 || random() < 0.4;
      });
    });
    const situation = situationOf(files);
    const causeWith = (foundAfter: number): Cause | undefined => {
      const shifted: MeasuredChange = {
        ...{ change: { shift: { x: 0.25, y: 0 } }, scoreBefore: 0.4, scoreAfter: 0.4, gain: 0 },
        ...{ gainInterval: null, recallBefore: 0.5, recallAfter: 0.5 },
        moved: [
          {
            ...{ from: 'edge', to: 'centre', labels: 100, foundBefore: 40, foundAfter },
            ...{ lost: 2, won: foundAfter - 38 },
          },
        ],
      };
      const measured = { images: 50, total: 120, changes: [shifted], ownRun: null };
      const sources = { train: null, training: null, reported: [], measured };
      const { causes } = diagnose(situation, situation.truth, sources, [positionBias], noProgress, {
        hasIntervals: false,
      });
      return causes.find(({ code }) => code === 'position-bias');
    };
    expect(causeWith(85)).toMatchObject({
      confidence: 'measured',
      evidence: { experiment: { verdict: 'confirmed', recallAtEdge: 0.4, recallAtCentre: 0.85 } },
    });
    // The same objects are not found at the centre either: they are hard, wherever they are.
    expect(causeWith(40)).toBeUndefined();
  });

  it('a class that training shows rarely scores low', () => {
    const train = structuredClone(TRAIN);
    let kept = 0;
    train.truth.annotations = train.truth.annotations.filter(
      ({ category_id }) => category_id !== 3 || kept++ < 10,
    );
    const random = randomOf(5);
    const files = changed((set) => {
      set.predictions = set.predictions.filter(({ category_id }) => category_id !== 3 || random() < 0.3);
    });
    const found = causesOf(train, files).find(({ code }) => code === 'class-imbalance');
    expect(found!.evidence.rare).toHaveLength(1);
    expect(found!.gain).toBeGreaterThan(0.02);
  });

  it('objects that the resizer makes tiny are not found', () => {
    const resizer = 'fixed_shape_resizer { height: 160 width: 160 }';
    const random = randomOf(6);
    const files = changed((set) => {
      set.predictions = set.predictions.filter(({ image_id, bbox }) => {
        const [width, height] = sizeOfImage(set, Number(image_id));
        const side = Math.sqrt(((bbox[2] * 160) / width) * ((bbox[3] * 160) / height));
        return side >= 16 || random() < 0.4;
      });
    });
    const found = causesOf(TRAIN, files, resizer).find(({ code }) => code === 'objects-too-small')!;
    expect(found.evidence.recallNext).toBeGreaterThan(Number(found.evidence.recall) + 0.3);
    expect(found.gain).toBeGreaterThan(0.01);
    expect(causesOf(TRAIN, EVALUATION, resizer)).toEqual([]);
  });

  it('a resizer that squeezes images is named with the side that it shrinks', () => {
    const causes = causesOf(TRAIN, EVALUATION, 'fixed_shape_resizer { height: 640 width: 240 }');
    const found = causes.find(({ code }) => code === 'aspect-squashed');
    expect(found!.title).toContain('shrinks widths');
    expect(found!.evidence.ratio).toBeLessThan(0.6);
    const kept = 'keep_aspect_ratio_resizer { min_dimension: 600 max_dimension: 1024 }';
    expect(causesOf(TRAIN, EVALUATION, kept)).toEqual([]);
  });

  it('inventions on empty images, where training had none, cost what the score gains without them', () => {
    const files = changed(({ truth, predictions }) => {
      const empty = new Set(truth.images.filter((_, index) => index % 4 === 0).map(({ id }) => id));
      truth.annotations = truth.annotations.filter(({ image_id }) => !empty.has(image_id));
      for (const prediction of predictions)
        if (empty.has(Number(prediction.image_id))) prediction.score = Math.max(prediction.score, 0.8);
    });
    const found = causesOf(TRAIN, files).find(({ code }) => code === 'no-background-images')!;
    expect(found.evidence.emptyImages).toBe(30);
    expect(found.gain).toBeGreaterThan(0.02);
    const withEmpty = structuredClone(TRAIN);
    const first = withEmpty.truth.images[0]!.id;
    withEmpty.truth.annotations = withEmpty.truth.annotations.filter(({ image_id }) => image_id !== first);
    expect(causesOf(withEmpty, files).map(({ code }) => code)).not.toContain('no-background-images');
  });
});

function diagnoseScore(files: DataFiles): number {
  const situation = situationOf(files);
  const sources = { train: null, training: null, reported: [] };
  return diagnose(situation, situation.truth, sources, [], noProgress, { hasIntervals: false }).score!.value!;
}
