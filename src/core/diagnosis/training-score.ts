/**
 * How far a score could come with this model: its score on the images that it was trained on. What lies between that and
 * the score with everything on the bill repaired is not explained.
 */
import type { Truth } from '../dataset/dataset';
import { baseName, normaliseFileName } from '../formats/names';
import type { Progress } from '../foundation/cancellation';
import type { PricedBill } from './bill';
import { findBookkeeping } from './find-bookkeeping';
import type { Scores } from './price';
import { choosePredictions, onlyImages } from './selection';
import type { Situation } from './situation';

/** On fewer images a score says nothing. */
const FEWEST_IMAGES = 10;

/**
 * On the scale of the protocol's first number, from 0: what causes explain beyond the training score is not counted
 * against them. Null where the model's predictions on its training images are not known. `predicted`: those; they come of
 * the same tools, so that faults of bookkeeping are repaired in them too where the bill has one.
 */
export function unexplainedOf(
  given: Situation,
  { causes }: Pick<PricedBill, 'causes'>,
  predicted: Situation | null,
  scores: Scores,
  progress: Progress,
): number | null {
  const now = scores.score(given);
  if (!predicted || now === null || predicted.truth.images.length < FEWEST_IMAGES) return null;
  const { protocol, parameters, scoredCategory = null } = given;
  const asked: Situation = { ...predicted, protocol, parameters, scoredCategory };
  const reached = scores.score(
    hasOpenFault({ causes }) ? findBookkeeping(asked, scores, progress).repaired : asked,
  );
  if (reached === null) return null;
  return Math.max(0, reached - causes.reduce((sum, { share }) => sum + (share ?? 0), now));
}

/** Whether a fault of bookkeeping with a price is on the bill. */
export function hasOpenFault({ causes }: Pick<PricedBill, 'causes'>): boolean {
  return causes.some(({ group, share }) => group === 'A' && share !== null);
}

/** The training set with those predictions that name its images, and none of the evaluation's; null where too few do. */
export function predictedTraining(situation: Situation, train: Truth): Situation | null {
  const { predictions, truth } = situation;
  const byPath = new Map(train.images.map(({ fileName }, index) => [fileName, index]));
  const byName = uniqueNames(train);
  const imageOf = predictions.images.map(({ id, fileName }) => {
    const name = fileName ?? (typeof id === 'string' ? id : null);
    if (name === null) return -1;
    return byPath.get(normaliseFileName(name)) ?? byName.get(baseName(name)) ?? -1;
  });
  const own = choosePredictions(
    predictions,
    (row) => predictions.image[row]! < 0 && imageOf[predictions.namedImage[row]!]! >= 0,
  );
  const image = own.namedImage.map((named) => imageOf[named]!);
  const seen = [...new Set(image)].sort((a, b) => a - b);
  if (seen.length < FEWEST_IMAGES) return null;
  const classOf = new Map(train.categories.map(({ name }, index) => [name, index]));
  const category = own.category.map((known) =>
    known < 0 ? -1 : (classOf.get(truth.categories[known]!.name) ?? -1),
  );
  return onlyImages(
    { ...situation, truth: train, predictions: { ...own, image, category }, facts: null },
    seen,
  );
}

function uniqueNames({ images }: Truth): Map<string, number> {
  const indexOf = new Map<string, number>();
  const repeated = new Set<string>();
  images.forEach(({ fileName }, index) => {
    const name = baseName(fileName);
    if (indexOf.has(name)) repeated.add(name);
    indexOf.set(name, index);
  });
  for (const name of repeated) indexOf.delete(name);
  return indexOf;
}
