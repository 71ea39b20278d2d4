/**
 * A model that training never showed an image without objects, and that invents some where there are none. The price is
 * what the score gains without the predictions on the evaluation's empty images.
 */
import { choosePredictions } from '../selection';
import type { Rule } from '../rule';

/** Of a smaller training set it may be an accident that every image has objects. */
const FEWEST_TRAINING_IMAGES = 50;
const FEWEST_EMPTY = 5;
/** An image is spoilt by a prediction from this confidence on. */
const CONFIDENT = 0.5;
const LEAST_SPOILT = 0.2;

export const noBackgroundImages: Rule = {
  codes: ['no-background-images'],
  group: 'C',
  looksFor: 'inventions on images without objects',
  find(context) {
    const { repaired, sources } = context;
    if (!repaired || !sources.train) return [];
    const { images, annotations } = sources.train.truth;
    if (images.length < FEWEST_TRAINING_IMAGES || new Set(annotations.image).size < images.length) return [];
    const { truth, predictions } = repaired;
    const labelled = new Set(truth.annotations.image);
    const empty = [...truth.images.keys()].filter((image) => !labelled.has(image));
    if (empty.length < FEWEST_EMPTY) return [];
    const inventions = new Map<number, number>();
    for (let row = 0; row < predictions.count; row++) {
      const image = predictions.image[row]!;
      if (image < 0 || labelled.has(image) || predictions.score[row]! < CONFIDENT) continue;
      inventions.set(image, (inventions.get(image) ?? 0) + 1);
    }
    if (inventions.size < empty.length * LEAST_SPOILT) return [];
    const isKept = (row: number): boolean =>
      predictions.image[row]! < 0 || labelled.has(predictions.image[row]!);
    const without = { ...repaired, predictions: choosePredictions(predictions, isKept) };
    const gain = (context.score(without) ?? 0) - (context.score(repaired) ?? 0);
    return [
      {
        code: 'no-background-images',
        title: `No training image is without objects, and the model invents some on ${inventions.size} of ${empty.length} empty evaluation images`,
        evidence: {
          trainingImages: images.length,
          emptyImages: empty.length,
          inventions: [...inventions.values()].reduce((sum, count) => sum + count, 0),
        },
        images: [...inventions].sort(([, a], [, b]) => b - a).map(([image]) => image),
        action: 'Add images without objects to the training set, a tenth of it or so',
        repair: null,
        price: gain > 0 ? { gain, interval: [0, gain], confidence: 'estimated' } : null,
      },
    ];
  },
};
