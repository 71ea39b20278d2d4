/** Intervals for the window: resamples in slices, so that edits and clicks get in between. */
import type { MetricDifference, ScoreIntervals } from '../../contract/view-types';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { BootstrapParameters, Interval, Metrics } from '../../core/metrics/bootstrap/intervals';
import {
  bootstrapParameters,
  DEFAULT_LEVEL,
  intervalsOf,
  resamples,
  subtract,
} from '../../core/metrics/bootstrap/intervals';
import type { LiveProtocol, Scorer } from '../../core/metrics/evaluation';
import { HEADLINE_METRIC } from '../../core/metrics/evaluation';
import { breathe } from '../jobs/jobs';
import type { OpenProject } from '../project/open-project';

/** Milliseconds of work between two pauses. */
const SLICE = 15;
const CLASS = 'class ';

/** Metrics and classes' AP under one roof. */
function numbersOf(metrics: Metrics, classAP: readonly (number | null)[], scorer: Scorer): Metrics {
  const { categories } = scorer.input;
  return {
    ...metrics,
    ...Object.fromEntries(classAP.map((AP, index) => [`${CLASS}${categories[index]!.id}`, AP])),
  };
}

function currentNumbers(scorer: Scorer): Metrics {
  const { metrics, classes } = scorer.result();
  return numbersOf(
    metrics,
    classes.map(({ AP }) => AP),
    scorer,
  );
}

const resampledNumbers = (scorer: Scorer, weights: Int32Array): Metrics => {
  const { metrics, classAP } = scorer.resampled(weights);
  return numbersOf(metrics, classAP, scorer);
};

const recordsOf = ({ input }: Scorer): number => input.annotations.count + input.predictions.count;

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

export async function scoreIntervals(
  project: OpenProject,
  run: number,
  protocol: LiveProtocol,
  progress: Progress,
): Promise<ScoreIntervals> {
  const scorer = project.current().session.scorer(run, protocol);
  const parameters = bootstrapParameters(DEFAULT_LEVEL, recordsOf(scorer));
  const images = scorer.input.imageIds.length;
  const samples = await gather(
    project,
    resamples(images, parameters, progress, (weights) => resampledNumbers(scorer, weights)),
  );
  const intervals = intervalsOf(currentNumbers(scorer), samples, parameters.level);
  const headline = intervals[HEADLINE_METRIC[protocol]] ?? null;
  return {
    ...split(intervals),
    images,
    level: parameters.level,
    resamples: parameters.resamples,
    smallestDifference: headline && (headline[1] - headline[0]) / 2,
  };
}

/** Second minus first, paired by image. */
export async function runDifferences(
  project: OpenProject,
  [first, second]: readonly [number, number],
  protocol: LiveProtocol,
  progress: Progress,
): Promise<MetricDifference[]> {
  const { session } = project.current();
  const before = session.scorer(first, protocol);
  const after = session.scorer(second, protocol);
  const parameters: BootstrapParameters = bootstrapParameters(
    DEFAULT_LEVEL,
    recordsOf(before) + recordsOf(after),
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
