/** What the Metrics page shows beside the twelve numbers. */
import type {
  ClassAnalysis,
  MetricsAnalysis,
  PrecisionRecallCurve,
  ProtocolColumn,
} from '../../contract/metrics-view';
import type { TideError } from '../../core/errors/tide-error';
import { TIDE_ERRORS } from '../../core/errors/tide-error';
import type { Progress } from '../../core/foundation/cancellation';
import { calibration } from '../../core/metrics/analysis/calibration';
import { confusionMatrix } from '../../core/metrics/analysis/confusion';
import type { ClassSweep } from '../../core/metrics/analysis/operating-points';
import { bestPoint, countsAt, precisionRecall } from '../../core/metrics/analysis/operating-points';
import { slicesAt } from '../../core/metrics/analysis/slices';
import { f1, precision, recall } from '../../core/metrics/counts';
import type { AllOutcomes, OperatingPoint } from '../../core/metrics/evaluation';
import { HEADLINE_METRIC, LIVE_PROTOCOLS, TRUTH_OUTCOMES } from '../../core/metrics/evaluation';
import type { TideBar } from '../../core/metrics/tide/tide-errors';
import { runOnThread } from '../diagnosis/run-on-thread';
import type { ProjectSession } from '../project/session';
import type { AskedColumn, EvaluatedProtocol } from './evaluations';
import { scaleOf } from './evaluations';
import { FEW_RECORDS, recordsOfRun } from './prepared-scorers';
import type { ScoredPart } from './scored-part';
import { partInput, scoredAmount, scoredPart } from './scored-part';

/** Points of a curve that a page can show. */
const CURVE_POINTS = 400;

const scaled = (value: number | null, scale: number): number | null =>
  value === null ? null : value * scale;

/** All numbers under a protocol: of the live scorer where there is one or it is made at once, else evaluated on a thread. */
export async function protocolColumn(
  session: ProjectSession,
  { run, protocol, part, asTensorflow2ReportsIt }: AskedColumn,
  progress: Progress,
): Promise<ProtocolColumn> {
  const start = performance.now();
  const live = LIVE_PROTOCOLS.find((one) => one === protocol);
  const isAtHand =
    live && ((part === null && session.hasScorer(run, live)) || recordsOfRun(session, run) < FEW_RECORDS);
  const { metrics, classes, scored, padding } = isAtHand
    ? liveNumbers(scoredPart(session, run, live, part))
    : await runOnThread(
        'protocol',
        { part: partInput(session, run, part), asked: { protocol, asTensorflow2ReportsIt } },
        progress,
      );
  const metric = HEADLINE_METRIC[protocol];
  const scale = scaleOf(protocol);
  return {
    protocol,
    metric,
    value: scaled(metrics[metric] ?? null, scale),
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, scaled(value, scale)])),
    classes: classes.flatMap((row) => (row.id === null ? [] : [{ ...row, AP: scaled(row.AP, scale) }])),
    scored,
    padding,
    milliseconds: performance.now() - start,
  };
}

function liveNumbers(shown: ScoredPart): EvaluatedProtocol {
  const { metrics, classes } = shown.scorer.result();
  return { metrics, classes, scored: scoredAmount(shown), padding: null };
}

/** `pause` lets other calls in between the pieces, and throws where the labels have changed since. */
export async function analyse(
  session: ProjectSession,
  shown: ScoredPart,
  sweeps: readonly ClassSweep[],
  point: OperatingPoint,
  pause: () => Promise<void>,
): Promise<MetricsAnalysis> {
  const { scorer } = shown;
  const { categories } = scorer.input;
  const classes = sweeps.map((sweep): ClassAnalysis => {
    const counts = { ...countsAt(sweep, point.score), at: point };
    return {
      id: categories[sweep.category]!.id,
      counts,
      precision: precision(counts),
      recall: recall(counts),
      f1: f1(counts),
      best: bestPoint(sweep),
    };
  });
  await pause();
  const outcomes = scorer.allOutcomes(point);
  await pause();
  const errors = errorsAt(outcomes);
  const confusion = [...confusionMatrix(scorer, point)];
  await pause();
  const reliability = calibration(scorer, point.iou);
  await pause();
  return {
    point,
    scored: scoredAmount(shown),
    counts: scorer.counts(point),
    classes,
    confusion,
    calibration: reliability,
    slices: slicesAt(scorer, point, imageSizes(session, shown)),
    errors,
  };
}

export const imageSizes = (session: ProjectSession, { images }: ScoredPart) =>
  images.map((image) => session.data.images[image]!);

const MISS = TRUTH_OUTCOMES.indexOf('miss');
const POINTING: readonly (TideError | null)[] = ['Loc', 'Cls'];

/** TIDE's types of the false positives, and its Miss: what no loose box and no wrong class points at. */
function errorsAt(all: AllOutcomes): Record<TideBar, number> {
  const errors: Record<TideBar, number> = { Cls: 0, Loc: 0, Both: 0, Dupe: 0, Bkg: 0, Miss: 0 };
  const isShown = new Uint8Array(all.truthOutcome.length);
  all.predictionError.forEach((code, row) => {
    const error = TIDE_ERRORS[code] ?? null;
    if (error === null) return;
    errors[error]++;
    if (POINTING.includes(error) && all.predictionTruth[row]! >= 0) isShown[all.predictionTruth[row]!] = 1;
  });
  all.truthOutcome.forEach((outcome, row) => {
    if (outcome === MISS && isShown[row] === 0) errors.Miss++;
  });
  return errors;
}

/** Precision along recall of some classes at the IoU of the sweeps. */
export function curvesOf(
  { scorer }: ScoredPart,
  sweeps: readonly ClassSweep[],
  wanted: readonly number[],
): PrecisionRecallCurve[] {
  return sweeps.flatMap((sweep) => {
    const { id } = scorer.input.categories[sweep.category]!;
    return wanted.includes(id) ? [{ id, ...precisionRecall(sweep, CURVE_POINTS) }] : [];
  });
}

/** COCO's precision at its 101 recall points, the mean over its IoU thresholds: the area under it is the AP. */
export function meanCurves({ scorer }: ScoredPart, wanted: readonly number[]): PrecisionRecallCurve[] {
  const cells = scorer.arrays()?.['precision'];
  if (!cells) return [];
  const [thresholds, points, classes, ranges, limits] = cells.shape as [
    number,
    number,
    number,
    number,
    number,
  ];
  // All sizes stand first among the ranges, the largest limit last.
  const at = (threshold: number, point: number, klass: number): number =>
    cells.data[((threshold * points + point) * classes + klass) * ranges * limits + limits - 1]!;
  const steps = (count: number): number[] => [...new Array<number>(count).keys()];
  return scorer.input.categories.flatMap(({ id }, klass) => {
    if (!wanted.includes(id) || at(0, 0, klass) < 0) return [];
    const mean = (point: number): number =>
      steps(thresholds).reduce((sum, threshold) => sum + at(threshold, point, klass), 0) / thresholds;
    return [
      {
        id,
        recall: steps(points).map((point) => point * 0.01),
        precision: steps(points).map(mean),
        score: [],
      },
    ];
  });
}
