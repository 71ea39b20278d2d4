/** Rules of groups B, C and D, in the order in which they are asked. */
import { classImbalance } from '../data/class-imbalance';
import { modelInput } from '../data/model-input';
import { noBackgroundImages } from '../data/no-background-images';
import { positionBias } from '../data/position-bias';
import { trainEvaluationOverlap } from '../data/train-evaluation-overlap';
import { trainEvaluationShift } from '../data/train-evaluation-shift';
import { measuredInput } from '../measured/measured-input';
import { labelErrors } from '../labels/label-errors';
import { labelsDuplicated } from '../labels/labels-duplicated';
import type { Rule } from '../rule';
import { trainingRule } from './training';

export const ADVICE_RULES: readonly Rule[] = [
  labelsDuplicated,
  labelErrors,
  trainEvaluationOverlap,
  trainEvaluationShift,
  positionBias,
  modelInput,
  measuredInput,
  classImbalance,
  noBackgroundImages,
  trainingRule,
];
