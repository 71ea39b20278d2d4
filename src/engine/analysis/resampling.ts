/** Intervals of numbers at the operating point: resamples in slices, so that edits and clicks get in between. */
import type { PartOfSet } from '../../contract/view-types';
import type { PointIntervals } from '../../contract/metrics-view';
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
import type { Interval, Metrics } from '../../core/metrics/bootstrap/intervals';
import {
  bootstrapParameters,
  DEFAULT_LEVEL,
  intervalsOf,
  resamples,
} from '../../core/metrics/bootstrap/intervals';
import type { LiveProtocol, OperatingPoint } from '../../core/metrics/evaluation';
import { breathe } from '../jobs/jobs';
import type { OpenProject } from '../project/open-project';
import { recordsOf } from './interval-evaluations';
import { imageSizes } from './metrics';
import { scoredPart } from './scored-part';

/** Milliseconds of work between two pauses. */
const SLICE = 15;

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
