/** Truth that was cut at a number of boxes when it was written: many images end at exactly that number, none goes beyond. */
import type { FoundCause } from '../cause';
import { matchWithoutClasses } from '../classes/class-matches';
import type { Situation } from '../situation';
import { onlyImages } from '../selection';

/** Images at the limit, against those one below: a pile, where a tail would thin out. */
const FEWEST_AT_LIMIT = 5;
const LEAST_LIMIT = 3;
const PILE = 3;
/** Images that are whole and so tell what the score would be. */
const FEWEST_WHOLE = 8;
/** Confident predictions on no object, for each object: so many, and so many times as many as in whole images. */
const LEAST_SURPLUS = 0.1;
const MORE_SURPLUS = 2;

export function findClippedTruth(
  situation: Situation,
  score: (situation: Situation) => number | null,
): FoundCause[] {
  const { truth } = situation;
  const counts = new Int32Array(truth.images.length);
  for (const image of truth.annotations.image) counts[image]!++;
  const limit = counts.reduce((most, count) => Math.max(most, count), 0);
  const clipped = [...counts.keys()].filter((image) => counts[image] === limit);
  const below = counts.reduce((sum, count) => sum + (count === limit - 1 ? 1 : 0), 0);
  if (limit < LEAST_LIMIT || clipped.length < Math.max(FEWEST_AT_LIMIT, PILE * (below + 1))) return [];
  const surplus = unexplainedPredictions(situation);
  const perObject = (images: readonly number[]): number => {
    const objects = images.reduce((sum, image) => sum + counts[image]!, 0);
    return images.reduce((sum, image) => sum + surplus[image]!, 0) / Math.max(1, objects);
  };
  const whole = [...counts.keys()].filter((image) => counts[image]! < limit && counts[image]! > 0);
  if (perObject(clipped) < LEAST_SURPLUS + MORE_SURPLUS * perObject(whole)) return [];
  const before = score(situation) ?? 0;
  const after = whole.length >= FEWEST_WHOLE ? (score(onlyImages(situation, whole)) ?? before) : before;
  return [
    {
      code: 'ground-truth-clipped',
      title: `Ground truth clipped: ${clipped.length} images have exactly ${limit} objects, none has more`,
      evidence: { limit, imagesAtLimit: clipped.length },
      images: clipped,
      action: 'Write all objects (max_number_of_boxes), and evaluate again',
      repair: null,
      price: {
        gain: Math.max(0.01, after - before),
        interval: [0, Math.max(0.01, 1 - before)],
        confidence: 'estimated',
      },
    },
  ];
}

/** By image: predictions on no object that score as the better half of those on objects do. */
function unexplainedPredictions(situation: Situation): Int32Array {
  const { predictions, truth } = situation;
  const matched = matchWithoutClasses(situation).predictionRow;
  const scores = Float64Array.from(matched, (row) => predictions.score[row]!).sort();
  const bar = scores[Math.floor(scores.length / 2)] ?? Infinity;
  const isMatched = new Set(matched);
  const counts = new Int32Array(truth.images.length);
  for (let row = 0; row < predictions.count; row++) {
    const image = predictions.image[row]!;
    if (image >= 0 && predictions.score[row]! >= bar && !isMatched.has(row)) counts[image]!++;
  }
  return counts;
}
