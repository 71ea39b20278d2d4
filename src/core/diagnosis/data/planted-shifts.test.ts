/**
 * Data shifts planted by a generator, each over several seeds: named with the right sign and about the right size. Where
 * nothing was planted, nothing is named.
 */
import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import type { ImageFacts } from '../situation';
import { withoutPredictions } from '../situation';
import { cleanSet } from '../clean-set.fixture';
import { type DataFiles, randomOf, situationOf } from '../data-files.fixture';
import { diagnose } from '../diagnose';
import type { FoundCause } from '../cause';
import type { DiagnosisSources } from '../rule';
import { configuredRun } from '../../training/assemble-run';
import { readPipelineConfig } from '../../training/pipeline-config';
import { anchorsDoNotCover } from './anchors-do-not-cover';
import { asymmetricClasses } from './asymmetric-classes';
import { classImbalance } from './class-imbalance';
import { positionBias } from './position-bias';
import { profileData } from './profile/profile';
import { resolutionDiffers } from './resolution-differs';
import { trainEvaluationOverlap } from './train-evaluation-overlap';
import { trainEvaluationShift } from './train-evaluation-shift';

const SEEDS = [1, 2, 3, 4, 5];
const SHAPE = { images: 80, classes: 4, objects: 6, clutter: 3, looseness: 0.05, found: 0.9 };
const RULES = [
  trainEvaluationOverlap,
  trainEvaluationShift,
  positionBias,
  classImbalance,
  anchorsDoNotCover,
  resolutionDiffers,
  asymmetricClasses,
];

interface Given {
  readonly config?: string;
  readonly resizers?: DiagnosisSources['resizers'];
  readonly facts?: readonly [train: readonly ImageFacts[], evaluation: readonly ImageFacts[]];
}

function causesOf(train: DataFiles, evaluation: DataFiles, given: Given = {}): readonly FoundCause[] {
  const situation = { ...situationOf(evaluation), facts: given.facts?.[1] ?? null };
  const training =
    given.config === undefined ? null : configuredRun(readPipelineConfig(given.config, 'pipeline.config'));
  const sources = {
    train: { truth: situationOf(train).truth, facts: given.facts?.[0] ?? null },
    training,
    reported: [],
    resizers: given.resizers ?? null,
  };
  // The rules alone: the search for repairs before them has tests of its own.
  const task = { situation, truth: situation.truth, sources, resizer: null };
  return profileData(task, RULES, noProgress).causes;
}

const setOf = (seed: number, change: (files: DataFiles) => void = () => undefined): DataFiles => {
  const files = cleanSet(seed, SHAPE);
  change(files);
  return files;
};
const boxesOf = ({ truth, predictions }: DataFiles) => [...truth.annotations, ...predictions];
const shiftIn = (causes: readonly FoundCause[], property: string) =>
  causes.find(({ code, evidence }) => code === 'train-evaluation-shift' && evidence.property === property)!;
const ratio = ({ evidence }: FoundCause): number => Number(evidence.evaluation) / Number(evidence.train);

