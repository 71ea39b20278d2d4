/** Percentile intervals of metrics by a bootstrap over images: how far the numbers would move on other images like these. */
import type { Progress } from '../../foundation/cancellation';
import type { ProtocolEvaluation } from '../protocol-evaluation';
import { drawImages } from './draws';

export interface BootstrapParameters {
  /** Share of resamples within the interval, between 0 and 1. */
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
}

export type Interval = readonly [low: number, high: number];
export type Metrics = Readonly<Record<string, number | null>>;

/** Takes all resamples, letting others in between as the caller needs it. */
export type Gather = (samples: Iterable<Metrics>) => Promise<Metrics[]>;

export const DEFAULT_LEVEL = 0.95;
const SEED = 0;
const MOST_RESAMPLES = 1000;
const FEWEST_RESAMPLES = 100;
/** Records (boxes of truth and predictions) that all resamples together may hold: about a minute on one thread. */
const RECORDS_IN_ALL = 1e8;

/**
 * Half the width of a number's interval, or of a difference's (paired by image): what is smaller cannot be told from
 * chance on these images. Null where there is no interval.
 */
export function smallestDifference(interval: Interval | null): number | null {
  return interval && (interval[1] - interval[0]) / 2;
}

/** Fewer resamples for larger sets, by their size alone, so that every machine gives the same intervals. */
export function bootstrapParameters(level: number, records: number): BootstrapParameters {
  const affordable = Math.floor(RECORDS_IN_ALL / Math.max(1, records));
  return {
    level,
    resamples: Math.min(MOST_RESAMPLES, Math.max(FEWEST_RESAMPLES, affordable)),
    seed: SEED,
  };
}

/**
 * By key: the percentiles of the resamples, widened to hold the metric itself (precision is interpolated upwards, so on few
 * images resamples score a little high). Null where the metric is undefined, or is so in every resample.
 */
export async function bootstrapIntervals(
  evaluation: ProtocolEvaluation,
  metrics: Metrics,
  images: number,
  parameters: BootstrapParameters,
  progress: Progress,
  gather: Gather,
): Promise<Record<string, Interval | null>> {
  const under = (weights: Int32Array): Metrics => evaluation.resampledMetrics(weights);
  const samples = await gather(resamples(images, parameters, progress, under));
  return intervalsOf(metrics, samples, parameters.level);
}

/** Differences, first minus second, on the same resamples; null where either is undefined. */
export async function bootstrapDifferences(
  evaluations: readonly [ProtocolEvaluation, ProtocolEvaluation],
  metrics: readonly [Metrics, Metrics],
  images: number,
  parameters: BootstrapParameters,
  progress: Progress,
  gather: Gather,
): Promise<Record<string, { difference: number | null; interval: Interval | null }>> {
  const [first, second] = evaluations;
  const differences = subtract(...metrics);
  const under = (weights: Int32Array): Metrics =>
    subtract(first.resampledMetrics(weights), second.resampledMetrics(weights));
  const samples = await gather(resamples(images, parameters, progress, under));
  const intervals = intervalsOf(differences, samples, parameters.level);
  return Object.fromEntries(
    Object.entries(differences).map(([key, difference]) => [key, { difference, interval: intervals[key]! }]),
  );
}

/** By key of the first: first minus second; null where either is undefined. */
export function subtract(first: Metrics, second: Metrics): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(first).map(([key, value]) => {
      const other = second[key] ?? null;
      return [key, value === null || other === null ? null : value - other];
    }),
  );
}

/** One resample's numbers at a time, so that whoever asks can let others in between. */
export function* resamples(
  images: number,
  parameters: BootstrapParameters,
  progress: Progress,
  metricsOf: (weights: Int32Array) => Metrics,
): Generator<Metrics> {
  for (let number = 0; number < parameters.resamples; number++) {
    progress.check();
    progress.report('Resampling images', number, parameters.resamples);
    yield metricsOf(drawImages(images, number, parameters.seed));
  }
}

/** Intervals of numbers from their resamples; as `bootstrapIntervals`. */
export function intervalsOf(
  metrics: Metrics,
  samples: readonly Metrics[],
  level: number,
): Record<string, Interval | null> {
  const intervals: Record<string, Interval | null> = {};
  for (const [key, value] of Object.entries(metrics)) {
    const values = Float64Array.from(
      samples.map((sample) => sample[key] ?? null).filter((one): one is number => one !== null),
    ).sort();
    intervals[key] =
      value === null || values.length === 0
        ? null
        : [
            Math.min(value, percentile(values, (1 - level) / 2)),
            Math.max(value, percentile(values, (1 + level) / 2)),
          ];
  }
  return intervals;
}

/** Linear between order statistics; `sorted` rises and is not empty. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}
