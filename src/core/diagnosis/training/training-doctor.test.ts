/** Each rule on a training that shows it and nothing else. Real trainings are in `engine/training`. */
import { describe, expect, it } from 'vitest';
import { assembleRun, configuredRun } from '../../training/assemble-run';
import { readPipelineConfig } from '../../training/pipeline-config';
import { makeSeries } from '../../training/series';
import type { TrainingRun } from '../../training/training-run';
import { Random } from '../../foundation/random';
import { diagnoseTraining } from './training-doctor';

const POINTS = 100;
type Curve = (share: number, at: number) => number;

interface Given {
  readonly loss: Curve;
  readonly validation?: Curve;
  readonly score?: Curve;
  readonly rate?: Curve;
  readonly config?: string;
}

/** A hundred losses with noise of 3 %, ten evaluations. */
function training({ loss, validation, score, rate, config }: Given): TrainingRun {
  const random = new Random(7);
  const curve = (name: string, side: 'training' | 'evaluation', count: number, value: Curve, noise = 0) => ({
    name,
    side,
    series: makeSeries(
      Array.from({ length: count }, (_, at) => ({
        step: ((at + 1) * 1000) / count,
        value: value((at + 1) / count, at) * (1 + random.between(-noise, noise)),
        wallTime: null,
      })),
    ),
  });
  return assembleRun(
    [
      curve('Loss/total_loss', 'training', POINTS, loss, 0.03),
      ...(validation ? [curve('Loss/total_loss', 'evaluation', 10, validation, 0.005)] : []),
      ...(score ? [curve('DetectionBoxes_Precision/mAP', 'evaluation', 10, score)] : []),
      ...(rate ? [curve('learning_rate', 'training', POINTS, rate)] : []),
    ],
    {
      name: 'a',
      source: 'event-files',
      unit: 'step',
      config: config === undefined ? null : readPipelineConfig(config, 'pipeline.config'),
    },
  );
}

const codes = (run: TrainingRun): string[] => diagnoseTraining(run).causes.map(({ code }) => code);

const learns: Curve = (share) => 1 + 9 * Math.exp(-12 * share);
const generalises: Curve = (share) => 1.2 + 9 * Math.exp(-12 * share);
const scores: Curve = (share) => 0.6 * (1 - Math.exp(-12 * share));
const decays: Curve = (share) => 0.01 * (1 - share);
const GOOD: Given = { loss: learns, validation: generalises, score: scores, rate: decays };

const config = (train: string, optimizer = 'momentum_optimizer'): string =>
  `train_config { batch_size: 8 num_steps: 1000\n${train}\ndata_augmentation_options { random_horizontal_flip { } }
  optimizer { ${optimizer} { learning_rate {\nconstant_learning_rate { learning_rate: 0.005 }\n} } } }`;

