/** What the training's configuration says of the evaluation: how many examples it scores, how many boxes it keeps. */
import type { Truth } from '../../dataset/dataset';
import type { PipelineConfig } from '../../training/pipeline-config';
import type { FoundCause } from '../cause';

/** `num_examples` beyond the set makes the evaluation start again from the first image; below it some are never scored. */
export function findEvaluationCount(config: PipelineConfig | null, truth: Truth): FoundCause[] {
  const wanted = config?.evaluation.numExamples ?? null;
  const { length } = truth.images;
  if (wanted === null || wanted === 0 || wanted === length) return [];
  const effect = wanted > length ? 'images are scored twice' : `${length - wanted} images are never scored`;
  return [
    {
      code: 'evaluation-count-wrong',
      title: `Evaluation count wrong: num_examples is ${wanted}, the set has ${length} images; ${effect}`,
      evidence: { configured: wanted, total: length },
      images: [],
      action: `Set eval_config.num_examples to ${length}, or leave it out`,
      repair: null,
    },
  ];
}

export const boxLimitsOf = (config: PipelineConfig | null): readonly number[] =>
  config ? [config.train.maxNumberOfBoxes] : [];
