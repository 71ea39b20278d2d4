/** C5: the configuration augments nothing, and the network learns its images by heart. */
import { endLevel } from '../../training/series';
import type { TrainingRule } from './training-rule';

const FAR_APART = 1.5;

export const augmentationMissing: TrainingRule = {
  code: 'augmentation-missing',
  find: ({ run, training, validation, hasCurves }, named) => {
    const { config } = run;
    if (!config || config.train.augmentations.length > 0 || config.train.steps === null) return null;
    const isApart =
      training !== null &&
      validation !== null &&
      endLevel(validation.raw, 2) > FAR_APART * endLevel(training.smooth);
    if (hasCurves && !named.has('overfitting') && !isApart) return null;
    return {
      title: 'Training images are not augmented',
      evidence: {
        trainingLossEnd: training ? endLevel(training.smooth) : null,
        validationLossEnd: validation ? endLevel(validation.raw, 2) : null,
      },
      action:
        'Add data_augmentation_options; leave flips out where a class has a left and a right, or an up and a down.',
      change: {
        remove: null,
        after: config.train.line,
        add: ['random_horizontal_flip', 'random_adjust_brightness'].flatMap((name) => [
          '  data_augmentation_options {',
          `    ${name} { }`,
          '  }',
        ]),
      },
    };
  },
};
