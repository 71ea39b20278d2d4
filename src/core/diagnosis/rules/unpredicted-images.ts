/** Images of which the file holds no prediction at all, where others have them by the dozen: they were never run, or lost. */
import type { FoundCause } from '../cause';
import { onlyImages } from '../selection';
import type { Situation } from '../situation';

const FEWEST_IMAGES = 3;
const LEAST_SHARE = 0.02;
/** Predictions of the image in the middle of those that have some: with so many none is no accident. */
const TYPICAL_COUNT = 10;
/** Images that have some, next to hardly any: a model that finds little leaves images empty, and others nearly so. */
const NEARLY_NONE = 2;

export function findUnpredictedImages(
  situation: Situation,
  score: (situation: Situation) => number | null,
): FoundCause[] {
  const { truth, predictions } = situation;
  const counts = new Int32Array(truth.images.length);
  const objects = new Int32Array(truth.images.length);
  for (const image of predictions.image) if (image >= 0) counts[image]!++;
  for (const image of truth.annotations.image) objects[image]!++;
  // A subset that the model was not run on at all was left out on purpose.
  const isLeftOut = new Set(
    truth.subsets
      .filter(({ images }) => images.every((image) => counts[image] === 0))
      .flatMap(({ images }) => [...images]),
  );
  const empty = [...counts.keys()].filter(
    (image) => counts[image] === 0 && objects[image]! > 0 && !isLeftOut.has(image),
  );
  const present = [...counts.keys()].filter((image) => counts[image]! > 0);
  const typical = [...counts].filter((count) => count > 0).sort((a, b) => a - b)[present.length >> 1] ?? 0;
  const scarce = present.filter((image) => counts[image]! <= NEARLY_NONE).length;
  if (
    empty.length < Math.max(FEWEST_IMAGES, LEAST_SHARE * truth.images.length, 2 * scarce) ||
    typical < TYPICAL_COUNT
  )
    return [];
  const before = score(situation) ?? 0;
  const gain = (score(onlyImages(situation, present)) ?? before) - before;
  return [
    {
      code: 'images-not-joined',
      title: `${empty.length} of ${truth.images.length} images have no predictions, the others have about ${typical}`,
      evidence: { joined: present.length, total: truth.images.length, rule: null, typical },
      images: empty,
      action: 'Run the model on these images too, or leave them out of the evaluation',
      repair: null,
      price: { gain, interval: [gain / 2, 1.5 * gain], confidence: 'estimated' },
    },
  ];
}
