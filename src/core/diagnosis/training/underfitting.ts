/** C6: training and validation level off together, at a low score: the network or its input is too small. */
import { endLevel, fallAtEnd } from '../../training/series';
import type { TrainingRule } from './training-rule';

const LEVEL = 0.02;
/** A rate that is spent takes the losses down with it a last time, and no further. */
const LEVEL_OF_SPENT = 0.15;
const RATE_IS_SPENT = 0.05;
const TOGETHER = 1.15;
const LOW_SCORE = 0.25;

export const underfitting: TrainingRule = {
  code: 'underfitting',
  find: ({ run, training, validation, score, rate }, named) => {
    if (named.size > 0 || !training || !validation || !score) return null;
    const [trainingEnd, validationEnd] = [endLevel(training.smooth), endLevel(validation.raw, 2)];
    const level = rate && rate.end < rate.highest * RATE_IS_SPENT ? LEVEL_OF_SPENT : LEVEL;
    const isLevel = fallAtEnd(training.smooth) < level && fallAtEnd(validation.raw) < level;
    if (!isLevel || validationEnd > TOGETHER * trainingEnd || score.highest.value > LOW_SCORE) return null;
    return {
      title: 'Training and validation have levelled off together, at a low score',
      evidence: {
        trainingLossEnd: trainingEnd,
        validationLossEnd: validationEnd,
        scoreBest: score.highest.value,
        backbone: run.config?.backbone ?? null,
      },
      action:
        'Score the training images: where they score as low, take a larger backbone or input size, or less regularisation.',
    };
  },
};
