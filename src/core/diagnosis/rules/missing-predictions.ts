/**
 * Predictions that never reached the file: cut by score, capped per image, or a class left out. What they would have won
 * can only be bounded; the estimate goes on where each class's curve ends.
 */
import type { ProtocolEvaluation } from '../../metrics/protocol-evaluation';
import type { FoundCause } from '../cause';
import { matchWithoutClasses } from '../classes/class-matches';
import type { Situation } from '../situation';
import { imagesOf } from '../suppression';

export function findMissingPredictions(situation: Situation, evaluation: ProtocolEvaluation): FoundCause[] {
  const capped = findCap(situation, evaluation);
  return [
    ...capped,
    ...(capped.length > 0 ? [] : findScoreCut(situation, evaluation)),
    ...findUnpredicted(situation, evaluation),
  ];
}

/** Scores below this are as good as none. */
const LEAST_CUT = 0.01;
/**
 * Shares of predictions in the lowest tenth of the scores' range and in the lowest two, and the lowest against the one
 * above it: scores that fade out by themselves have fewer there.
 */
const SHARE_AT_CUT = 0.04;
const SHARE_ABOVE_CUT = 0.1;
const AGAINST_NEXT = 0.5;
const ROUND_THRESHOLDS = [
  0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9,
];

function findScoreCut(situation: Situation, evaluation: ProtocolEvaluation): FoundCause[] {
  const { predictions } = situation;
  if (predictions.count < 20) return [];
  let least = Infinity;
  let most = -Infinity;
  for (const score of predictions.score) {
    if (score < least) least = score;
    if (score > most) most = score;
  }
  if (!(least >= LEAST_CUT) || most > 1.5) return [];
  if (!endsAtOnce(predictions.score, least, most)) return [];
  const round = ROUND_THRESHOLDS.filter((one) => one <= least && least - one <= 0.1 * one + 0.01).at(-1);
  const value = valueBelow(situation, least);
  const price = priceOf(evaluation, (reached) => Math.min(1 - reached, value));
  return [
    {
      code: 'scores-cut',
      title: `Scores cut: no prediction scores under ${(round ?? least).toPrecision(2)}`,
      evidence: { threshold: round ?? least, lowest: least },
      images: [],
      action: 'Write predictions from a score of 0.001 on, and let the scorer choose',
      repair: null,
      price,
    },
  ];
}

function endsAtOnce(scores: Float64Array, least: number, most: number): boolean {
  const tenth = (most - least) / 10;
  let low = 0;
  let next = 0;
  for (const score of scores) {
    if (score <= least + tenth) low++;
    else if (score <= least + 2 * tenth) next++;
  }
  return (
    low >= SHARE_AT_CUT * scores.length &&
    low >= AGAINST_NEXT * next &&
    low + next >= SHARE_ABOVE_CUT * scores.length
  );
}

const CAPPED_SHARE = 0.3;
const FEWEST_CAPPED = 8;
/** Images at the cap, against those one below it: a pile, where a tail would thin out. */
const PILE = 3;

function findCap(situation: Situation, evaluation: ProtocolEvaluation): FoundCause[] {
  const { truth, predictions } = situation;
  const counts = new Int32Array(truth.images.length);
  for (const image of predictions.image) if (image >= 0) counts[image]!++;
  const present = [...counts.keys()].filter((image) => counts[image]! > 0);
  const limit = present.reduce((most, image) => Math.max(most, counts[image]!), 0);
  const capped = present.filter((image) => counts[image] === limit);
  const objects = new Int32Array(truth.images.length);
  for (const image of truth.annotations.image) objects[image]!++;
  // A cap that leaves several boxes an object hides nothing.
  const crowded = capped.filter((image) => objects[image]! * 2 > limit);
  const below = present.filter((image) => counts[image] === limit - 1);
  const isPile = capped.length >= PILE * (below.length + 1);
  const isCap = isPile && capped.length >= Math.max(FEWEST_CAPPED, CAPPED_SHARE * present.length);
  if (!isCap || crowded.length === 0) return [];
  const { first, last } = hitsByRank(situation, capped);
  // A model whose best box of an image is right in some share of them finds about that share of objects of its class.
  const ceiling = first * first;
  // What comes next is right as often as the last one kept, and worse the weaker the model.
  const precision = (last * (1 + ceiling)) / 2;
  const part = capped.length / present.length;
  const price = priceOf(evaluation, (reached) => Math.max(0, ceiling - reached) * part * precision);
  return [
    {
      code: 'detections-capped',
      title: `Detections capped: ${capped.length} images have exactly ${limit}`,
      evidence: { limit, imagesAtLimit: capped.length },
      images: crowded,
      action: 'Write more predictions an image (max_detections, max_total_detections)',
      repair: null,
      price,
    },
  ];
}

/** By row: 1 where the prediction lies on an object of its class. */
function hitsOf(situation: Situation): Uint8Array {
  const { predictions } = situation;
  const { predictionRow, truth } = matchWithoutClasses(situation);
  const isHit = new Uint8Array(predictions.count);
  predictionRow.forEach((row, at) => {
    if (predictions.category[row] === truth[at]) isHit[row] = 1;
  });
  return isHit;
}

