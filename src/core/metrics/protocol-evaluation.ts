/** One full evaluation under any protocol, whatever computes it. */
import type { MatchRows } from '../errors/match-rows';
import { matchRows } from '../errors/match-rows';
import { listedCategories } from './choose-categories';
import type {
  AnyParameters,
  ClassCurve,
  EvaluationResult,
  NamedArrays,
  OperatingPoint,
  Protocol,
  ResampledScores,
  Scorer,
  ScoringInput,
} from './evaluation';
import { resampleInput } from './bootstrap/resampled-input';
import { isObjectDetectionApi } from './object-detection-api/parameters';
import { createScorer } from './scorer';
import { evaluateTide } from './tide/tide-evaluation';
import type { TideMode } from './tide/tide-parameters';

/** Parameters of all protocols; each reads its own. */
export type ProtocolParameters = Partial<AnyParameters & { readonly tideMode: TideMode }>;

export interface ProtocolEvaluation {
  readonly protocol: Protocol;
  /** `counts` at the given confidence and the protocol's first IoU. */
  result(score: number): EvaluationResult;
  curves(): readonly ClassCurve[];
  /** Null where the protocol has none. */
  arrays(): NamedArrays | null;
  /** What became of every box; `records` as for `matchRows`. */
  matches(iou: number, records: number): MatchRows;
  /** The metrics if each image (by index) stood in the set that many times. */
  resampledMetrics(weights: Int32Array): Readonly<Record<string, number | null>>;
  /** With the classes' AP. */
  resampled(weights: Int32Array): ResampledScores;
}

/** Throws `BadInput` where parameters are out of bounds. */
export function evaluateProtocol(
  given: ScoringInput,
  protocol: Protocol,
  parameters: ProtocolParameters,
): ProtocolEvaluation {
  // The Object Detection API's evaluators see classes that are not listed; the others never do.
  const input = isObjectDetectionApi(protocol) ? given : listedCategories(given);
  if (protocol === 'tide') return ofTide(input, parameters);
  return ofScorer(createScorer(input, protocol, parameters), input);
}

function ofScorer(scorer: Scorer, input: ScoringInput): ProtocolEvaluation {
  const point = (score: number): OperatingPoint => ({ ...scorer.defaultPoint(), score });
  return {
    protocol: scorer.protocol,
    result: (score) => scorer.result(point(score)),
    curves: () => scorer.curves(),
    arrays: () => scorer.arrays(),
    matches: (iou, records) => matchRows(scorer, input, iou, records),
    resampledMetrics: (weights) => scorer.resampledMetrics(weights),
    resampled: (weights) => scorer.resampled(weights),
  };
}

function ofTide(input: ScoringInput, given: ProtocolParameters): ProtocolEvaluation {
  const { tideMode: mode = 'package', iou, maxDetections } = given;
  const own = { mode, ...(iou ? { iou } : {}), ...(maxDetections ? { maxDetections } : {}) };
  const tide = evaluateTide(input, own);
  const resample = (weights: Int32Array) => evaluateTide(resampleInput(input, weights), own);
  const { mode: tideMode, ...parameters } = tide.parameters;
  return {
    protocol: 'tide',
    result: (score) => ({
      protocol: 'tide',
      parameters: { ...parameters, tideMode, score },
      metrics: tide.metrics,
      classes: tide.classes,
      counts: tide.counts(score),
    }),
    curves: () => tide.curves(),
    arrays: () => ({ ...tide.arrays() }),
    matches: (_, records) => tide.matchRows(records),
    resampledMetrics: (weights) => resample(weights).metrics,
    resampled: (weights) => {
      const { metrics, classes } = resample(weights);
      return { metrics, classAP: classes.map(({ AP }) => AP) };
    },
  };
}
