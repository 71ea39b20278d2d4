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

/** Of the boxes, which training never sees. */
const LEAST_CUT = 0.01;

/** `max_number_of_boxes`: boxes of an image beyond it are left out when the model trains. `truth`: what it trains on. */
export function findBoxLimit(config: PipelineConfig | null, { images, annotations }: Truth): FoundCause[] {
  if (!config || annotations.count === 0) return [];
  const limit = config.train.maxNumberOfBoxes;
  const counts = new Uint32Array(images.length);
  for (const image of annotations.image) counts[image]!++;
  const cut = counts.reduce((sum, count) => sum + Math.max(0, count - limit), 0);
  if (cut < LEAST_CUT * annotations.count) return [];
  const concerned = counts.reduce((sum, count) => sum + Number(count > limit), 0);
  const highest = counts.reduce((most, count) => Math.max(most, count));
  return [
    {
      code: 'ground-truth-clipped',
      title: `Training takes ${limit} boxes an image: ${concerned} images have more, up to ${highest}`,
      evidence: { limit, clippedImages: concerned, boxesLost: cut, highest },
      images: [],
      action: `Set train_config.max_number_of_boxes to ${highest}`,
      repair: null,
    },
  ];
}

export const boxLimitsOf = (config: PipelineConfig | null): readonly number[] =>
  config ? [config.train.maxNumberOfBoxes] : [];
