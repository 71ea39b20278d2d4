/** Intervals for the window: resamples in slices, so that edits and clicks get in between. */
import type { MetricDifference, PartOfSet, PointIntervals, ScoreIntervals } from '../../contract/view-types';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { PointNumber } from '../../core/metrics/analysis/point-tallies';
import {
  CalibrationTally,
  POINT_NUMBERS,
  pointTallies,
  tallyKey,
} from '../../core/metrics/analysis/point-tallies';
import { slicesAt } from '../../core/metrics/analysis/slices';
import type { BootstrapParameters, Interval, Metrics } from '../../core/metrics/bootstrap/intervals';
import {
  bootstrapParameters,
  DEFAULT_LEVEL,
  intervalsOf,
  resamples,
  smallestDifference,
  subtract,
} from '../../core/metrics/bootstrap/intervals';
import { resampleInput } from '../../core/metrics/bootstrap/resampled-input';
import type {
  LiveProtocol,
  OperatingPoint,
  Protocol,
  ResampledScores,
  Scorer,
  ScoringInput,
} from '../../core/metrics/evaluation';
import { HEADLINE_METRIC, LIVE_PROTOCOLS } from '../../core/metrics/evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { DEFAULT_SCORE } from '../../core/metrics/scorer';
import { breathe } from '../jobs/jobs';
import type { OpenProject } from '../project/open-project';
import { imageSizes, parametersOf, scaleOf, tideOf } from './metrics';
import { inputOfPart, scoredPart } from './scored-part';

/** Milliseconds of work between two pauses. */
const SLICE = 15;
const CLASS = 'class ';
/** TIDE types all errors anew in each resample, so it gets fewer. */
const TIDE_RESAMPLES = 300;

/** Metrics and classes' AP under one roof. */
function numbersOf({ metrics, classAP }: ResampledScores, { categories }: ScoringInput): Metrics {
  return {
    ...metrics,
    ...Object.fromEntries(classAP.map((AP, index) => [`${CLASS}${categories[index]!.id}`, AP])),
  };
}

function currentNumbers(scorer: Scorer): Metrics {
  const { metrics, classes } = scorer.result();
  return numbersOf({ metrics, classAP: classes.map(({ AP }) => AP) }, scorer.input);
}

const resampledNumbers = (scorer: Scorer, weights: Int32Array): Metrics =>
  numbersOf(scorer.resampled(weights), scorer.input);

const recordsOf = ({ annotations, predictions }: ScoringInput): number =>
  annotations.count + predictions.count;

async function gather(project: OpenProject, samples: Generator<Metrics>): Promise<Metrics[]> {
  const { revision } = project;
  const gathered: Metrics[] = [];
  let pause = performance.now() + SLICE;
  for (const sample of samples) {
    gathered.push(sample);
    if (performance.now() < pause) continue;
    await breathe();
    if (project.revision !== revision)
      throw new BadInput('labels-changed', 'The labels changed meanwhile.', 'The intervals are made again.');
    pause = performance.now() + SLICE;
  }
  return gathered;
}

/** What is resampled: the numbers as they are, and as they are in a resample. */
interface Resampled {
  readonly input: ScoringInput;
  readonly now: Metrics;
  readonly under: (weights: Int32Array) => Metrics;
}

function resampledProtocol(
  project: OpenProject,
  run: number,
  protocol: Protocol,
  part: PartOfSet | null,
  asTensorflow2ReportsIt: boolean,
): Resampled {
  const { session } = project.current();
  const live = LIVE_PROTOCOLS.find((one) => one === protocol);
  if (live) {
    const { scorer } = scoredPart(session, run, live, part);
    const under = (weights: Int32Array): Metrics => resampledNumbers(scorer, weights);
    return { input: scorer.input, now: currentNumbers(scorer), under };
  }
  const input = inputOfPart(session, run, part);
  const evaluation = evaluateProtocol(input, protocol, parametersOf(asTensorflow2ReportsIt));
  const { metrics, classes } = evaluation.result(DEFAULT_SCORE);
  return {
    input,
    now: numbersOf({ metrics, classAP: classes.map(({ AP }) => AP) }, input),
    under: (weights) => numbersOf(evaluation.resampled(weights), input),
  };
}

const parametersFor = (protocol: Protocol, records: number): BootstrapParameters => {
  const parameters = bootstrapParameters(DEFAULT_LEVEL, records);
  const most = protocol === 'tide' ? TIDE_RESAMPLES : parameters.resamples;
  return { ...parameters, resamples: Math.min(most, parameters.resamples) };
};

/** Of every metric and class under a protocol. */
export async function scoreIntervals(
  project: OpenProject,
  asked: {
    readonly run: number;
    readonly protocol: Protocol;
    readonly part: PartOfSet | null;
    readonly asTensorflow2ReportsIt: boolean;
  },
  progress: Progress,
): Promise<ScoreIntervals> {
  const { run, protocol, part, asTensorflow2ReportsIt } = asked;
  const { input, now, under } = resampledProtocol(project, run, protocol, part, asTensorflow2ReportsIt);
  const parameters = parametersFor(protocol, recordsOf(input));
  const images = input.imageIds.length;
  const samples = await gather(project, resamples(images, parameters, progress, under));
  const scale = scaleOf(protocol);
  const intervals = Object.fromEntries(
    Object.entries(intervalsOf(now, samples, parameters.level)).map(([key, interval]) => [
      key,
      interval && ([interval[0] * scale, interval[1] * scale] as const),
    ]),
  );
  return {
    ...split(intervals),
    images,
    level: parameters.level,
    resamples: parameters.resamples,
    smallestDifference: smallestDifference(intervals[HEADLINE_METRIC[protocol]] ?? null),
  };
}

