/** Intervals of whole evaluations, as a thread of the engine makes them: nothing here reads the project. */
import type { MetricDifference, ScoreIntervals } from '../../contract/metrics-view';
import type { Progress } from '../../core/foundation/cancellation';
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
  Protocol,
  ResampledScores,
  Scorer,
  ScoringInput,
} from '../../core/metrics/evaluation';
import { HEADLINE_METRIC } from '../../core/metrics/evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { createScorer, DEFAULT_SCORE } from '../../core/metrics/scorer';
import type { AskedProtocol, PartInput } from './evaluations';
import { parametersOf, restrict, scaleOf, tideOf } from './evaluations';

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

export const recordsOf = ({ annotations, predictions }: ScoringInput): number =>
  annotations.count + predictions.count;

const parametersFor = (protocol: Protocol, records: number): BootstrapParameters => {
  const parameters = bootstrapParameters(DEFAULT_LEVEL, records);
  const most = protocol === 'tide' ? TIDE_RESAMPLES : parameters.resamples;
  return { ...parameters, resamples: Math.min(most, parameters.resamples) };
};

/** Of every metric and class under a protocol. */
export function scoreIntervals(part: PartInput, asked: AskedProtocol, progress: Progress): ScoreIntervals {
  const { protocol, asTensorflow2ReportsIt } = asked;
  const input = restrict(part);
  const evaluation = evaluateProtocol(input, protocol, parametersOf(asTensorflow2ReportsIt));
  const { metrics, classes } = evaluation.result(DEFAULT_SCORE);
  const now = numbersOf({ metrics, classAP: classes.map(({ AP }) => AP) }, input);
  const under = (weights: Int32Array): Metrics => numbersOf(evaluation.resampled(weights), input);
  const parameters = parametersFor(protocol, recordsOf(input));
  const images = input.imageIds.length;
  const samples = [...resamples(images, parameters, progress, under)];
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

/** Of TIDE's bars (COCO's matching), as fractions, by name. */
export function errorIntervals(part: PartInput, progress: Progress): Record<string, Interval | null> {
  const input = restrict(part);
  const parameters = parametersFor('tide', recordsOf(input));
  const shares = ({ metrics }: { readonly metrics: Metrics }): Metrics =>
    Object.fromEntries(
      Object.entries(metrics).map(([key, value]) => [key, value === null ? null : value / 100]),
    );
  const under = (weights: Int32Array): Metrics => shares(tideOf(resampleInput(input, weights)));
  const samples = [...resamples(input.imageIds.length, parameters, progress, under)];
  return intervalsOf(shares(tideOf(input)), samples, parameters.level);
}

/** Second minus first, paired by image. */
export function runDifferences(
  [first, second]: readonly [PartInput, PartInput],
  protocol: LiveProtocol,
  progress: Progress,
): MetricDifference[] {
  const before = createScorer(restrict(first), protocol);
  const after = createScorer(restrict(second), protocol);
  const parameters: BootstrapParameters = bootstrapParameters(
    DEFAULT_LEVEL,
    recordsOf(before.input) + recordsOf(after.input),
  );
  const under = (weights: Int32Array): Metrics =>
    subtract(resampledNumbers(after, weights), resampledNumbers(before, weights));
  const samples = [...resamples(before.input.imageIds.length, parameters, progress, under)];
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
