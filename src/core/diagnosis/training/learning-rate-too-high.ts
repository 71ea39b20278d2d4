/** C1: the loss breaks down, spikes, or never leaves the height that it fell to in the first steps. */
import { proposedSchedule, scheduleChange } from '../../training/config-change';
import { endLevel, firstStep, lastStep, median, valuesBetween } from '../../training/series';
import { inWords } from '../../training/number-words';
import type { TrainingCause, TrainingRule } from './training-rule';
import type { CurveFacts, TrainingFacts } from './training-facts';

/** Rates above these are rare in configurations that train; per image of a batch for momentum (the zoo has 0.000625). */
const USUAL_LIMIT: Readonly<Record<string, number>> = { adam: 0.01, rms_prop: 0.02 };
const MOMENTUM_PER_IMAGE = 0.000625;
const TIMES_THE_ZOO = 8;
/** Where nothing names the optimizer: large batches on many machines train with less. */
const HIGH_FOR_ANY = 0.5;
/** A plateau: from the first tenth to the last quarter the loss falls by less than this. */
const LITTLE = 0.3;
/** A detector that has learned nothing. */
const NO_SCORE = 0.02;
/** One that learned nothing more from the first tenth on, its loss no lower in the end. */
const BARE_SCORE = 0.1;
const SPIKE = 2.5;
const FEWEST_SPIKES = 3;

export const learningRateTooHigh: TrainingRule = {
  code: 'learning-rate-too-high',
  find: (facts) => brokeDown(facts) ?? diverged(facts) ?? plateau(facts) ?? spikes(facts) ?? unusual(facts),
};

/** A rate that this kind of optimizer is known to bear; null where the configuration does not tell. */
export function bearableRate({ run }: TrainingFacts): number | null {
  const { optimizer, batchSize } = run.config?.train ?? {};
  if (optimizer === 'momentum' && batchSize) return MOMENTUM_PER_IMAGE * batchSize;
  const limit = USUAL_LIMIT[optimizer ?? ''];
  return limit === undefined ? null : limit / 10;
}

function cause(facts: TrainingFacts, title: string, evidence: TrainingCause['evidence']): TrainingCause {
  const { run, rate, steps } = facts;
  const bearable = bearableRate(facts);
  const highest = rate?.highest ?? null;
  const proposed = bearable ?? (highest === null ? null : highest / 10);
  const lower = proposed !== null && highest !== null && proposed >= highest ? highest / 10 : proposed;
  const planned = run.config?.train.steps ?? steps;
  return {
    title,
    evidence: { ...evidence, learningRate: highest, proposedRate: lower },
    action:
      lower === null
        ? 'Train again with a tenth of the rate.'
        : `Train again with a rate of ${inWords(lower)}, after a short warm-up.`,
    change:
      run.config && lower !== null && planned
        ? scheduleChange(run.config, proposedSchedule(lower, planned))
        : null,
  };
}

function brokeDown(facts: TrainingFacts): TrainingCause | null {
  const { brokeDownAt } = facts;
  if (brokeDownAt === null) return null;
  return cause(facts, `The loss is no number from step ${brokeDownAt} on`, { brokeDownAt });
}

function diverged(facts: TrainingFacts): TrainingCause | null {
  const { training, validation } = facts;
  if (!training) return null;
  const end = endLevel(training.smooth);
  const { lowest } = training;
  const isClear = end > 2 * lowest.value && end - lowest.value > 6 * training.noise;
  if (
    !(isClear || creepsUp(facts)) ||
    (validation && endLevel(validation.smooth, 2) < validation.lowest.value * 1.05)
  )
    return null;
  return cause(facts, 'The training loss rises again', {
    trainingLossLowest: lowest.value,
    atStep: lowest.step,
    trainingLossEnd: end,
  });
}

/** Of the lowest training loss, in its first half: under a rate that does not fall the loss climbs from there. */
const CREEP = 0.08;

function creepsUp({ training, rate, steps }: TrainingFacts): boolean {
  if (!training || !rate || steps === null || rate.end < rate.highest / 2) return false;
  const { lowest, noise, smooth } = training;
  const rise = endLevel(smooth) - lowest.value;
  return lowest.step < steps / 2 && rise > CREEP * lowest.value && rise > 3 * noise;
}

function plateau(facts: TrainingFacts): TrainingCause | null {
  const { training, rate, score } = facts;
  if (!training || isStillHigh(facts) === false) return null;
  const { early, late } = levels(training);
  if (!(late > 0) || early <= 0 || (early - late) / early > LITTLE) return null;
  const learned = score ? score.highest.value > (late >= early ? BARE_SCORE : NO_SCORE) : null;
  const bearable = bearableRate(facts);
  const isUnusual = rate !== null && rate.highest > (bearable === null ? HIGH_FOR_ANY : 10 * bearable);
  const isLow = bearable !== null && rate !== null && rate.highest < bearable / 20;
  if (learned === true || isLow || (learned === null && !isUnusual)) return null;
  return cause(facts, 'The loss stays on a plateau from the start', {
    trainingLossEarly: early,
    trainingLossEnd: late,
    scoreBest: score?.highest.value ?? null,
  });
}

/** Whether the rate was still at least a third of its height in the middle of the training; null where unknown. */
function isStillHigh({ rate, steps, run }: TrainingFacts): boolean | null {
  if (!rate || !run.learningRate || steps === null) return null;
  const { learningRate } = run;
  const middle = valuesBetween(learningRate, steps * 0.4, steps * 0.6);
  return middle.length === 0 ? null : median(middle) >= rate.highest / 3;
}

function levels({ smooth }: CurveFacts): { early: number; late: number } {
  const [first, last] = [firstStep(smooth), lastStep(smooth)];
  const at = (share: number): number => first + (last - first) * share;
  return {
    early: median(valuesBetween(smooth, at(0.1), at(0.3))),
    late: median(valuesBetween(smooth, at(0.75), last)),
  };
}

function spikes(facts: TrainingFacts): TrainingCause | null {
  const { training } = facts;
  if (!training || training.raw.step.length < 20) return null;
  const { raw, smooth, noise } = training;
  const from = firstStep(raw) + (lastStep(raw) - firstStep(raw)) * 0.1;
  const steps = [...raw.step].filter(
    (step, at) =>
      step >= from &&
      raw.value[at]! > SPIKE * smooth.value[at]! &&
      raw.value[at]! - smooth.value[at]! > 8 * noise,
  );
  if (steps.length < FEWEST_SPIKES) return null;
  return cause(facts, `The training loss spikes ${steps.length} times`, { spikes: steps.slice(0, 20) });
}

/** The configuration alone, before anything was trained with it. */
function unusual(facts: TrainingFacts): TrainingCause | null {
  const { hasCurves, rate, run } = facts;
  const bearable = bearableRate(facts);
  if (hasCurves || !rate || bearable === null || rate.highest <= TIMES_THE_ZOO * bearable) return null;
  const batch = run.config?.train.batchSize ?? null;
  return cause(facts, `A learning rate of ${inWords(rate.highest)} is high for this optimizer and batch`, {
    batchSize: batch,
    optimizer: run.config?.train.optimizer ?? null,
  });
}
