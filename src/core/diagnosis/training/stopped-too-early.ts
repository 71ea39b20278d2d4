/** C6: every curve is still improving where the training ends. */
import { fallAtEnd, firstStep, lastStep, median, valuesBetween } from '../../training/series';
import type { CurveFacts, TrainingFacts } from './training-facts';
import type { TrainingCause, TrainingRule } from './training-rule';

/** From the third to the last quarter of the steps, relative. */
const LOSS_FALLS = 0.05;
const SCORE_RISES = 0.05;
const SCORE_RISES_BY = 0.01;
/** Of its height: with a rate below it the schedule has ended, and the curves with it. */
const RATE_IS_SPENT = 0.05;
/** Of what a quarter gained, the next one gains this share; both ends of what is plausible. */
const SLOWEST = 0.3;
const FASTEST = 0.75;

export const stoppedTooEarly: TrainingRule = {
  code: 'stopped-too-early',
  find: (facts, named) => {
    if (named.has('learning-rate-too-high') || named.has('overfitting')) return null;
    const { run, steps, training, validation, score, rate } = facts;
    if (steps === null || (!validation && !score)) return null;
    if (rate && rate.end < rate.highest * RATE_IS_SPENT) return null;
    if (validation && fallAtEnd(validation.raw) < LOSS_FALLS) return null;
    if (score && !stillRises(score)) return null;
    if (training && fallAtEnd(training.smooth) < LOSS_FALLS / 2) return null;
    const isWarmingUp = named.has('warm-up-never-ends');
    const length = run.config?.train.steps ?? null;
    const needed = isWarmingUp || !score ? null : stepsNeeded(score, steps);
    return {
      title: `Every curve is still improving after ${steps} ${run.unit}s`,
      evidence: {
        steps,
        plannedSteps: length,
        validationLossFall: validation ? fallAtEnd(validation.raw) : null,
        trainingLossFall: training ? fallAtEnd(training.smooth) : null,
        stepsNeeded: needed,
        secondsNeeded: needed === null ? null : secondsFor(facts, needed - steps),
      },
      action:
        needed === null
          ? 'Train longer.'
          : `Train for about ${needed} ${run.unit}s, the rate falling towards the end.`,
      price: isWarmingUp ? null : priceOf(score),
    };
  },
};

/** What the middle of the last quarter gained over that of the quarter before, and that over its own. */
function quarterGains({ raw }: CurveFacts): { last: number; before: number } {
  const end = lastStep(raw);
  const quarter = (end - firstStep(raw)) / 4;
  const level = (from: number): number =>
    median(valuesBetween(raw, end - quarter * from, end - quarter * (from - 1)));
  return { last: level(1) - level(2), before: level(2) - level(3) };
}

function stillRises(score: CurveFacts): boolean {
  const { last } = quarterGains(score);
  return last > Math.max(SCORE_RISES_BY, SCORE_RISES * score.highest.value) && last > 2 * score.noise;
}

/** Each quarter gains a share of what the one before gained: what all further ones gain together. */
function priceOf(score: CurveFacts | null): TrainingCause['price'] {
  if (!score) return null;
  const { last, before } = quarterGains(score);
  const room = 1 - score.highest.value;
  const sum = (share: number): number => Math.min(room, (last * share) / (1 - share));
  const likely = before > 0 ? Math.min(FASTEST, Math.max(SLOWEST, last / before)) : (SLOWEST + FASTEST) / 2;
  return { gain: sum(likely), interval: [sum(SLOWEST), sum(FASTEST)], confidence: 'estimated' };
}

/** Until a quarter gains less than half a point. */
function stepsNeeded(score: CurveFacts, steps: number): number {
  const { last, before } = quarterGains(score);
  const share = before > 0 ? Math.min(FASTEST, Math.max(SLOWEST, last / before)) : SLOWEST;
  const quarters = Math.ceil(Math.log(0.005 / last) / Math.log(share));
  return Math.round(steps + (steps / 4) * Math.max(1, quarters));
}

/** At the pace of the curves so far; null where no times were logged. */
function secondsFor({ run }: TrainingFacts, steps: number): number | null {
  const times = run.trainingLoss?.wallTime;
  if (!times || times.length < 2) return null;
  const { step } = run.trainingLoss;
  return ((times.at(-1)! - times[0]!) / (step.at(-1)! - step[0]!)) * steps;
}
