import type {
  CocoArrays,
  CocoParameters,
  EvaluationResult,
  OperatingPoint,
  ScoringInput,
  VocParameters,
} from './evaluation';
import { createScorer } from './scorer';
import type { VocEdition } from './voc-accumulate';

/** A full COCO evaluation with all its cells. Throws `BadInput` where parameters are out of bounds. */
export function evaluateCoco(
  input: ScoringInput,
  parameters: Partial<CocoParameters> = {},
  point?: OperatingPoint,
): { readonly result: EvaluationResult; readonly arrays: CocoArrays } {
  const scorer = createScorer(input, 'coco', parameters);
  return { result: scorer.result(point), arrays: scorer.arrays()! };
}

/** A full VOC evaluation. Throws `BadInput` where parameters are out of bounds. */
export function evaluateVoc(
  input: ScoringInput,
  edition: VocEdition,
  parameters: Partial<VocParameters> = {},
  point?: OperatingPoint,
): { readonly result: EvaluationResult } {
  return { result: createScorer(input, edition, parameters).result(point) };
}
