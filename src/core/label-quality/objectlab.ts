/**
 * ObjectLab's quality scores of labels and images, as cleanlab 2.9 computes them (`object_detection/rank.py`). Kept for
 * reference and comparison; the fix queue has scores of its own. A low score is a suspect one.
 */
import { cornerIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import { rowsByImage } from './by-image';

export interface ObjectLabParameters {
  /** Predictions above this confidence can say that a label is badly located. */
  readonly low: number;
  /** Predictions above this confidence can say that a label is swapped; from it on, that one was overlooked. */
  readonly high: number;
  /** Weight of the IoU in the similarity of two boxes; the rest is the closeness of their centres. */
  readonly alpha: number;
  /** Of the soft minimum that makes the score of an image from those of its boxes. */
  readonly temperature: number;
}

export const OBJECTLAB_DEFAULTS: ObjectLabParameters = {
  low: 0.5,
  high: 0.95,
  alpha: 0.9,
  temperature: 0.1,
};

export interface ObjectLabScores {
  /** The smallest similarity above zero in the whole set. */
  readonly minimumSimilarity: number;
  /** By annotation row, 0 to 1. */
  readonly badlyLocated: Float64Array;
  /** By annotation row, 0 to 1. */
  readonly swapped: Float64Array;
  /** By prediction row, 0 to 1; NaN where the prediction is no candidate. */
  readonly overlooked: Float64Array;
  /** By image, 0 to 1; 1 where nothing is to be judged. */
  readonly images: Readonly<Record<'overall' | 'overlooked' | 'badlyLocated' | 'swapped', Float64Array>>;
}

/** How fast the closeness of two centres falls, per pixel. */
const DISTANCE_FACTOR = 0.1;
/** Labels of different classes that overlap so much are both suspect. */
const SAME_PLACE = 0.95;
/** Keeps the logarithm of a score of 0 finite. */
const TINY = 1e-100;

/** Similarities and IoUs of one image: rows are labels, columns predictions. */
interface ImagePairs {
  readonly labels: Int32Array;
  readonly predictions: Int32Array;
  readonly similarity: Float64Array;
  readonly iou: Float64Array;
}

/** Scores of every label, prediction and image. Boxes are read as given; flags and areas play no part. */
export function objectLab(
  input: ScoringInput,
  parameters: ObjectLabParameters = OBJECTLAB_DEFAULTS,
): ObjectLabScores {
  const images = input.imageIds.length;
  const labels = rowsByImage(input.annotations, images);
  const predictions = rowsByImage(input.predictions, images);
  const pairs = input.imageIds.map((_, image) =>
    pairsOf(input, labels.of(image), predictions.of(image), parameters.alpha),
  );
  const minimumSimilarity = pairs.reduce(
    (least, { similarity }) =>
      similarity.reduce((lower, value) => (value !== 0 && value < lower ? value : lower), least),
    1,
  );
  const scores = {
    badlyLocated: new Float64Array(input.annotations.count),
    swapped: new Float64Array(input.annotations.count),
    overlooked: new Float64Array(input.predictions.count),
  };
  const judge = new ImageJudge(input, parameters, minimumSimilarity);
  for (const image of pairs) {
    for (let label = 0; label < image.labels.length; label++) {
      scores.badlyLocated[image.labels[label]!] = judge.badlyLocated(image, label);
      scores.swapped[image.labels[label]!] = judge.swapped(image, label);
    }
    for (let prediction = 0; prediction < image.predictions.length; prediction++)
      scores.overlooked[image.predictions[prediction]!] = judge.overlooked(image, prediction);
  }
  return { minimumSimilarity, ...scores, images: imageScores(pairs, scores, parameters.temperature) };
}

function pairsOf(
  { annotations, predictions }: ScoringInput,
  labelRows: Int32Array,
  predictionRows: Int32Array,
  alpha: number,
): ImagePairs {
  const iou = new Float64Array(labelRows.length * predictionRows.length);
  const similarity = new Float64Array(iou.length);
  let at = 0;
  for (const label of labelRows) {
    for (const prediction of predictionRows) {
      iou[at] = cornerIou(annotations.box, label * 4, predictions.box, prediction * 4, 0);
      const distance = centreDistance(annotations.box, label * 4, predictions.box, prediction * 4);
      // As it stands in the original: the double subtraction turns far pairs into multiples of 2^-53.
      const closeness = 1 - (1 - Math.exp(-DISTANCE_FACTOR * distance));
      similarity[at] = alpha * iou[at]! + (1 - alpha) * closeness;
      at++;
    }
  }
  return { labels: labelRows, predictions: predictionRows, similarity, iou };
}

function centreDistance(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const centre = (box: Float64Array, at: number): number => (box[at]! + (box[at]! + box[at + 2]!)) / 2;
  return Math.sqrt((centre(a, i) - centre(b, j)) ** 2 + (centre(a, i + 1) - centre(b, j + 1)) ** 2);
}

class ImageJudge {
  readonly #input: ScoringInput;
  readonly #parameters: ObjectLabParameters;
  readonly #minimum: number;

  constructor(input: ScoringInput, parameters: ObjectLabParameters, minimum: number) {
    this.#input = input;
    this.#parameters = parameters;
    this.#minimum = minimum;
  }

  /** The similarity of the nearest confident prediction of the label's class that overlaps it. */
  badlyLocated(image: ImagePairs, label: number): number {
    const klass = this.#input.annotations.category[image.labels[label]!];
    const nearest = this.#nearest(
      image,
      label,
      (prediction, at) =>
        this.#input.predictions.category[prediction] === klass &&
        this.#input.predictions.score[prediction]! > this.#parameters.low &&
        image.iou[at]! > 0,
    );
    return nearest ?? 1;
  }

  /** How unlike the label is to the nearest very confident prediction of another class. */
  swapped(image: ImagePairs, label: number): number {
    if (this.#sharesItsPlace(image, label)) return this.#minimum;
    const klass = this.#input.annotations.category[image.labels[label]!];
    const nearest = this.#nearest(
      image,
      label,
      (prediction) =>
        this.#input.predictions.category[prediction] !== klass &&
        this.#input.predictions.score[prediction]! > this.#parameters.high,
    );
    return nearest === null ? 1 : Math.max(this.#minimum, 1 - nearest);
  }

  /** How near a label of the class is to a very confident prediction that touches no label; NaN for other predictions. */
  overlooked(image: ImagePairs, index: number): number {
    const { category, score } = this.#input.predictions;
    const prediction = image.predictions[index]!;
    if (!(score[prediction]! >= this.#parameters.high)) return NaN;
    let nearest: number | null = null;
    for (let label = 0; label < image.labels.length; label++) {
      const at = label * image.predictions.length + index;
      if (image.iou[at]! > 0) return NaN;
      if (this.#input.annotations.category[image.labels[label]!] !== category[prediction]) continue;
      nearest = Math.max(nearest ?? -Infinity, image.similarity[at]!);
    }
    return nearest ?? this.#minimum * (1 - score[prediction]!);
  }

  #nearest(
    image: ImagePairs,
    label: number,
    isWitness: (prediction: number, pair: number) => boolean,
  ): number | null {
    let nearest: number | null = null;
    for (let index = 0; index < image.predictions.length; index++) {
      const at = label * image.predictions.length + index;
      if (!isWitness(image.predictions[index]!, at)) continue;
      nearest = Math.max(nearest ?? -Infinity, image.similarity[at]!);
    }
    return nearest;
  }

  #sharesItsPlace({ labels }: ImagePairs, label: number): boolean {
    const { box, category } = this.#input.annotations;
    const row = labels[label]!;
    return labels.some(
      (other) =>
        category[other] !== category[row] && cornerIou(box, row * 4, box, other * 4, 0) >= SAME_PLACE,
    );
  }
}

function imageScores(
  pairs: readonly ImagePairs[],
  scores: Pick<ObjectLabScores, 'badlyLocated' | 'swapped' | 'overlooked'>,
  temperature: number,
): ObjectLabScores['images'] {
  const pool = (rows: 'labels' | 'predictions', of: Float64Array): Float64Array =>
    Float64Array.from(pairs, (image) => softMinimum(image[rows], of, temperature));
  const overlooked = pool('predictions', scores.overlooked);
  const badlyLocated = pool('labels', scores.badlyLocated);
  const swapped = pool('labels', scores.swapped);
  const weight = 1 / 3;
  const overall = Float64Array.from(pairs, (_, image) =>
    Math.exp(
      weight * Math.log(TINY + overlooked[image]!) +
        weight * Math.log(TINY + badlyLocated[image]!) +
        weight * Math.log(TINY + swapped[image]!),
    ),
  );
  return { overall, overlooked, badlyLocated, swapped };
}

/** Mean weighted towards the lowest scores; those that are NaN take no part. */
function softMinimum(rows: Int32Array, scores: Float64Array, temperature: number): number {
  let least = Infinity;
  for (const row of rows) if (scores[row]! < least) least = scores[row]!;
  if (least === Infinity) return 1;
  let sum = 0;
  let weights = 0;
  for (const row of rows) {
    const score = scores[row]!;
    if (Number.isNaN(score)) continue;
    const weight = Math.exp((1 - score - (1 - least)) / temperature);
    sum += weight * score;
    weights += weight;
  }
  return sum / weights;
}
