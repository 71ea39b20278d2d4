import { describe, expect, it } from 'vitest';
import { configuredRun } from './assemble-run';
import { changedText, linesOf, proposedSchedule } from './config-change';
import { compareTrainings } from './compare-trainings';
import { curveOf } from './curve-names';
import { placeOf } from './event-folders';
import { nameRates } from './name-schedule';
import { isPipelineConfig, readPipelineConfig } from './pipeline-config';
import { parseRateFormula } from './rate-formula';
import { rateAt, warmUpSteps } from './schedule';
import type { Schedule } from './schedule';
import { fallAtEnd, makeSeries, noiseOf, smoothed, sumOf } from './series';
import type { Series } from './series';
import { throughputOf } from './throughput';
import type { TrainingRun } from './training-run';
import { likelyTraining } from './training-run';

const seriesOf = (values: readonly number[], every = 1): Series =>
  makeSeries(values.map((value, at) => ({ step: at * every, value, wallTime: null })));

describe('series', () => {
  it('of a step that was logged twice the later one stays, whatever the order of files', () => {
    const points = [
      { step: 2, value: 30, wallTime: 9 },
      { step: 1, value: 1, wallTime: 1 },
      { step: 2, value: 2, wallTime: 2 },
    ];
    expect([...makeSeries(points).value]).toEqual([1, 30]);
    expect([...makeSeries([...points].reverse()).value]).toEqual([1, 30]);
  });

  it('smoothing takes spikes away and leaves a line alone', () => {
    const line = Array.from({ length: 21 }, (_, at) => at);
    expect([...smoothed(seriesOf(line), 3).value].slice(1, -1)).toEqual(line.slice(1, -1));
    const spiked = line.with(10, 1000);
    expect(Math.max(...smoothed(seriesOf(spiked), 3).value)).toBeLessThan(21);
    expect(noiseOf(seriesOf(line))).toBe(0);
  });

  it('the fall at the end is that of the last quarter against the one before', () => {
    expect(fallAtEnd(seriesOf([9, 9, 9, 4, 4, 4, 2, 2, 2], 10))).toBeCloseTo(0.5, 12);
    expect(fallAtEnd(seriesOf(Array<number>(40).fill(1)))).toBe(0);
  });

  it('parts are summed where all of them have a number', () => {
    const sum = sumOf([seriesOf([1, 2, 3]), makeSeries([{ step: 1, value: 10, wallTime: null }])]);
    expect([[...sum!.step], [...sum!.value]]).toEqual([[1], [12]]);
  });
});

describe('schedules, as learning_schedules.py of the Object Detection API has them', () => {
  const rates = (schedule: Schedule, steps: readonly number[]): number[] =>
    steps.map((step) => Number(rateAt(schedule, step).toPrecision(6)));

  it('cosine with warm-up and hold', () => {
    const cosine: Schedule = {
      kind: 'cosine',
      base: 1,
      totalSteps: 100,
      warmUpRate: 0.1,
      warmUpSteps: 5,
      holdSteps: 10,
    };
    expect(rates(cosine, [0, 4, 5, 9, 15, 57.5, 100, 101])).toEqual([0.1, 0.82, 1, 1, 1, 0.5, 0, 0]);
    expect(warmUpSteps(cosine)).toBe(5);
  });

  it('exponential with burn-in', () => {
    const decay: Schedule = {
      kind: 'exponential',
      initial: 1,
      decaySteps: 3,
      factor: 0.1,
      isStaircase: true,
      burnInRate: 0.5,
      burnInSteps: 2,
      lowest: 0.05,
    };
    expect(rates(decay, [0, 1, 2, 4, 5, 7, 8, 9])).toEqual([0.5, 0.5, 1, 1, 0.1, 0.1, 0.05, 0.05]);
    expect(rates({ ...decay, isStaircase: false, burnInSteps: 0 }, [1.5])).toEqual([0.316228]);
  });

  it('steps, with a warm-up to the first', () => {
    const changes = [
      { step: 2, rate: 1 },
      { step: 4, rate: 0.1 },
    ];
    const stepped: Schedule = { kind: 'step', initial: 0.5, changes, warmsUp: false };
    expect(rates(stepped, [0, 1, 2, 3, 4, 99])).toEqual([0.5, 0.5, 1, 1, 0.1, 0.1]);
    expect(rates({ ...stepped, initial: 0, warmsUp: true }, [0, 1, 2, 4])).toEqual([0, 0.5, 1, 0.1]);
  });

  it('triangles and one cycle', () => {
    const triangles: Schedule = { kind: 'cyclical', low: 1, high: 3, period: 4, decay: 0.5 };
    expect(rates(triangles, [0, 1, 2, 3, 4, 6])).toEqual([1, 2, 3, 2, 1, 2]);
    const cycle: Schedule = {
      kind: 'one-cycle',
      high: 1,
      totalSteps: 10,
      riseShare: 0.3,
      startFactor: 0.04,
      endFactor: 0.0001,
    };
    expect(rates(cycle, [0, 3, 10])).toEqual([0.04, 1, 0.0001]);
  });

  it('are named by what they do', () => {
    const used = (schedule: Schedule): string | undefined =>
      nameRates(seriesOf(Array.from({ length: 101 }, (_, step) => rateAt(schedule, step))))?.shape;
    const triangles: Schedule = { kind: 'cyclical', low: 1, high: 3, period: 20, decay: 1 };
    expect(used(triangles)).toBe('cyclical');
    // A schedule may be called cyclical and only decay: its period is longer than twice the training.
    expect(
      nameRates(seriesOf(Array.from({ length: 101 }, (_, step) => rateAt(triangles, 10 + step / 11))))?.shape,
    ).toBe('decaying');
    expect(used({ kind: 'constant', rate: 1 })).toBe('constant');
    expect(used(proposedSchedule(1, 100))).toBe('decaying');
    expect(used({ kind: 'step', initial: 1, changes: [{ step: 50, rate: 0.1 }], warmsUp: false })).toBe(
      'stepwise',
    );
    expect(used({ kind: 'step', initial: 0, changes: [{ step: 200, rate: 1 }], warmsUp: true })).toBe(
      'warming-up',
    );
  });
});

