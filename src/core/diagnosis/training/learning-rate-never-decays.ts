/** C2: the rate stays at its height to the end, while nothing is gained any more. */
import { proposedSchedule, scheduleChange } from '../../training/config-change';
import { fallAtEnd } from '../../training/series';
import { inWords } from '../../training/number-words';
import type { TrainingFacts } from './training-facts';
import type { TrainingRule } from './training-rule';

const FEWEST_EVALUATIONS = 6;
const FEWEST_LOSSES = 20;
/** Of its height: a rate that ends above it has not decayed. */
const STILL_HIGH = 0.5;

export const learningRateNeverDecays: TrainingRule = {
  code: 'learning-rate-never-decays',
  find: (facts, named) => {
    const { run, rate, score } = facts;
    if (!rate || rate.end < rate.highest * STILL_HIGH) return null;
    if (
      named.has('learning-rate-too-high') ||
      named.has('warm-up-never-ends') ||
      named.has('stopped-too-early')
    )
      return null;
    const isCyclical = run.config?.train.schedule?.kind === 'cyclical';
    if (isCyclical || !hasLevelledOff(facts)) return null;
    const length = run.config?.train.steps ?? facts.steps;
    return {
      title: 'The learning rate never decays',
      evidence: {
        learningRate: rate.highest,
        learningRateEnd: rate.end,
        scoreNoise: score?.noise ?? null,
      },
      action: `Let the rate of ${inWords(rate.highest)} fall towards the end: the last points of a score come from small steps.`,
      change:
        run.config && length ? scheduleChange(run.config, proposedSchedule(rate.highest, length)) : null,
    };
  },
};

/** What is evaluated gains nothing over the last quarter; without evaluations, the training loss. */
function hasLevelledOff({ validation, score, training, run }: TrainingFacts): boolean {
  if (score && score.raw.step.length >= FEWEST_EVALUATIONS) {
    // What a score gains within its own noise from one evaluation to the next is no gain.
    return -fallAtEnd(score.raw) < Math.max(0.03, (2 * score.noise) / score.highest.value);
  }
  if (validation && validation.raw.step.length >= FEWEST_EVALUATIONS)
    return fallAtEnd(validation.raw) < Math.max(0.02, (2 * validation.noise) / validation.lowest.value);
  const isLong = training && training.raw.step.length >= FEWEST_LOSSES;
  return run.unit === 'step' && isLong === true && fallAtEnd(training.smooth) < 0.02;
}