describe('the training doctor', () => {
  it('finds nothing in a training that went well, however little of it was logged', () => {
    expect(codes(training(GOOD))).toEqual([]);
    expect(codes(training({ loss: learns }))).toEqual([]);
    expect(codes(training({ loss: learns, validation: generalises }))).toEqual([]);
    expect(codes(training({ loss: learns, score: scores }))).toEqual([]);
    expect(diagnoseTraining(training(GOOD)).checksPassed).toBe(11);
  });

  it('learning rate too high: no number, a second rise, spikes, a plateau', () => {
    const high = (loss: Curve, score?: Curve): string | undefined =>
      codes(training({ ...GOOD, loss, ...(score ? { score } : {}) }))[0];
    expect(high((share) => (share > 0.5 ? NaN : learns(share, 0)))).toBe('learning-rate-too-high');
    const worse: Given = { ...GOOD, validation: (share) => 1.2 + 5 * share, score: () => 0 };
    expect(codes(training({ ...worse, loss: (share) => 1 + 20 * (share - 0.3) ** 2 }))[0]).toBe(
      'learning-rate-too-high',
    );
    expect(high((share, at) => learns(share, at) * (at % 17 === 16 ? 10 : 1))).toBe('learning-rate-too-high');
    const plateau: Curve = (_, at) => (at < 3 ? 40 : 3.5);
    const stuck: Given = { loss: plateau, validation: () => 3.5, score: () => 0.0005, rate: () => 0.5 };
    expect(codes(training(stuck))[0]).toBe('learning-rate-too-high');
  });

  it('learning rate too high for the optimizer and batch, before anything was trained', () => {
    const high = config('').replace('0.005', '0.3');
    expect(codes(configuredRun(readPipelineConfig(high, 'a')))).toEqual(['learning-rate-too-high']);
    expect(codes(configuredRun(readPipelineConfig(config(''), 'a')))).toEqual([]);
  });

  it('learning rate too low', () => {
    const slow: Given = { loss: (share) => 10 - share, validation: (share) => 10 - share, score: () => 0 };
    const low = config('', 'adam_optimizer').replace('0.005', '0.000001');
    expect(codes(training({ ...slow, rate: () => 1e-6, config: low }))).toContain('learning-rate-too-low');
  });

  it('warm-up without an end', () => {
    expect(codes(training({ ...GOOD, rate: (share) => 0.01 * share }))).toContain('warm-up-never-ends');
  });

  it('a rate that is spent too early, and one that never decays', () => {
    expect(codes(training({ ...GOOD, rate: (share) => (share < 0.3 ? 0.01 : 1e-6) }))).toEqual([
      'learning-rate-decays-too-early',
    ]);
    expect(codes(training({ ...GOOD, rate: () => 0.01 }))).toEqual(['learning-rate-never-decays']);
  });

  it('a checkpoint of a detector restored as a classifier’s', () => {
    const wrong = config(
      'fine_tune_checkpoint: "ssd_mobilenet_v2_coco/ckpt-0"\nfine_tune_checkpoint_type: "classification"',
    );
    const { causes, changes } = diagnoseTraining(training({ ...GOOD, config: wrong }));
    expect(causes.map(({ code }) => code)).toEqual(['checkpoint-type']);
    expect(changes[0]!.change.add).toEqual(['fine_tune_checkpoint_type: "detection"']);
    const unsaid = wrong.replace('\nfine_tune_checkpoint_type: "classification"', '');
    const told = diagnoseTraining(training({ ...GOOD, config: unsaid }));
    expect(told.causes.map(({ code }) => code)).toEqual(['checkpoint-type']);
    expect(told.changes[0]!.change).toMatchObject({
      remove: null,
      add: ['fine_tune_checkpoint_type: "detection"'],
    });
    const old = unsaid.replace('num_steps', 'from_detection_checkpoint: true num_steps');
    expect(codes(training({ ...GOOD, config: old }))).toEqual([]);
    const right = wrong.replace('"classification"', '"detection"');
    expect(codes(training({ ...GOOD, config: right }))).toEqual([]);
  });

  it('batch normalisation of tiny batches', () => {
    const apart: Given = { ...GOOD, validation: () => 30, score: () => 0.001 };
    const tiny = config('').replace('batch_size: 8', 'batch_size: 1');
    expect(codes(training({ ...apart, config: tiny }))[0]).toBe('batch-normalisation');
    const frozen = tiny.replace('num_steps', 'freeze_batchnorm: true num_steps');
    expect(codes(training({ ...apart, config: frozen }))).not.toContain('batch-normalisation');
  });

  it('overfitting, by the loss and by the score alone, at the price of the best checkpoint', () => {
    const climbs: Curve = (share) => (share < 0.3 ? 4 - 5 * share : 2.5 + 2 * (share - 0.3));
    const peaks: Curve = (share) => 0.5 - Math.abs(share - 0.4) / 4;
    const overfit: Given = { ...GOOD, loss: (share) => 5 * Math.exp(-5 * share), score: peaks };
    const byLoss = diagnoseTraining(training({ ...overfit, validation: climbs })).causes[0]!;
    expect(byLoss).toMatchObject({ code: 'overfitting', evidence: { risesFrom: 300, bestStep: 400 } });
    expect(byLoss.price!.gain).toBeCloseTo(0.15, 12);
    const { loss, score } = overfit;
    expect(codes(training({ loss, score: score! }))[0]).toBe('overfitting');
    const bare = config('').replace('data_augmentation_options { random_horizontal_flip { } }', '');
    expect(codes(training({ ...overfit, validation: climbs, config: bare }))).toContain(
      'augmentation-missing',
    );
  });

  it('overfitting where the validation loss only stays far above: images known by heart', () => {
    const heart: Given = {
      loss: (share) => 0.02 + 5 * Math.exp(-5 * share),
      validation: (share) => 3 + 2 * Math.exp(-12 * share),
      score: (share) => 0.12 * (1 - Math.exp(-12 * share)),
      rate: decays,
    };
    expect(codes(training(heart))).toEqual(['overfitting']);
    // As far apart, and good: a network that fits its images well.
    expect(codes(training({ ...heart, score: scores }))).toEqual([]);
  });

  it('a rate too high that holds the loss where it was: no lower in the end, and hardly a score', () => {
    const held: Curve = (share) => 5 + 10 * Math.exp(-30 * share) + 0.4 * share;
    const stuck: Given = { loss: held, validation: held, score: () => 0.04, rate: () => 0.05 };
    expect(codes(training(stuck))[0]).toBe('learning-rate-too-high');
  });

  describe('where no score was logged', () => {
    it('a rate that no optimizer bears, and a loss on a plateau', () => {
      const flat: Curve = (share) => 6.5 + Math.exp(-30 * share);
      const falls: Curve = (share) => 1 - share;
      expect(codes(training({ loss: flat, validation: flat, rate: falls }))).toEqual([
        'learning-rate-too-high',
      ]);
      expect(codes(training({ loss: flat, validation: flat, rate: decays }))).toEqual([]);
    });

    it('a loss that climbs slowly from its lowest, under a rate that does not fall', () => {
      const climbs: Curve = (share) => 5 + 10 * Math.exp(-30 * share) + share;
      const validation: Curve = (share, at) => 5.2 + 0.8 * share + (at % 2);
      expect(codes(training({ loss: climbs, validation, rate: () => 0.05 }))).toEqual([
        'learning-rate-too-high',
      ]);
    });

    it('a validation loss many times the training loss', () => {
      const loss: Curve = (share) => 0.7 + 9 * Math.exp(-8 * share);
      const validation: Curve = (share) => 3.7 + 9 * Math.exp(-12 * share);
      expect(codes(training({ loss, validation, rate: () => 0.003 }))[0]).toBe('overfitting');
    });

    it('a rate far too low before the training that is too short for it', () => {
      const loss: Curve = (share) => 24 - 10 * share;
      expect(codes(training({ loss, validation: loss, rate: () => 1e-6 }))).toEqual([
        'learning-rate-too-low',
        'stopped-too-early',
      ]);
    });
  });

  it('a training stopped too early, with what longer would bring', () => {
    const early: Given = {
      loss: (share) => 10 - 6 * share,
      validation: (share) => 11 - 6 * share,
      score: (share) => 0.3 * share,
      rate: () => 0.001,
    };
    const [cause] = diagnoseTraining(training(early)).causes;
    expect(cause!.code).toBe('stopped-too-early');
    expect(cause!.price!.gain).toBeGreaterThan(0.05);
    const [low, high] = cause!.price!.interval!;
    expect(low).toBeLessThanOrEqual(cause!.price!.gain);
    expect(high).toBeGreaterThanOrEqual(cause!.price!.gain);
  });

  it('underfitting: both level, close together, at a low score', () => {
    const level: Curve = (share) => 3 + Math.exp(-20 * share);
    const low: Given = {
      loss: level,
      validation: level,
      score: (share) => 0.15 * (1 - Math.exp(-20 * share)),
      rate: decays,
    };
    expect(codes(training(low))).toEqual(['underfitting']);
    // What a rate that runs out gains at last does not go on.
    const annealed: Curve = (share) => (share < 0.7 ? 3 : 3 - (share - 0.7));
    const spent: Given = { ...low, loss: annealed, validation: annealed };
    expect(codes(training(spent))).toEqual(['underfitting']);
  });
});
