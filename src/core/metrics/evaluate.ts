import type {
  CocoArrays,
  CocoParameters,
  EvaluationResult,
  NamedArrays,
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
  const { precision, recall, scores } = scorer.arrays() as Record<
    'precision' | 'recall' | 'scores',
    NamedArrays[string]
  >;
  const shapes = { precision: precision.shape, recall: recall.shape, scores: scores.shape };
  const arrays = { precision: precision.data, recall: recall.data, scores: scores.data, shapes };
  return { result: scorer.result(point), arrays };
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
