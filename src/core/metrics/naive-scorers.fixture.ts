/**
 * COCO and VOC scoring written out rule by rule, with none of the product's shortcuts (one threshold, one range, one
 * limit at a time; objects; every IoU anew): the second opinion of the tests where no reference output exists.
 */
import { FLAG_CROWD, FLAG_DIFFICULT } from '../dataset/dataset';
import type { CocoParameters, VocParameters } from './evaluation';
import { IMAGE_IDS, type PredictedBox, type RandomSet, type TruthBox } from './random-sets.fixture';

type Box = readonly [number, number, number, number];
interface Found extends PredictedBox {
  readonly order: number;
}

/** Image indices by rising id: numbers before text. */
const VISITS = [1, 5, 3, 0, 4, 2];

export function naiveCoco(set: RandomSet, parameters: CocoParameters) {
  const classes = parameters.classAgnostic
    ? [-1]
    : Array.from({ length: set.categories }, (_, index) => index);
  const ranges = Object.values(parameters.areaRanges);
  const limits = parameters.maxDetections;
  const points = Array.from({ length: 101 }, (_, index) => index * 0.01);
  const precision: number[] = [];
  const scores: number[] = [];
  const recall: number[] = [];
  for (const threshold of parameters.iou) {
    const curves = classes.map((klass) =>
      ranges.map((range) =>
        limits.map((limit) => cocoCurve(set, parameters, klass, range, limit, threshold, points)),
      ),
    );
    const each = (write: (curve: ReturnType<typeof cocoCurve>) => void) =>
      curves.forEach((byRange) => byRange.forEach((byLimit) => byLimit.forEach(write)));
    each((curve) => recall.push(curve === null ? -1 : curve.recall));
    points.forEach((_, point) => {
      each((curve) => precision.push(curve === null ? -1 : curve.precision[point]!));
      each((curve) => scores.push(curve === null ? -1 : curve.scores[point]!));
    });
  }
  return { precision, recall, scores };
}

function cocoCurve(
  set: RandomSet,
  parameters: CocoParameters,
  klass: number,
  range: readonly [number, number],
  limit: number,
  threshold: number,
  points: readonly number[],
) {
  const listed = VISITS.flatMap((image) => cocoImage(set, parameters, klass, image, range, limit, threshold));
  const positives = VISITS.flatMap((image) => truthOf(set, image, klass)).filter(
    (truth) => !isIgnored(truth, parameters, range),
  ).length;
  if (positives === 0) return null;
  listed.sort((a, b) => b.score - a.score);
  let right = 0;
  let wrong = 0;
  const steps = listed.map(({ state }) => {
    if (state === 'true') right++;
    if (state === 'false') wrong++;
    return { recall: right / positives, precision: right / (wrong + right + 2 ** -52) };
  });
  const envelope = steps.map((_, index) => Math.max(...steps.slice(index).map((step) => step.precision)));
  const reached = points.map((point) => steps.findIndex((step) => step.recall >= point));
  return {
    recall: right / positives,
    precision: reached.map((index) => (index < 0 ? 0 : envelope[index]!)),
    scores: reached.map((index) => (index < 0 ? 0 : listed[index]!.score)),
  };
}

function cocoImage(
  set: RandomSet,
  parameters: CocoParameters,
  klass: number,
  image: number,
  range: readonly [number, number],
  limit: number,
  threshold: number,
) {
  const truths = truthOf(set, image, klass);
  const sorted = [
    ...truths.filter((truth) => !isIgnored(truth, parameters, range)),
    ...truths.filter((truth) => isIgnored(truth, parameters, range)),
  ];
  const taken = new Set<TruthBox>();
  return predictionsOf(set, image, klass)
    .slice(0, limit)
    .map((prediction) => {
      let best = Math.min(threshold, 1 - 1e-10);
      let match: TruthBox | null = null;
      for (const truth of sorted) {
        const isCrowd = (truth.flags & FLAG_CROWD) !== 0;
        if (taken.has(truth) && !isCrowd) continue;
        if (match && !isIgnored(match, parameters, range) && isIgnored(truth, parameters, range)) break;
        const iou = cocoIou(prediction.box, truth.box, isCrowd);
        if (iou < best) continue;
        best = iou;
        match = truth;
      }
      if (match) taken.add(match);
      const area = prediction.box[2] * prediction.box[3];
      const isOutside = area < range[0] || area > range[1];
      const isOut = match ? isIgnored(match, parameters, range) : isOutside;
      return { score: prediction.score, state: isOut ? 'ignored' : match ? 'true' : 'false' };
    });
}