/** Shares of images whose best prediction, and whose worst, is a hit. */
function hitsByRank(
  situation: Situation,
  images: readonly number[],
): { readonly first: number; readonly last: number } {
  const { predictions } = situation;
  const isHit = hitsOf(situation);
  const isAsked = new Set(images);
  const hits = { first: 0, last: 0 };
  for (const rows of imagesOf(predictions)) {
    if (rows.length === 0 || !isAsked.has(predictions.image[rows[0]!]!)) continue;
    hits.first += isHit[rows[0]!]!;
    hits.last += isHit[rows.at(-1)!]!;
  }
  const count = Math.max(1, images.length);
  return { first: hits.first / count, last: hits.last / count };
}

/** A class with this many objects, of which others have predictions by the dozen. */
const FEWEST_OBJECTS = 10;
const FEWEST_EXPECTED = 10;

function findUnpredicted({ truth, predictions }: Situation, evaluation: ProtocolEvaluation): FoundCause[] {
  const { categories, annotations } = truth;
  const objects = new Int32Array(categories.length);
  for (const category of annotations.category) objects[category]!++;
  const predicted = new Int32Array(categories.length);
  for (const category of predictions.category) if (category >= 0) predicted[category]!++;
  const missing = [...categories.keys()].filter((index) => {
    const expected = (objects[index]! / annotations.count) * predictions.count;
    return predicted[index] === 0 && objects[index]! >= FEWEST_OBJECTS && expected >= FEWEST_EXPECTED;
  });
  if (missing.length === 0) return [];
  const names = missing.map((index) => categories[index]!.name);
  const isMissing = new Set(missing);
  const scored = evaluation.result(0.5).classes.filter(({ AP }) => AP !== null);
  const others = scored.filter(({ name }) => name === null || !names.includes(name));
  const typical = others.reduce((sum, { AP }) => sum + (AP ?? 0), 0) / Math.max(1, others.length);
  const share = missing.length / Math.max(1, scored.length);
  return [
    {
      code: 'class-never-predicted',
      title: `Never predicted: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`,
      evidence: { classes: names, objects: missing.reduce((sum, index) => sum + objects[index]!, 0) },
      images: [
        ...new Set([...annotations.image].filter((_, row) => isMissing.has(annotations.category[row]!))),
      ],
      action: 'Check num_classes and the label map of the model, and that the class was in its training data',
      repair: null,
      price: { gain: typical * share, interval: [0, share], confidence: 'estimated' },
    },
  ];
}

/** Scores looked at above a cut, and the part of them next to it. */
const LEAST_BAND = 0.1;
const NEXT_TO_CUT = 1 / 3;
/** Part of the precision next to the cut that predictions below it keep on average while it falls to none. */
const TAIL = 0.5;

/**
 * Recall below a cut, times its precision: hits by score go on as they thin out above the cut, on a line down to none; where
 * they do not thin out, evenly falling to none at a score of 0.
 */
function valueBelow(situation: Situation, cut: number): number {
  const { predictions, truth } = situation;
  const isHit = hitsOf(situation);
  const band = Math.max(cut, LEAST_BAND);
  const next = band * NEXT_TO_CUT;
  let hitsNext = 0;
  let allNext = 0;
  let hitsAbove = 0;
  predictions.score.forEach((score, row) => {
    if (score < cut || score >= cut + band) return;
    if (score >= cut + next) hitsAbove += isHit[row]!;
    else {
      allNext++;
      hitsNext += isHit[row]!;
    }
  });
  if (hitsNext === 0) return 0;
  const densityNext = hitsNext / next;
  const slope = (hitsAbove / (band - next) - densityNext) / (band / 2);
  const atCut = slope > 0 ? Math.max(0, densityNext - (slope * next) / 2) : densityNext;
  const most = (atCut * cut) / 2;
  const hits = slope > 0 ? Math.min(most, atCut ** 2 / (2 * slope)) : most;
  return (hits / Math.max(1, truth.annotations.count)) * TAIL * (hitsNext / allNext);
}

/** `value`: recall times precision at the protocol's first IoU that a class would win besides. */
function priceOf(
  evaluation: ProtocolEvaluation,
  value: (reached: number) => number,
): NonNullable<FoundCause['price']> {
  const curves = new Map(evaluation.curves().map((curve) => [curve.id, curve]));
  const classes = evaluation.result(0.5).classes.filter(({ AP }) => AP !== null);
  // What is won at the first IoU is won in part at stricter ones.
  const first = classes.reduce((sum, { AP, AP50 }) => sum + (AP50 ?? AP ?? 0), 0);
  const strictness = first > 0 ? classes.reduce((sum, { AP }) => sum + (AP ?? 0), 0) / first : 1;
  let gain = 0;
  let bound = 0;
  for (const { id } of classes) {
    const curve = curves.get(id);
    let reached = 0;
    // Precision where the curve ends; a curve's missing tail is 0.
    let last = Infinity;
    curve?.precision.forEach((precision, at) => {
      if (!(precision > 0)) return;
      reached = Math.max(reached, curve.recall[at]!);
      last = Math.min(last, precision);
    });
    gain += (value(reached) * strictness) / classes.length;
    if (reached > 0) bound += ((1 - reached) * last * strictness) / classes.length;
  }
  return { gain, interval: [0, Math.max(gain, bound)], confidence: 'estimated' };
}
