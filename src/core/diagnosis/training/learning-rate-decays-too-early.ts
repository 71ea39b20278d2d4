/** C2: a large part of the training runs at a rate of next to nothing. */
import { proposedSchedule, scheduleChange } from '../../training/config-change';
import { inWords } from '../../training/number-words';
import type { TrainingRule } from './training-rule';

/** Of the steps: a rate that is spent before has left the rest of the training idle. */
const EARLY = 0.6;

export const learningRateDecaysTooEarly: TrainingRule = {
  code: 'learning-rate-decays-too-early',
  find: ({ run, rate, steps }, named) => {
    if (!rate || rate.spentAt === null || steps === null || rate.spentAt > steps * EARLY) return null;
    if (named.has('learning-rate-too-high')) return null;
    const length = run.config?.train.steps ?? steps;
    return {
      title: `The learning rate is spent after ${rate.spentAt} of ${steps} ${run.unit}s`,
      evidence: { spentAt: rate.spentAt, steps, learningRate: rate.highest, learningRateEnd: rate.end },
      action: `Spread the decay over all ${inWords(length)} ${run.unit}s, or stop the training where the rate is spent.`,
      change: run.config ? scheduleChange(run.config, proposedSchedule(rate.highest, length)) : null,
    };
  },
};
