/** C2: the training ends while its learning rate is still warming up. */
import { proposedSchedule, scheduleChange } from '../../training/config-change';
import { highestRate, warmUpSteps } from '../../training/schedule';
import { inWords } from '../../training/number-words';
import type { TrainingRule } from './training-rule';

/** Of the training: a warm-up that takes more has no training after it. */
const WHOLE = 0.9;

export const warmUpNeverEnds: TrainingRule = {
  code: 'warm-up-never-ends',
  find: ({ run, rate, steps }) => {
    const schedule = run.config?.train.schedule ?? null;
    const planned = schedule && run.unit === 'step' ? warmUpSteps(schedule) : null;
    const isPlanned = planned !== null && planned > 0 && steps !== null && planned >= steps * WHOLE;
    const isSeen = run.learningRate !== null && rate?.risesToTheEnd === true;
    if (!isPlanned && !isSeen) return null;
    const target = schedule ? highestRate(schedule) : (rate?.highest ?? null);
    const length = run.config?.train.steps ?? steps;
    const unit = run.unit;
    return {
      title: 'The warm-up of the learning rate is longer than the training',
      evidence: {
        warmUpSteps: planned,
        steps,
        learningRateEnd: rate?.end ?? null,
        learningRatePlanned: target,
      },
      action:
        planned === null
          ? `Shorten the warm-up to a tenth of the ${unit}s.`
          : `Shorten the warm-up of ${planned} ${unit}s, or train longer: ${String(steps)} ${unit}s reached a rate of ${inWords(rate?.end ?? 0)}.`,
      change:
        run.config && target !== null && length
          ? scheduleChange(run.config, proposedSchedule(target, length))
          : null,
    };
  },
};
