/**
 * Predictions that never reached the file: cut by score, capped per image, or a class left out. What they would have won
 * can only be bounded; the estimate goes on where each class's curve ends.
 */
import type { ClassCurve } from '../../metrics/evaluation';
import type { ProtocolEvaluation } from '../../metrics/protocol-evaluation';
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';

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

function findScoreCut({ predictions }: Situation, evaluation: ProtocolEvaluation): FoundCause[] {
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
  const price = priceOf(evaluation, (curve) => extraRecall(curve, least));
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

function findCap({ truth, predictions }: Situation, evaluation: ProtocolEvaluation): FoundCause[] {
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
  const price = priceOf(
    evaluation,
    ({ recall }) => (1 - (recall.at(-1) ?? 0)) * (capped.length / present.length) * FOUND_AGAIN,
    tailOfCap(limit, capped.reduce((sum, image) => sum + objects[image]!, 0) / capped.length),
  );
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

/**
 * Part of the last precision that predictions over the cap would keep: where it is far below the number of objects they
 * are as good as those that were kept, where it is above they are the tail.
 */
function tailOfCap(limit: number, objects: number): number {
  return Math.max(LEAST_TAIL, 0.95 - 0.45 * (limit / Math.max(1, objects)) ** 2);
}

const LEAST_TAIL = 0.15;

/** Of the objects that lack a prediction, how many one would be found for. */
const FOUND_AGAIN = 0.8;

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

/** Recall that each unit of score won just above the cut goes on, fading out, down to 0. */
function extraRecall({ recall, score }: ClassCurve, cut: number): number {
  const above = Math.max(cut * 2, cut + 0.1);
  let last = 0;
  let before = 0;
  recall.forEach((value, at) => {
    const own = score[at];
    if (own === null || own === undefined || own < cut) return;
    last = Math.max(last, value);
    if (own >= above) before = Math.max(before, value);
  });
  const density = (last - before) / (above - cut);
  return Math.min(1 - last, density * cut);
}

/** Part of the last precision that the tail keeps on average while it falls. */
const TAIL = 0.5;

function priceOf(
  evaluation: ProtocolEvaluation,
  extra: (curve: ClassCurve) => number,
  tail = TAIL,
): NonNullable<FoundCause['price']> {
  const curves = new Map(evaluation.curves().map((curve) => [curve.id, curve]));
  const classes = evaluation.result(0.5).classes.filter(({ AP }) => AP !== null);
  let gain = 0;
  let bound = 0;
  for (const { id, AP, AP50 } of classes) {
    const curve = curves.get(id);
    if (!curve) continue;
    // Precision where the curve ends; a curve's missing tail is 0.
    const last = curve.precision.reduce((least, value) => (value > 0 ? value : least), 0);
    const strictness = AP50 ? (AP ?? 0) / AP50 : 1;
    const reached = curve.recall.reduce(
      (most, value, at) => (curve.precision[at]! > 0 ? Math.max(most, value) : most),
      0,
    );
    gain +=
      (extra({
        ...curve,
        recall: curve.recall.filter((_, at) => curve.precision[at]! > 0),
        score: curve.score.filter((_, at) => curve.precision[at]! > 0),
      }) *
        last *
        tail *
        strictness) /
      classes.length;
    bound += ((1 - reached) * last * strictness) / classes.length;
  }
  return { gain, interval: [0, Math.max(gain, bound)], confidence: 'estimated' };
}
