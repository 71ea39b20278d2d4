/** Rules of groups B, C and D, in the order in which they are asked. */
import { anchorsDoNotCover } from '../data/anchors-do-not-cover';
import { asymmetricClasses } from '../data/asymmetric-classes';
import { besideTraining } from '../data/beside-training';
import { classImbalance } from '../data/class-imbalance';
import { modelInput } from '../data/model-input';
import { noBackgroundImages } from '../data/no-background-images';
import { positionBias } from '../data/position-bias';
import { resolutionDiffers } from '../data/resolution-differs';
import { trainEvaluationOverlap } from '../data/train-evaluation-overlap';
import { trainEvaluationShift } from '../data/train-evaluation-shift';
import { measuredInput } from '../measured/measured-input';
import { labelErrors } from '../labels/label-errors';
import { labelsDuplicated } from '../labels/labels-duplicated';
import { trainingLabelsMissing } from '../labels/training-labels-missing';
import type { Rule } from '../rule';
import { trainingRule } from './training';

/** What the data page tells too. */
export const DATA_RULES: readonly Rule[] = [
  besideTraining(trainEvaluationOverlap),
  besideTraining(trainEvaluationShift),
  besideTraining(positionBias),
  modelInput,
  anchorsDoNotCover,
  resolutionDiffers,
  measuredInput,
  besideTraining(classImbalance),
  besideTraining(noBackgroundImages),
  asymmetricClasses,
];

export const ADVICE_RULES: readonly Rule[] = [
  labelsDuplicated,
  labelErrors,
  trainingLabelsMissing,
  ...DATA_RULES,
  trainingRule,
];
