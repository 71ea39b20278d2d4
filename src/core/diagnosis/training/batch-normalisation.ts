/** C4: the network that is evaluated is not the one that was trained: its batch statistics are those of tiny batches. */
import { median } from '../../training/series';
import type { TrainingRule } from './training-rule';

const TINY_BATCH = 4;
const FAR_APART = 3;
const NO_SCORE = 0.05;

export const batchNormalisation: TrainingRule = {
  code: 'batch-normalisation',
  find: ({ run, training, validation, score }, named) => {
    const batch = run.config?.train.batchSize ?? null;
    if (!training || !validation || batch === null || batch > TINY_BATCH) return null;
    if (run.config!.train.freezesBatchNorm || named.has('learning-rate-too-high')) return null;
    if (score && score.highest.value > NO_SCORE) return null;
    const start = median(training.smooth.value.subarray(0, 3));
    const trainingEnd = median(training.smooth.value.subarray(-5));
    const apart = median(validation.raw.value) / trainingEnd;
    const isApartAtOnce = validation.raw.value[1]! > FAR_APART * trainingEnd;
    if (trainingEnd > start / 2 || apart < FAR_APART || !isApartAtOnce) return null;
    return {
      title: `Batch normalisation with batches of ${batch}`,
      evidence: {
        batchSize: batch,
        trainingLossEnd: trainingEnd,
        validationLoss: median(validation.raw.value),
      },
      action:
        'Freeze batch normalisation (freeze_batchnorm: true) or train with larger batches; check it by scoring the training images.',
      change: {
        remove: null,
        after: run.config!.train.line,
        add: ['  freeze_batchnorm: true'],
      },
    };
  },
};
