/** One full evaluation under any protocol, whatever computes it. */
import type { MatchRows } from '../errors/match-rows';
import { matchRows } from '../errors/match-rows';
import { listedCategories } from './choose-categories';
import type {
  ClassCurve,
  CocoParameters,
  EvaluationResult,
  NamedArrays,
  OperatingPoint,
  Protocol,
  Scorer,
  ScoringInput,
  VocParameters,
} from './evaluation';
import { createScorer } from './scorer';

/** Parameters of all protocols; each reads its own. */
export type ProtocolParameters = Partial<CocoParameters & VocParameters>;

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
}

/** Throws `BadInput` where parameters are out of bounds. */
export function evaluateProtocol(
  given: ScoringInput,
  protocol: Protocol,
  parameters: ProtocolParameters,
): ProtocolEvaluation {
  const input = listedCategories(given);
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
  };
}
