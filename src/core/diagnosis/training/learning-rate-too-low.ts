/** C1, the other way: the loss falls smoothly and hardly at all, under a rate that is far below what is usual. */
import { proposedSchedule, scheduleChange } from '../../training/config-change';
import { endLevel, fallAtEnd, median } from '../../training/series';
import { inWords } from '../../training/number-words';
import { bearableRate } from './learning-rate-too-high';
import type { TrainingRule } from './training-rule';

/** Where the configuration does not name the optimizer. */
const LOW_FOR_ANY = 2e-6;
const SHARE_OF_BEARABLE = 1 / 50;
const STILL_FALLING = 0.005;

export const learningRateTooLow: TrainingRule = {
  code: 'learning-rate-too-low',
  find: (facts, named) => {
    const { rate, training, score, run, steps } = facts;
    if (!rate || rate.highest <= 0 || named.has('learning-rate-too-high') || named.has('warm-up-never-ends'))
      return null;
    const bearable = bearableRate(facts);
    const limit = bearable === null ? LOW_FOR_ANY : bearable * SHARE_OF_BEARABLE;
    if (rate.highest > limit) return null;
    if (training && fallAtEnd(training.smooth) < STILL_FALLING) return null;
    if (score && score.highest.value > 0.5) return null;
    const proposed = bearable ?? rate.highest * 100;
    const planned = run.config?.train.steps ?? steps;
    return {
      title: `A learning rate of ${inWords(rate.highest)} is low: the loss has far to go`,
      evidence: {
        learningRate: rate.highest,
        proposedRate: proposed,
        trainingLossBegin: training ? median(training.smooth.value.subarray(0, 3)) : null,
        trainingLossEnd: training ? endLevel(training.smooth) : null,
      },
      action: `Train again with a rate of ${inWords(proposed)}.`,
      change: run.config && planned ? scheduleChange(run.config, proposedSchedule(proposed, planned)) : null,
    };
  },
};
