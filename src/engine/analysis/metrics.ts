/** What the Metrics page shows beside the twelve numbers. */
import type {
  ClassAnalysis,
  MetricsAnalysis,
  PartOfSet,
  PrecisionRecallCurve,
  ProtocolColumn,
  TideErrors,
} from '../../contract/view-types';
import type { TideError } from '../../core/errors/tide-error';
import { TIDE_ERRORS } from '../../core/errors/tide-error';
import { calibration } from '../../core/metrics/analysis/calibration';
import { confusionMatrix } from '../../core/metrics/analysis/confusion';
import type { ClassSweep } from '../../core/metrics/analysis/operating-points';
import { bestPoint, countsAt, precisionRecall } from '../../core/metrics/analysis/operating-points';
import { slicesAt } from '../../core/metrics/analysis/slices';
import { f1, precision, recall } from '../../core/metrics/counts';
import type {
  AllOutcomes,
  EvaluationResult,
  OperatingPoint,
  Protocol,
  ScoringInput,
} from '../../core/metrics/evaluation';
import { HEADLINE_METRIC, LIVE_PROTOCOLS, TRUTH_OUTCOMES } from '../../core/metrics/evaluation';
import type { ProtocolParameters } from '../../core/metrics/protocol-evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { DEFAULT_SCORE } from '../../core/metrics/scorer';
import type { TideEvaluation } from '../../core/metrics/tide/tide-evaluation';
import { evaluateTide } from '../../core/metrics/tide/tide-evaluation';
import type { TideBar } from '../../core/metrics/tide/tide-errors';
import { TIDE_BARS } from '../../core/metrics/tide/tide-errors';
import type { ProjectSession } from '../project/session';
import type { ScoredPart } from './scored-part';
import { inputOfPart, scoredAmount, scoredPart } from './scored-part';

/** Points of a curve that a page can show. */
const CURVE_POINTS = 400;
/** TensorFlow 2's loop fills every image up to as many boxes. */
const PADDED_TO = 100;

/** TIDE counts from 0 to 100; the app's scores are fractions. */
export const scaleOf = (protocol: Protocol): number => (protocol === 'tide' ? 0.01 : 1);
const scaled = (value: number | null, scale: number): number | null =>
  value === null ? null : value * scale;

/** All numbers under a protocol: of the live scorer where there is one, else a full evaluation. */
export function protocolColumn(
  session: ProjectSession,
  run: number,
  protocol: Protocol,
  part: PartOfSet | null,
  asTensorflow2ReportsIt: boolean,
): ProtocolColumn {
  const start = performance.now();
  const live = LIVE_PROTOCOLS.find((one) => one === protocol);
  const shown = scoredPart(session, run, live ?? 'coco', part);
  const input = live ? null : inputOfPart(session, run, part);
  const { metrics, classes }: EvaluationResult = input
    ? evaluateProtocol(input, protocol, parametersOf(asTensorflow2ReportsIt)).result(DEFAULT_SCORE)
    : shown.scorer.result();
  const metric = HEADLINE_METRIC[protocol];
  const scale = scaleOf(protocol);
  return {
    protocol,
    metric,
    value: scaled(metrics[metric] ?? null, scale),
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, scaled(value, scale)])),
    classes: classes.flatMap((row) => (row.id === null ? [] : [{ ...row, AP: scaled(row.AP, scale) }])),
    scored: scoredAmount(shown),
    padding: asTensorflow2ReportsIt ? paddingOf(input!) : null,
    milliseconds: performance.now() - start,
  };
}

export const parametersOf = (asTensorflow2ReportsIt: boolean): ProtocolParameters =>
  asTensorflow2ReportsIt ? { asTensorflow2ReportsIt } : {};

function paddingOf({ imageIds, annotations, categories }: ScoringInput): ProtocolColumn['padding'] {
  const boxes = new Int32Array(imageIds.length);
  for (const image of annotations.image) boxes[image]!++;
  return {
    boxes: boxes.reduce((sum, count) => sum + Math.max(0, PADDED_TO - count), 0),
    category: categories.find(({ id }) => id === 1)?.name ?? null,
  };
}

export function analyse(
  session: ProjectSession,
  shown: ScoredPart,
  sweeps: readonly ClassSweep[],
  point: OperatingPoint,
): MetricsAnalysis {
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
  return {
    point,
    scored: scoredAmount(shown),
    counts: scorer.counts(point),
    classes,
    confusion: [...confusionMatrix(scorer, point)],
    calibration: calibration(scorer, point.iou),
    slices: slicesAt(scorer, point, imageSizes(session, shown)),
    errors: errorsAt(scorer.allOutcomes(point)),
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

/** TIDE's bars on COCO's matching, on the scale of 0 to 1. */
export function tideErrorsOf(session: ProjectSession, run: number, part: PartOfSet | null): TideErrors {
  const { metrics, errorCounts } = tideOf(inputOfPart(session, run, part));
  const share = (key: string): number | null => scaled(metrics[key] ?? null, 0.01);
  return {
    value: share('mAP50'),
    bars: TIDE_BARS.map((name) => ({ name, gain: share(name), count: errorCounts[name] })),
    falsePositives: share('FalsePos'),
    misses: share('FalseNeg'),
  };
}

export const tideOf = (input: ScoringInput): TideEvaluation => evaluateTide(input, { mode: 'coco' });