function isIgnored(
  truth: TruthBox,
  parameters: CocoParameters,
  [min, max]: readonly [number, number],
): boolean {
  const area = parameters.area === 'file' ? truth.area : truth.box[2] * truth.box[3];
  return (truth.flags & FLAG_CROWD) !== 0 || area < min || area > max;
}

function cocoIou(a: Box, b: Box, isCrowd: boolean): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / (isCrowd ? a[2] * a[3] : a[2] * a[3] + b[2] * b[3] - intersection);
}

/** Annotations of a class in an image; without classes (-1) by category. */
function truthOf(set: RandomSet, image: number, klass: number): TruthBox[] {
  const boxes = [...set.truth[image]!];
  if (klass >= 0) return boxes.filter(({ category }) => category === klass);
  return boxes.sort((a, b) => a.category - b.category);
}

/** Predictions of a class in an image by falling score; equal scores in file order, without classes by category. */
function predictionsOf(set: RandomSet, image: number, klass: number): Found[] {
  const all = set.predictions.map((prediction, order) => ({ ...prediction, order }));
  const here = all.filter((prediction) => prediction.image === image);
  const mine = klass < 0 ? here : here.filter(({ category }) => category === klass);
  if (klass < 0) mine.sort((a, b) => a.category - b.category || a.order - b.order);
  return mine.sort((a, b) => b.score - a.score);
}

/** AP of every class at the first threshold; null without annotations that count. */
export function naiveVoc(
  set: RandomSet,
  edition: 'voc2007' | 'voc2012',
  parameters: VocParameters,
): (number | null)[] {
  return Array.from({ length: set.categories }, (_, klass) => vocClass(set, edition, parameters, klass));
}

function vocClass(set: RandomSet, edition: string, parameters: VocParameters, klass: number): number | null {
  const isDifficult = (truth: TruthBox) => (truth.flags & FLAG_DIFFICULT) !== 0;
  const positives = VISITS.flatMap((image) => truthOf(set, image, klass)).filter(
    (truth) => !isDifficult(truth),
  );
  if (positives.length === 0) return null;
  const listed = VISITS.flatMap((image) => predictionsOf(set, image, klass)).sort(
    (a, b) => b.score - a.score,
  );
  const taken = new Set<TruthBox>();
  let right = 0;
  let wrong = 0;
  const curve: { recall: number; precision: number }[] = [];
  for (const prediction of listed) {
    let best: TruthBox | null = null;
    let bestIou = 0;
    for (const truth of truthOf(set, prediction.image, klass)) {
      const iou = vocIou(prediction.box, truth.box, parameters.boxSize === 'inclusive' ? 1 : 0);
      if (iou <= bestIou) continue;
      bestIou = iou;
      best = truth;
    }
    const threshold = parameters.iou[0]!;
    const isMatch = parameters.iouRule === 'above' ? bestIou > threshold : bestIou >= threshold;
    if (isMatch && isDifficult(best!)) continue;
    if (isMatch && !taken.has(best!)) {
      taken.add(best!);
      right++;
    } else wrong++;
    curve.push({ recall: right / positives.length, precision: right / (right + wrong) });
  }
  return edition === 'voc2007' ? elevenPoints(curve) : area(curve);
}

type Curve = readonly { readonly recall: number; readonly precision: number }[];

function elevenPoints(curve: Curve): number {
  let total = 0;
  for (let index = 0; index < 11; index++) {
    const beyond = curve.filter(({ recall }) => recall >= index * 0.1).map(({ precision }) => precision);
    total += beyond.length === 0 ? 0 : Math.max(...beyond) / 11;
  }
  return total;
}

function area(curve: Curve): number {
  const recall = [0, ...curve.map((point) => point.recall), 1];
  const precision = [0, ...curve.map((point) => point.precision), 0];
  for (let index = precision.length - 2; index >= 0; index--) {
    precision[index] = Math.max(precision[index]!, precision[index + 1]!);
  }
  let total = 0;
  for (let index = 1; index < recall.length; index++) {
    if (recall[index] !== recall[index - 1])
      total += (recall[index]! - recall[index - 1]!) * precision[index]!;
  }
  return total;
}

function vocIou(a: Box, b: Box, extra: number): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]) + extra;
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]) + extra;
  if (width <= 0 || height <= 0) return 0;
  const size = (box: Box) => (box[0] + box[2] - box[0] + extra) * (box[1] + box[3] - box[1] + extra);
  return (width * height) / (size(a) + size(b) - width * height);
}

/** Image ids in the order in which the naive scorers visit them; kept beside IMAGE_IDS by a test. */
export const VISITED_IDS = VISITS.map((image) => IMAGE_IDS[image]!);
