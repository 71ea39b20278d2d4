/** Truth that was cut at a number of boxes when it was written: many images end at exactly that number, none goes beyond. */
import type { FoundCause } from '../cause';
import { matchWithoutClasses } from '../classes/class-matches';
import type { Situation } from '../situation';
import { choosePredictions } from '../selection';

const FEWEST_AT_LIMIT = 5;
const LEAST_LIMIT = 3;
/** Images at the limit stand out from those one below: so many times as many, and by so many standard deviations. */
const PILE = 2;
const PILE_DEVIATIONS = 3;
/** Confident predictions on no object, for each object. */
const LEAST_SURPLUS = 0.06;
/** A set whose images hold one number may be made so: then that many have to speak for more objects. */
const FEWEST_WHOLE = 8;
const CONSTANT_SURPLUS = 0.3;
/** Where so many images are at the limit and the rest hold many other numbers, the distribution speaks for itself. */
const SHARE_AT_LIMIT = 0.2;
const OTHER_COUNTS = 3;
/** Else the surplus has to be that of cut images only: so many times as large as in whole ones. */
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
  const isPile =
    clipped.length >= Math.max(FEWEST_AT_LIMIT, PILE * below) &&
    clipped.length - below >= PILE_DEVIATIONS * Math.sqrt(below + 1);
  if (limit < LEAST_LIMIT || !isPile) return [];
  const surplus = unexplainedPredictions(situation);
  if (!isSurplus(counts, limit, surplus.counts)) return [];
  const before = score(situation) ?? 0;
  // Of an object that the truth lost, its prediction counts as false: without those the rest tells what the score would be.
  const lost = predictionsOfLost(situation, counts, limit, surplus.isUnexplained);
  const without = choosePredictions(situation.predictions, (row) => !lost.has(row));
  const gain = Math.max(LEAST_GAIN, (score({ ...situation, predictions: without }) ?? before) - before);
  return [
    {
      code: 'ground-truth-clipped',
      title: `Ground truth clipped: ${clipped.length} images have exactly ${limit} objects, none has more`,
      evidence: { limit, imagesAtLimit: clipped.length },
      images: clipped,
      action: 'Write all objects (max_number_of_boxes), and evaluate again',
      repair: null,
      price: {
        gain,
        interval: [gain / 2, Math.min(1.5 * gain, Math.max(gain, 1 - before))],
        confidence: 'estimated',
      },
    },
  ];
}

/** Cut truth costs something, however little its bound says. */
const LEAST_GAIN = 0.01;

/** Whether images at the limit show more objects than the truth has, and more clearly than other images do. */
function isSurplus(counts: Int32Array, limit: number, surplus: Int32Array): boolean {
  const all = [...counts.keys()].filter((image) => counts[image]! > 0);
  const clipped = all.filter((image) => counts[image] === limit);
  const whole = all.filter((image) => counts[image] !== limit);
  const perObject = (images: readonly number[]): number => {
    const objects = images.reduce((sum, image) => sum + counts[image]!, 0);
    return images.reduce((sum, image) => sum + surplus[image]!, 0) / Math.max(1, objects);
  };
  const own = perObject(clipped);
  if (whole.length < FEWEST_WHOLE) return own >= CONSTANT_SURPLUS;
  const others = new Set(whole.map((image) => counts[image]!)).size;
  const isCutOff = others >= OTHER_COUNTS && clipped.length >= SHARE_AT_LIMIT * all.length;
  return own >= LEAST_SURPLUS && (isCutOff || own >= LEAST_SURPLUS + MORE_SURPLUS * perObject(whole));
}

/** Scores are compared in so many steps of equally many predictions. */
const STEPS = 8;
/** Part of a step that is taken to be of lost objects at least: whole images of real sets lack labels too. */
const LEAST_LOST = 0.9;
/** Where too few images are whole to tell. */
const USUALLY_LOST = 0.96;

/**
 * Rows of predictions on objects that cut images lost: those on no object, less as many of like scores as whole images
 * have, which are false in cut ones too. Which of them are false is not known: every so many are left.
 */
function predictionsOfLost(
  { truth, predictions }: Situation,
  counts: Int32Array,
  limit: number,
  isUnexplained: (row: number) => boolean,
): ReadonlySet<number> {
  const rows = [...predictions.score.keys()].filter(
    (row) => predictions.image[row]! >= 0 && isUnexplained(row),
  );
  rows.sort((a, b) => predictions.score[b]! - predictions.score[a]! || a - b);
  const cutImages = counts.reduce((sum, count) => sum + (count === limit ? 1 : 0), 0);
  const wholeImages = truth.images.length - cutImages;
  const lost = new Set<number>();
  for (let step = 0; step < STEPS; step++) {
    const own = rows.slice((rows.length * step) / STEPS, (rows.length * (step + 1)) / STEPS);
    const cut = own.filter((row) => counts[predictions.image[row]!] === limit);
    const falseOnes = ((own.length - cut.length) * cutImages) / wholeImages;
    const share =
      wholeImages < FEWEST_WHOLE
        ? USUALLY_LOST
        : Math.max(LEAST_LOST, 1 - falseOnes / Math.max(1, cut.length));
    cut.forEach((row, at) => {
      if (Math.floor((at + 1) * share) > Math.floor(at * share)) lost.add(row);
    });
  }
  return lost;
}

/** Predictions on no object that score as the better half of those on objects do; `counts`: by image. */
function unexplainedPredictions(situation: Situation): {
  readonly counts: Int32Array;
  readonly isUnexplained: (row: number) => boolean;
} {
  const { predictions, truth } = situation;
  const matched = matchWithoutClasses(situation).predictionRow;
  const scores = Float64Array.from(matched, (row) => predictions.score[row]!).sort();
  const bar = scores[Math.floor(scores.length / 2)] ?? Infinity;
  const low = scores[Math.floor(scores.length / 10)] ?? Infinity;
  const isMatched = new Set(matched);
  const counts = new Int32Array(truth.images.length);
  for (let row = 0; row < predictions.count; row++) {
    const image = predictions.image[row]!;
    if (image >= 0 && predictions.score[row]! >= bar && !isMatched.has(row)) counts[image]!++;
  }
  return { counts, isUnexplained: (row) => predictions.score[row]! >= low && !isMatched.has(row) };
}