describe.each(SEEDS)('With seed %i', (seed) => {
  const train = setOf(700 + seed);
  const evaluation = 800 + seed;

  it('nothing is named where nothing was planted, whatever is configured', () => {
    const given = {
      config: configOf('fixed_shape_resizer { height: 512 width: 512 }', SSD, ['random_horizontal_flip']),
      resizers: { trained: FIXED(512), evaluated: FIXED(512) },
    };
    expect(causesOf(train, setOf(evaluation), given)).toEqual([]);
  });

  it.each([
    ['smaller', 0.45],
    ['larger', 1.7],
  ])('objects that are %s', (_, factor) => {
    const files = setOf(evaluation, (own) => {
      for (const { bbox } of boxesOf(own)) {
        bbox[2] *= factor;
        bbox[3] *= factor;
      }
    });
    const found = ratio(shiftIn(causesOf(train, files), 'size'));
    expect(found).toBeGreaterThan(factor * 0.75);
    expect(found).toBeLessThan(factor * 1.35);
  });

  it('objects that lie further down', () => {
    const files = setOf(evaluation, (own) => {
      const heights = new Map(own.truth.images.map(({ id, height }) => [id, height]));
      for (const box of boxesOf(own)) {
        const height = heights.get(Number(box.image_id))!;
        box.bbox[1] = height - box.bbox[3] - (height - box.bbox[3] - box.bbox[1]) * 0.35;
      }
    });
    const found = shiftIn(causesOf(train, files), 'position');
    expect(found).toBeDefined();
    // Down, or away from the centre: whichever differs most.
    expect(ratio(found)).toBeGreaterThan(1.15);
  });

  it('images of another resolution', () => {
    const files = setOf(evaluation, (own) => {
      for (const image of own.truth.images) {
        image.width /= 2;
        image.height /= 2;
      }
      for (const { bbox } of boxesOf(own)) for (let part = 0; part < 4; part++) bbox[part]! /= 2;
    });
    const causes = causesOf(train, files);
    expect(ratio(shiftIn(causes, 'resolution'))).toBeCloseTo(0.5, 1);
    expect(causes).toHaveLength(1);
  });

  it('files of another source', () => {
    const files = setOf(evaluation, ({ truth }) => {
      truth.images.forEach((image, at) => {
        if (at % 5 > 0) image.file_name = `synthetic/render_${at}.png`;
      });
    });
    const causes = causesOf(train, files);
    expect(shiftIn(causes, 'source').evidence).toMatchObject({
      source: 'synthetic/render….png',
      train: 0,
      evaluation: 0.8,
    });
    expect(causes).toHaveLength(1);
  });

  it('folders that only tell the sets apart are no source', () => {
    const inFolder = (folder: string) => (files: DataFiles) => {
      files.truth.images.forEach((image, at) => (image.file_name = `${folder}/Shot_${at}.jpg`));
    };
    const own = setOf(700 + seed, inFolder('images/train'));
    expect(causesOf(own, setOf(evaluation, inFolder('images/val')))).toEqual([]);
    const cameras = setOf(700 + seed, inFolder('spring'));
    expect(causesOf(cameras, setOf(evaluation, inFolder('summer')))).toEqual([]);
  });

  it('a class that training shows rarely, scored low for it', () => {
    const random = randomOf(seed);
    let kept = 0;
    const rare = setOf(700 + seed, ({ truth }) => {
      truth.annotations = truth.annotations.filter(({ category_id }) => category_id !== 3 || kept++ < 8);
    });
    const files = setOf(evaluation, (own) => {
      own.predictions = own.predictions.filter(({ category_id }) => category_id !== 3 || random() < 0.35);
    });
    const found = causesOf(rare, files).find(({ code }) => code === 'class-imbalance')!;
    expect(found.evidence.rare).toHaveLength(1);
    expect(found.price!.gain).toBeGreaterThan(0.02);
    expect(found.price!.gain).toBeLessThan(0.25);
  });

  it('pictures of training in other files', () => {
    const prints = (from: number) =>
      train.truth.images.map((_, at): ImageFacts => {
        const random = randomOf(from + at);
        const print = Uint8Array.from({ length: 256 }, () => 40 + random() * 170);
        return { width: 640, height: 480, orientation: 1, print };
      });
    const before = prints(seed * 1000);
    const now = prints(seed * 1000 + 500);
    expect(causesOf(train, setOf(evaluation), { facts: [before, now] })).toEqual([]);
    // Nine of them again: half the size, a little brighter, a little noise of compression.
    const random = randomOf(seed);
    for (let at = 0; at < 9; at++) {
      const print = before[at + 20]!.print!.map((level) => Math.min(255, level * 1.1 + 5 + random() * 6));
      now[at * 3] = { width: 320, height: 240, orientation: 1, print };
    }
    const [found, ...others] = causesOf(train, setOf(evaluation), { facts: [before, now] });
    expect(found).toMatchObject({
      code: 'train-evaluation-overlap',
      evidence: { byPixels: 9, byLabels: 0 },
    });
    expect(found!.images).toHaveLength(9);
    expect(others).toEqual([]);
  });

  it('anchors that are too large for the objects', () => {
    const config = configOf('fixed_shape_resizer { height: 512 width: 512 }', LARGE_ANCHORS);
    const random = randomOf(seed);
    const files = setOf(evaluation, (own) => {
      const sizes = new Map(own.truth.images.map(({ id, width, height }) => [id, [width, height] as const]));
      own.predictions = own.predictions.filter(({ image_id, bbox }) => {
        const [width, height] = sizes.get(Number(image_id))!;
        const side = Math.sqrt(((bbox[2] * 512) / width) * ((bbox[3] * 512) / height));
        return side > 55 || random() < 0.5;
      });
    });
    const found = causesOf(train, files, { config }).find(({ code }) => code === 'anchors-do-not-cover')!;
    expect(found.evidence.share).toBeGreaterThan(0.2);
    expect(found.evidence.recallOthers).toBeGreaterThan(Number(found.evidence.recall) + 0.1);
    expect(found.price!.gain).toBeGreaterThan(0.01);
  });

  it('an evaluation at another size than the training', () => {
    const causes = causesOf(train, setOf(evaluation), {
      resizers: { trained: FIXED(300), evaluated: FIXED(600) },
    });
    expect(causes.map(({ code }) => code)).toEqual(['resolution-differs']);
    expect(causes[0]!.evidence.factor).toBeCloseTo(2);
  });

  it('flips of classes that they exchange', () => {
    const random = randomOf(seed);
    const named = (files: DataFiles) => {
      files.truth.categories[0]!.name = 'turn left';
      files.truth.categories[1]!.name = 'turn right';
    };
    const files = setOf(evaluation, (own) => {
      named(own);
      for (const prediction of own.predictions)
        if (Number(prediction.category_id) <= 2 && random() < 0.45)
          prediction.category_id = 3 - Number(prediction.category_id);
    });
    const flips = {
      config: configOf('fixed_shape_resizer { height: 512 width: 512 }', SSD, ['random_horizontal_flip']),
    };
    const found = causesOf(setOf(700 + seed, named), files, flips);
    expect(found.map(({ code }) => code)).toEqual(['asymmetric-classes-flipped']);
    expect(found[0]!.evidence.pairs).toEqual([['turn left', 'turn right']]);
    expect(found[0]!.price!.gain).toBeGreaterThan(0.02);
    // Without the confusion, and without the flip, there is nothing to say.
    expect(causesOf(train, setOf(evaluation, named), flips)).toEqual([]);
    const without = { config: configOf('fixed_shape_resizer { height: 512 width: 512 }', SSD, []) };
    expect(causesOf(train, files, without)).toEqual([]);
  });
});