/** Of precision, recall and F1, of slices and of the calibration error. */
export async function pointIntervals(
  project: OpenProject,
  asked: {
    readonly run: number;
    readonly protocol: LiveProtocol;
    readonly point: OperatingPoint;
    readonly part: PartOfSet | null;
  },
  progress: Progress,
): Promise<PointIntervals> {
  const { session } = project.current();
  const { run, protocol, point, part } = asked;
  const shown = scoredPart(session, run, protocol, part);
  const { scorer } = shown;
  const { categories, imageIds } = scorer.input;
  const sizes = imageSizes(session, shown);
  const tallies = pointTallies(scorer, point, sizes);
  const calibrationTally = new CalibrationTally(scorer, point.iou);
  const under = (weights: Int32Array): Metrics => ({
    ...Object.fromEntries([...tallies].map(([key, tally]) => [key, tally.under(weights)])),
    calibration: calibrationTally.under(weights),
  });
  const parameters = bootstrapParameters(DEFAULT_LEVEL, recordsOf(scorer.input));
  const samples = await gather(project, resamples(imageIds.length, parameters, progress, under));
  const everyImage = new Int32Array(imageIds.length).fill(1);
  const intervals = intervalsOf(under(everyImage), samples, parameters.level);
  const numbers = (of: number | null) =>
    Object.fromEntries(
      POINT_NUMBERS.map((number) => [number, intervals[tallyKey(number, of)] ?? null]),
    ) as Record<PointNumber, Interval | null>;
  return {
    point,
    all: numbers(null),
    classes: Object.fromEntries(categories.map(({ id }, index) => [id, numbers(index)])),
    slices: slicesAt(scorer, point, sizes).map(({ by, index }) => ({
      recall: intervals[tallyKey('recall', `${by} ${index}`)] ?? null,
      precision: intervals[tallyKey('precision', `${by} ${index}`)] ?? null,
    })),
    calibrationError: intervals['calibration'] ?? null,
  };
}

/** Of TIDE's bars (COCO's matching), as fractions, by name. */
export async function errorIntervals(
  project: OpenProject,
  run: number,
  part: PartOfSet | null,
  progress: Progress,
): Promise<Record<string, Interval | null>> {
  const input = inputOfPart(project.current().session, run, part);
  const parameters = parametersFor('tide', recordsOf(input));
  const shares = ({ metrics }: { readonly metrics: Metrics }): Metrics =>
    Object.fromEntries(
      Object.entries(metrics).map(([key, value]) => [key, value === null ? null : value / 100]),
    );
  const samples = await gather(
    project,
    resamples(input.imageIds.length, parameters, progress, (weights) =>
      shares(tideOf(resampleInput(input, weights))),
    ),
  );
  return intervalsOf(shares(tideOf(input)), samples, parameters.level);
}

/** Second minus first, paired by image. */
export async function runDifferences(
  project: OpenProject,
  [first, second]: readonly [number, number],
  protocol: LiveProtocol,
  part: PartOfSet | null,
  progress: Progress,
): Promise<MetricDifference[]> {
  const { session } = project.current();
  const before = scoredPart(session, first, protocol, part).scorer;
  const after = scoredPart(session, second, protocol, part).scorer;
  const parameters: BootstrapParameters = bootstrapParameters(
    DEFAULT_LEVEL,
    recordsOf(before.input) + recordsOf(after.input),
  );
  const samples = await gather(
    project,
    resamples(before.input.imageIds.length, parameters, progress, (weights) =>
      subtract(resampledNumbers(after, weights), resampledNumbers(before, weights)),
    ),
  );
  return differenceRows(before, after, samples, parameters.level);
}

/** Without intervals: at once. */
export function plainDifferences(before: Scorer, after: Scorer): MetricDifference[] {
  return differenceRows(before, after, [], DEFAULT_LEVEL);
}

function differenceRows(
  before: Scorer,
  after: Scorer,
  samples: readonly Metrics[],
  level: number,
): MetricDifference[] {
  const old = currentNumbers(before);
  const now = currentNumbers(after);
  const differences = subtract(now, old);
  const intervals = intervalsOf(differences, samples, level);
  return Object.entries(differences).map(([key, difference]) => ({
    metric: key.startsWith(CLASS) ? 'AP' : key,
    category: key.startsWith(CLASS) ? Number(key.slice(CLASS.length)) : null,
    first: old[key] ?? null,
    second: now[key] ?? null,
    difference,
    interval: intervals[key] ?? null,
  }));
}

function split(
  intervals: Readonly<Record<string, Interval | null>>,
): Pick<ScoreIntervals, 'metrics' | 'classes'> {
  const metrics: Record<string, Interval | null> = {};
  const classes: Record<number, Interval | null> = {};
  for (const [key, interval] of Object.entries(intervals)) {
    if (key.startsWith(CLASS)) classes[Number(key.slice(CLASS.length))] = interval;
    else metrics[key] = interval;
  }
  return { metrics, classes };
}