describe('formulas of a rate', () => {
  it.each([
    ['0.01 * 0.95 ^ floor(step / 1000)', 2500, 0.01 * 0.95 ** 2],
    ['1e-3 * (1 + cos(pi * step / 100)) / 2', 50, 5e-4],
    ['min(step / 10, 1) * 2', 5, 1],
    ['-2 ^ 2 + 5', 0, 1],
    ['(step < 10) * 1 + (step >= 10) * 0.1', 10, 0.1],
    ['2 - 1 - 1', 0, 0],
    ['2 ** 3 ^ 0', 0, 2],
  ])('%s', (text, step, expected) => {
    expect(parseRateFormula(text)(step)).toBeCloseTo(expected, 15);
  });

  it.each(['', '1 +', 'step(', 'constructor(1)', '1 2', 'process', '1; 2', '(1', 'x', 'toString'])(
    'refuses “%s”',
    (text) => {
      expect(() => parseRateFormula(text)).toThrow(expect.objectContaining({ code: 'formula-invalid' }));
    },
  );
});

const CONFIG = `model {
  ssd {
    num_classes: 2
    image_resizer { fixed_shape_resizer { height: 320 width: 320 } }
    feature_extractor { type: "ssd_mobilenet_v2_fpn_keras" }
    anchor_generator { multiscale_anchor_generator { anchor_scale: 4.0 aspect_ratios: [1.0, 2.0] } }
  }
}
train_config {
  batch_size: 4
  num_steps: 1000
  optimizer { momentum_optimizer {
    learning_rate {
      cosine_decay_learning_rate {
        learning_rate_base: .08
        total_steps: 50000
      }
    }
  } }
  fine_tune_checkpoint: "ssd_mobilenet_v2/ckpt-0"
  fine_tune_checkpoint_type: "classification"
}
`;

describe('pipeline.config', () => {
  it('is read with the defaults of the API', () => {
    const { train, ...config } = readPipelineConfig(CONFIG, 'a');
    expect(isPipelineConfig(CONFIG)).toBe(true);
    expect(config).toMatchObject({
      architecture: 'ssd',
      backbone: 'ssd_mobilenet_v2_fpn_keras',
      numClasses: 2,
      resizer: { kind: 'fixed', height: 320, width: 320 },
      anchors: { kind: 'multiscale', minLevel: 3, maxLevel: 7, aspectRatios: [1, 2] },
    });
    expect(train).toMatchObject({
      optimizer: 'momentum',
      batchSize: 4,
      steps: 1000,
      maxNumberOfBoxes: 100,
      scheduleLines: { from: 14, to: 17 },
      schedule: { kind: 'cosine', base: 0.08, totalSteps: 50_000, warmUpSteps: 10_000, warmUpRate: 0.0002 },
    });
  });

  it('a schedule in its language is read as it was written', () => {
    const schedules: Schedule[] = [
      { kind: 'constant', rate: 0.002 },
      { kind: 'step', initial: 0.1, changes: [{ step: 5, rate: 0.01 }], warmsUp: true },
      proposedSchedule(0.01, 5000),
    ];
    const { train } = readPipelineConfig(CONFIG, 'a');
    for (const schedule of schedules) {
      const add = linesOf(schedule);
      const text = changedText(CONFIG, [{ remove: train.scheduleLines, after: 0, add }]);
      expect(readPipelineConfig(text, 'a').train.schedule).toEqual(schedule);
    }
  });
});

