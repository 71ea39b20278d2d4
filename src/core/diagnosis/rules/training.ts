/** C1 to C6: what the logs and the configuration of the training say. */
import type { Rule } from '../rule';
import { diagnoseTraining, TRAINING_CODES } from '../training/training-doctor';

export const trainingRule: Rule = {
  codes: TRAINING_CODES,
  group: 'C',
  looksFor: 'faults of the training',
  find: ({ sources }) => (sources.training ? diagnoseTraining(sources.training).causes : []),
};
