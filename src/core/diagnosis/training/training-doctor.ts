/** Reads a training and says what is wrong with it: causes of group C, the gravest first. */
import type { ConfigChange } from '../../training/config-change';
import type { TrainingRun } from '../../training/training-run';
import type { CauseCode, FoundCause } from '../cause';
import { augmentationMissing } from './augmentation-missing';
import { batchNormalisation } from './batch-normalisation';
import { checkpointType } from './checkpoint-type';
import { learningRateDecaysTooEarly } from './learning-rate-decays-too-early';
import { learningRateNeverDecays } from './learning-rate-never-decays';
import { learningRateTooHigh } from './learning-rate-too-high';
import { learningRateTooLow } from './learning-rate-too-low';
import { overfitting } from './overfitting';
import { stoppedTooEarly } from './stopped-too-early';
import { factsOf } from './training-facts';
import type { TrainingRule } from './training-rule';
import { asFoundCause } from './training-rule';
import { underfitting } from './underfitting';
import { warmUpNeverEnds } from './warm-up-never-ends';

/** In this order: one that makes others look likely comes before them. */
const RULES: readonly TrainingRule[] = [
  learningRateTooHigh,
  warmUpNeverEnds,
  checkpointType,
  batchNormalisation,
  overfitting,
  learningRateTooLow,
  stoppedTooEarly,
  learningRateDecaysTooEarly,
  learningRateNeverDecays,
  augmentationMissing,
  underfitting,
];

export const TRAINING_CODES: readonly CauseCode[] = RULES.map(({ code }) => code);

export interface TrainingDiagnosis {
  readonly causes: readonly FoundCause[];
  /** Lines of the configuration that mend them, by cause; those that are not in conflict with an earlier one. */
  readonly changes: readonly { readonly code: CauseCode; readonly change: ConfigChange }[];
  readonly checksPassed: number;
}

export function diagnoseTraining(run: TrainingRun): TrainingDiagnosis {
  const facts = factsOf(run);
  const causes: FoundCause[] = [];
  const changes: { code: CauseCode; change: ConfigChange }[] = [];
  for (const rule of RULES) {
    const found = rule.find(facts, new Set(causes.map(({ code }) => code)));
    if (!found) continue;
    causes.push(asFoundCause(rule.code, found, run.config));
    const { change } = found;
    if (change && !changes.some((other) => overlaps(other.change, change)))
      changes.push({ code: rule.code, change });
  }
  return { causes, changes, checksPassed: RULES.length - causes.length };
}

function overlaps(a: ConfigChange, b: ConfigChange): boolean {
  if (!a.remove || !b.remove) return false;
  return a.remove.from <= b.remove.to && b.remove.from <= a.remove.to;
}
