/** What the Metrics page shows beside the twelve numbers. */
import type { ClassAnalysis, MetricsAnalysis, ProtocolColumn, TideErrors } from '../../contract/view-types';
import { calibration } from '../../core/metrics/analysis/calibration';
import { confusionMatrix } from '../../core/metrics/analysis/confusion';
import {
  bestPoint,
  countsAt,
  precisionRecall,
  sweepClasses,
} from '../../core/metrics/analysis/operating-points';
import { f1, precision, recall } from '../../core/metrics/counts';
import type { LiveProtocol, OperatingPoint, Protocol } from '../../core/metrics/evaluation';
import { HEADLINE_METRIC } from '../../core/metrics/evaluation';
import type { ProtocolParameters } from '../../core/metrics/protocol-evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { DEFAULT_SCORE } from '../../core/metrics/scorer';
import { evaluateTide } from '../../core/metrics/tide/tide-evaluation';
import { TIDE_BARS } from '../../core/metrics/tide/tide-errors';
import type { ProjectSession } from '../project/session';

/** Points of a curve that a page can show. */
const CURVE_POINTS = 400;

/** The headline and each class's AP under a protocol; a full evaluation. */
export function protocolColumn(
  session: ProjectSession,
  run: number,
  protocol: Protocol,
  parameters: ProtocolParameters,
): ProtocolColumn {
  const { metrics, classes } = evaluateProtocol(session.inputOf(run), protocol, parameters).result(
    DEFAULT_SCORE,
  );
  const metric = HEADLINE_METRIC[protocol];
  const scale = protocol === 'tide' ? 100 : 1;
  const scaled = (value: number | null): number | null => (value === null ? null : value / scale);
  return {
    protocol,
    metric,
    value: scaled(metrics[metric] ?? null),
    metrics,
    classes: classes.flatMap(({ id, AP }) => (id === null ? [] : [{ id, AP: scaled(AP) }])),
  };
}

export function analyse(
  session: ProjectSession,
  run: number,
  protocol: LiveProtocol,
  point: OperatingPoint,
): MetricsAnalysis {
  const scorer = session.scorer(run, protocol);
  const { categories } = scorer.input;
  const classes = sweepClasses(scorer, point.iou).map((sweep): ClassAnalysis => {
    const counts = { ...countsAt(sweep, point.score), at: point };
    return {
      id: categories[sweep.category]!.id,
      counts,
      precision: precision(counts),
      recall: recall(counts),
      f1: f1(counts),
      best: bestPoint(sweep),
      curve: precisionRecall(sweep, CURVE_POINTS),
    };
  });
  return {
    point,
    classes,
    confusion: [...confusionMatrix(scorer, point)],
    calibration: calibration(scorer, point.iou),
  };
}

/** TIDE's bars on COCO's matching, on the scale of 0 to 1. */
export function tideErrorsOf(session: ProjectSession, run: number): TideErrors {
  const { metrics, errorCounts } = evaluateTide(session.inputOf(run), { mode: 'coco' });
  const share = (key: string): number | null => {
    const value = metrics[key] ?? null;
    return value === null ? null : value / 100;
  };
  return {
    value: share('mAP50'),
    bars: TIDE_BARS.map((name) => ({ name, gain: share(name), count: errorCounts[name] })),
    falsePositives: share('FalsePos'),
    misses: share('FalseNeg'),
  };
}
