/**
 * C5: the training loss goes on falling while the validation loss rises or stays far above it, or the score falls from its
 * best.
 */
import { endLevel, fallAtEnd, median } from '../../training/series';
import { inWords } from '../../training/number-words';
import type { TrainingFacts } from './training-facts';
import type { TrainingCause, TrainingRule } from './training-rule';

const RISE = 0.05;
/** Of the training: a best evaluation after it is no sign. */
const BEFORE = 0.8;
const STILL_FALLING = 0.1;
const SCORE_FALL = 0.01;

export const overfitting: TrainingRule = {
  code: 'overfitting',
  find: (facts, named) => {
    if (named.has('learning-rate-too-high')) return null;
    const found = byLoss(facts) ?? byScore(facts) ?? (named.has('batch-normalisation') ? null : byGap(facts));
    return found && { ...found, price: priceOf(facts) };
  },
};

function byLoss(facts: TrainingFacts): TrainingCause | null {
  const { validation, training, steps } = facts;
  if (!validation || steps === null) return null;
  const { lowest, noise } = validation;
  const end = endLevel(validation.smooth, 2);
  const rises = end > lowest.value * (1 + RISE) && end - lowest.value > 3 * noise;
  if (!rises || lowest.step > steps * BEFORE || !fallsAfter(facts, lowest.step)) return null;
  const trainingEnd = training ? endLevel(training.smooth) : null;
  const fall = trainingEnd === null ? '' : ` while the training loss falls to ${inWords(trainingEnd)}`;
  return {
    title: 'Overfitting: the validation loss rises',
    evidence: {
      validationLossLowest: lowest.value,
      risesFrom: lowest.step,
      validationLossEnd: end,
      trainingLossEnd: trainingEnd,
      ...bestOf(facts),
    },
    action: `It climbs from ${inWords(lowest.value)} at step ${lowest.step} to ${inWords(end)}${fall}. ${actionOf(facts)}`,
  };
}

function byScore(facts: TrainingFacts): TrainingCause | null {
  const { score, steps } = facts;
  if (!score || steps === null || facts.validation) return null;
  const { highest, noise, raw } = score;
  const end = endLevel(raw, 2);
  const falls = highest.value - end > Math.max(SCORE_FALL, 3 * noise);
  if (!falls || highest.step > steps * BEFORE || !fallsAfter(facts, highest.step)) return null;
  return {
    title: 'Overfitting: the score falls from its best',
    evidence: { risesFrom: highest.step, ...bestOf(facts) },
    action: `It falls from ${inWords(highest.value)} at step ${highest.step} to ${inWords(end)}. ${actionOf(facts)}`,
  };
}

/** A validation loss this many times the training loss, at a low score, is of images known by heart. */
const APART = 3;
/** Where no score was logged. */
const FAR_APART = 4;
const LOW_SCORE = 0.25;
const LEVEL = 0.02;

/** The validation loss need not rise: with a rate that decays it levels off far above the training loss. */
function byGap({ training, validation, score }: TrainingFacts): TrainingCause | null {
  if (!training || !validation || fallAtEnd(validation.raw) >= LEVEL) return null;
  const [trainingEnd, validationEnd] = [endLevel(training.smooth), endLevel(validation.raw, 2)];
  const apart = validationEnd / trainingEnd;
  const isLow = score !== null && score.highest.value < LOW_SCORE;
  if (!(trainingEnd > 0) || apart < (isLow ? APART : FAR_APART) || (score && !isLow)) return null;
  return {
    title: 'Overfitting: the training images are known by heart',
    evidence: { trainingLossEnd: trainingEnd, validationLossEnd: validationEnd, times: apart },
    action: `The training loss falls to ${inWords(trainingEnd)}, the validation loss stays at ${inWords(validationEnd)}. More training images, augmentation and stronger regularisation help.`,
  };
}

/** Whether the training loss goes on falling; true where it was not logged. */
function fallsAfter({ training }: TrainingFacts, step: number): boolean {
  if (!training) return true;
  const { smooth } = training;
  const near = [...smooth.step.keys()]
    .sort((a, b) => Math.abs(smooth.step[a]! - step) - Math.abs(smooth.step[b]! - step))
    .slice(0, 3);
  const then = median(near.map((at) => smooth.value[at]!));
  return endLevel(smooth) < then * (1 - STILL_FALLING);
}

function bestOf({ score }: TrainingFacts): Readonly<Record<string, unknown>> {
  if (!score) return {};
  const { highest, raw } = score;
  return { bestStep: highest.step, bestScore: highest.value, lastScore: raw.value.at(-1)! };
}

function actionOf({ score, run }: TrainingFacts): string {
  const more = run.config?.train.augmentations.length === 0 ? 'augmentation, ' : '';
  const best = score ? `Use the checkpoint of step ${score.highest.step}. ` : '';
  return `${best}More training images, ${more}stronger regularisation or fewer steps help next time.`;
}

/** What the best checkpoint scored above the last one, as logged. */
function priceOf({ score }: TrainingFacts): TrainingCause['price'] {
  if (!score) return null;
  const gain = score.highest.value - score.raw.value.at(-1)!;
  return gain > 0 ? { gain, interval: null, confidence: 'measured' } : null;
}
