/**
 * Objects in the training set that nobody labelled: the model learns there that they are none. Found as in the evaluation
 * set, by the model's own predictions on its training images; it has seen those, so that what it still finds without a
 * label says much. No price: what they cost shows in the score only once the model is trained anew.
 */
import { TRUSTED_FOUND_SHARE } from '../../label-quality/find-fixes';
import { fixQueue } from '../../label-quality/fix-queue';
import { createScorer } from '../../metrics/scorer';
import { MOST_IMAGES } from '../cause';
import { foundLabels, shareOf } from '../found-labels';
import type { Rule } from '../rule';
import { scoringInputOf } from '../situation';
import { FEWEST_LABELS, suspectsOf } from './label-errors';

export const trainingLabelsMissing: Rule = {
  codes: ['training-labels-missing'],
  group: 'B',
  looksFor: 'labels that may be missing in training',
  find(context) {
    const { sources, progress } = context;
    const { predicted, within } = sources.train ?? {};
    if (!predicted || predicted.protocol === 'tide') return [];
    const input = scoringInputOf(predicted);
    const found = shareOf(foundLabels(input, 'any-class'));
    if (
      input.annotations.count < FEWEST_LABELS ||
      found < TRUSTED_FOUND_SHARE ||
      context.score(predicted) === null
    )
      return [];
    const queue = fixQueue(input, createScorer(input, predicted.protocol, predicted.parameters), {
      progress,
    });
    const suspects = suspectsOf('missing', queue, input);
    if (!suspects) return [];
    const { images: all } = predicted.truth;
    const count = Math.round(suspects.expectedErrors);
    const share = suspects.expectedErrors / (suspects.expectedErrors + input.annotations.count);
    return [
      {
        code: 'training-labels-missing',
        title: `Labels missing in training: about ${count} objects that the model finds have none, ${Math.max(1, Math.round(share * 100))} % of the labels`,
        evidence: {
          suspects: suspects.suspects,
          likely: suspects.likely,
          expectedErrors: suspects.expectedErrors,
          share,
          byClass: suspects.byClass,
          trainingScoreGain: suspects.gain,
          trainingImages: suspects.images.slice(0, MOST_IMAGES).map((image) => all[image]!.fileName),
        },
        images: within?.length === all.length ? suspects.images.map((image) => within[image]!) : [],
        action: 'Label the training images anew where the model finds more than they say, and train again',
        repair: null,
      },
    ];
  },
};