describe('names of curves and folders', () => {
  it.each([
    ['Loss/total_loss', null, 'loss', 'training'],
    ['Loss/total_loss', 'evaluation', 'loss', 'evaluation'],
    ['val_loss', null, 'loss', 'evaluation'],
    ['train/box_loss', null, 'loss', 'training'],
    ['val/dfl_loss', null, 'loss', 'evaluation'],
    ['lr/pg0', null, 'learning-rate', 'training'],
    ['metrics/mAP50-95(B)', null, 'score', 'evaluation'],
    ['DetectionBoxes_Precision/mAP', 'evaluation', 'score', 'evaluation'],
    ['global_step/sec', null, 'steps-per-second', 'training'],
  ] as const)('%s on side %s', (name, side, role, wanted) => {
    expect(curveOf(name, side)).toMatchObject({ role, side: wanted });
  });

  it('other names stand for nothing', () => {
    for (const name of ['accuracy', 'Loss/regularization_loss', 'closs', 'epoch'])
      expect(curveOf(name, null)).toBeNull();
  });

  it.each([
    ['a/logs/train/events', 'a', 'training'],
    ['a/eval_0/events', 'a', 'evaluation'],
    ['validation/events', '', 'evaluation'],
    ['a/b/events', 'a/b', null],
  ] as const)('%s', (relative, run, side) => {
    expect(placeOf(relative)).toEqual({ run, side });
  });
});

describe('throughput', () => {
  it('is the usual pace; pauses and slow stretches are named', () => {
    let time = 0;
    const points = Array.from({ length: 101 }, (_, at) => {
      if (at > 0) time += at === 50 ? 600 : at > 80 ? 5 : 1;
      return { step: at * 10, value: 1, wallTime: time };
    });
    const { stepsPerSecond, pauses, slow } = throughputOf(makeSeries(points))!;
    expect(stepsPerSecond).toBe(10);
    expect(pauses).toEqual([{ fromStep: 490, toStep: 500, seconds: 600 }]);
    expect(slow).toEqual([{ fromStep: 800, toStep: 1000, seconds: 100 }]);
    expect(throughputOf(seriesOf([1, 2, 3]))).toBeNull();
  });
});

describe('trainings compared', () => {
  const trained = (name: string, change: (text: string) => string, score: number) => ({
    ...configuredRun(readPipelineConfig(change(CONFIG), name)),
    name,
    score: seriesOf([0, score / 2, score]),
    scoreKey: 'AP',
  });

  it('say which setting goes with the score, and how little that shows', () => {
    const runs = [
      trained('a', (text) => text, 0.2),
      trained('b', (text) => text.replace('batch_size: 4', 'batch_size: 8'), 0.3),
      trained('c', (text) => text.replace('height: 320 width: 320', 'height: 640 width: 640'), 0.5),
    ];
    const { differing, conclusion, nextTrial } = compareTrainings(runs);
    expect(differing.map(({ parameter }) => parameter)).toEqual(['inputSize', 'batchSize']);
    expect(differing[0]!.spread).toBeCloseTo(0.25, 12);
    expect(conclusion).toMatch(/^3 trainings that differ in 2 settings at once show no cause/);
    expect(nextTrial).toBe('Repeat c with the input size alone changed to 320 × 320.');
  });

  it('settings that change together cannot be told apart', () => {
    const both = (text: string) => text.replace('batch_size: 4', 'batch_size: 8').replace('.08', '.16');
    const { differing } = compareTrainings([trained('a', (text) => text, 0.2), trained('b', both, 0.4)]);
    expect(differing[0]!.inseparableFrom).toHaveLength(1);
  });
});

describe('the training of a run', () => {
  const training = (name: string, scores: readonly number[]): TrainingRun => ({
    name,
    source: 'table',
    unit: 'epoch',
    trainingLoss: null,
    validationLoss: null,
    learningRate: null,
    score: scores.length > 0 ? seriesOf(scores) : null,
    scoreKey: scores.length > 0 ? 'mAP' : null,
    curves: new Map(),
    config: null,
  });
  const stopped = training('stopped', [0.1, 0.25]);
  const whole = training('whole', [0.1, 0.47, NaN, 0.44]);

  it('is the one whose best or last score is the run’s, wherever it stands', () => {
    expect(likelyTraining([whole, stopped], 0.473)).toBe(whole);
    expect(likelyTraining([stopped, whole], 0.44)).toBe(whole);
    expect(likelyTraining([whole, stopped], 0.249)).toBe(stopped);
  });

  it('is none where all scored otherwise, and the only one or the latest where nothing tells them apart', () => {
    expect(likelyTraining([whole, stopped], 0.7)).toBeNull();
    expect(likelyTraining([whole], 0.7)).toBe(whole);
    const [a, b] = [training('a', []), training('b', [])];
    expect(likelyTraining([a, b], 0.7)).toBe(b);
    expect(likelyTraining([whole, stopped], null)).toBe(stopped);
  });
});