it('Flips of exchanged classes are told from the configuration alone too, without a price', () => {
  const files = setOf(1, ({ truth }) => {
    truth.categories[0]!.name = 'L';
    truth.categories[1]!.name = 'J';
  });
  const { truth } = withoutPredictions(situationOf(files).truth);
  const config = configOf('fixed_shape_resizer { height: 300 width: 300 }', SSD, ['random_horizontal_flip']);
  const training = configuredRun(readPipelineConfig(config, 'pipeline.config'));
  const sources = { train: null, training, reported: [] };
  const { causes } = diagnose(null, truth, sources, [asymmetricClasses], noProgress);
  expect(causes).toMatchObject([{ code: 'asymmetric-classes-flipped', gain: null }]);
});

const FIXED = (side: number) => ({ kind: 'fixed', width: side, height: side }) as const;
const SSD =
  'ssd_anchor_generator { num_layers: 6 min_scale: 0.1 max_scale: 0.95 aspect_ratios: 1 aspect_ratios: 2 aspect_ratios: 0.5 aspect_ratios: 3 aspect_ratios: 0.3333 }';
const LARGE_ANCHORS =
  'multiscale_anchor_generator { min_level: 4 max_level: 7 anchor_scale: 5 scales_per_octave: 2 aspect_ratios: 1 aspect_ratios: 2 aspect_ratios: 0.5 }';

function configOf(resizer: string, anchors: string, augmentations: readonly string[] = []): string {
  const options = augmentations.map((name) => `data_augmentation_options { ${name} { } }`).join('\n');
  return `model { ssd { image_resizer { ${resizer} } anchor_generator { ${anchors} } } }\ntrain_config { ${options} }`;
}
