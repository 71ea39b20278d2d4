/** Rules of groups B, C and D, in the order in which they are asked. */
import { labelErrors } from '../labels/label-errors';
import { labelsDuplicated } from '../labels/labels-duplicated';
import type { Rule } from '../rule';
import { trainingRule } from './training';

export const ADVICE_RULES: readonly Rule[] = [labelsDuplicated, labelErrors, trainingRule];
