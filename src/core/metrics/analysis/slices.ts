/** Recall and precision by what a box looks like: its size, its shape, where in the image it stands. */
import { MEDIUM_BELOW, SMALL_BELOW } from '../../dataset/statistics';
import type { OperatingPoint, Scorer } from '../evaluation';
import { PREDICTION_OUTCOMES, TRUTH_OUTCOMES } from '../evaluation';

/** The names of each property's slices, in their order. */
export const SLICES = {
  /** By the box's own area; small, medium and large of COCO are 0 and 1, 2, 3 and 4. */
  size: ['under 16²', '16² to 32²', '32² to 96²', '96² to 256²', 'from 256²'],
  /** Width to height. */
  aspect: ['taller than 1 : 3', 'tall, to 1 : 1.5', 'about square', 'wide, from 1.5 : 1', 'wider than 3 : 1'],
  position: ['cut by the border', 'outer third', 'middle'],
} as const;
export type SliceBy = keyof typeof SLICES;
export const SLICES_BY = Object.keys(SLICES) as readonly SliceBy[];

const AREAS = [16 ** 2, SMALL_BELOW, MEDIUM_BELOW, 256 ** 2];
const ASPECTS = [1 / 3, 1 / 1.5, 1.5, 3];
/** A box this near to the border, in pixels, is taken to be cut by it: labels end on the last pixel or beside it. */
const AT_BORDER = 1;

const binOf = (value: number, bounds: readonly number[]): number =>
  bounds.reduce((bin, bound) => (value >= bound ? bin + 1 : bin), 0);

function positionOf([x, y, width, height]: BoxNumbers, imageWidth: number, imageHeight: number): number {
  if (!(imageWidth > 0 && imageHeight > 0)) return -1;
  const isCut =
    x <= AT_BORDER ||
    y <= AT_BORDER ||
    x + width >= imageWidth - AT_BORDER ||
    y + height >= imageHeight - AT_BORDER;
  if (isCut) return 0;
  const centre = [(x + width / 2) / imageWidth, (y + height / 2) / imageHeight];
  return centre.every((share) => share >= 1 / 6 && share <= 5 / 6) ? 2 : 1;
}

export type BoxNumbers = readonly [x: number, y: number, width: number, height: number];

/**
 * Index into `SLICES[by]`; -1 where it cannot be told (no height, or an image of unknown size). Pixels; lower bounds
 * belong to a slice, upper ones to the next. `middle`: the centre lies in the middle two thirds of both sides.
 */
export function sliceOf(by: SliceBy, box: BoxNumbers, imageWidth: number, imageHeight: number): number {
  const [, , width, height] = box;
  if (by === 'size') return binOf(width * height, AREAS);
  if (by === 'position') return positionOf(box, imageWidth, imageHeight);
  return width > 0 && height > 0 ? binOf(width / height, ASPECTS) : -1;
}

export interface Slice {
  readonly by: SliceBy;
  /** Index into `SLICES[by]`. */
  readonly index: number;
  /** Annotations that count whose box is so, and those of them that are found. */
  readonly truth: number;
  readonly found: number;
  /** Predictions that count whose box is so, and those of them that are right. */
  readonly predictions: number;
  readonly right: number;
}

/** By image index: width and height in pixels; 0 where they are not known. */
export type ImageSizes = readonly { readonly width: number; readonly height: number }[];

/** One box that counts at a point. */
export interface CountedBox {
  readonly image: number;
  /** Index of its class. */
  readonly category: number;
  readonly isTruth: boolean;
  /** Found, or right. */
  readonly isMatched: boolean;
  readonly box: BoxNumbers;
}

const MATCHED = TRUTH_OUTCOMES.indexOf('matched');
const TRUTH_IGNORED = TRUTH_OUTCOMES.indexOf('ignored');
const RIGHT = PREDICTION_OUTCOMES.indexOf('true-positive');
const IGNORED = PREDICTION_OUTCOMES.indexOf('ignored');
const CUT = PREDICTION_OUTCOMES.indexOf('cut');

const boxAt = (box: Float64Array, row: number): BoxNumbers => [
  box[row * 4]!,
  box[row * 4 + 1]!,
  box[row * 4 + 2]!,
  box[row * 4 + 3]!,
];

/** Every annotation and prediction that counts at a point, image by image. */
export function* countedBoxes(scorer: Scorer, point: OperatingPoint): Generator<CountedBox> {
  const all = scorer.allOutcomes(point);
  const { predictions, imageIds } = scorer.input;
  for (let image = 0; image < imageIds.length; image++) {
    const truth = scorer.truth(image);
    const [from] = scorer.annotationRows(image);
    for (let row = 0; row < truth.count; row++) {
      const outcome = all.truthOutcome[from + row]!;
      if (outcome === TRUTH_IGNORED) continue;
      const category = truth.category[row]!;
      yield { image, category, isTruth: true, isMatched: outcome === MATCHED, box: boxAt(truth.box, row) };
    }
    for (const row of scorer.predictionRows(image)) {
      const outcome = all.predictionOutcome[row]!;
      if (outcome === IGNORED || outcome === CUT) continue;
      const category = predictions.category[row]!;
      const box = boxAt(predictions.box, row);
      yield { image, category, isTruth: false, isMatched: outcome === RIGHT, box };
    }
  }
}

/** Every slice of every property, in order; a box whose slice cannot be told stands in none. */
export function slicesAt(scorer: Scorer, point: OperatingPoint, sizes: ImageSizes): Slice[] {
  const slices = SLICES_BY.flatMap((by) =>
    SLICES[by].map((_, index) => ({ by, index, truth: 0, found: 0, predictions: 0, right: 0 })),
  );
  const first = Object.fromEntries(
    SLICES_BY.map((by) => [by, slices.findIndex((slice) => slice.by === by)]),
  ) as Record<SliceBy, number>;
  for (const { image, isTruth, isMatched, box } of countedBoxes(scorer, point)) {
    const { width, height } = sizes[image]!;
    for (const by of SLICES_BY) {
      const index = sliceOf(by, box, width, height);
      if (index < 0) continue;
      const slice = slices[first[by] + index]!;
      slice[isTruth ? 'truth' : 'predictions']++;
      if (isMatched) slice[isTruth ? 'found' : 'right']++;
    }
  }
  return slices;
}
