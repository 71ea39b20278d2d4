/** Small random datasets that are rich in what scorers disagree about: ties, crowds, equal boxes, sizes on a border. */
import fc from 'fast-check';
import {
  type Category,
  FLAG_CROWD,
  FLAG_DIFFICULT,
  FLAG_GROUP_OF,
  FLAG_IGNORE,
  type PredictionColumns,
} from '../dataset/dataset';
import type { ImageTruth, ScoringInput } from './evaluation';

export interface TruthBox {
  readonly id: number;
  readonly category: number;
  readonly box: readonly [number, number, number, number];
  readonly area: number;
  readonly flags: number;
}

export interface PredictedBox {
  readonly image: number;
  readonly category: number;
  readonly box: readonly [number, number, number, number];
  readonly score: number;
}

/** By image index. */
export type TruthByImage = readonly (readonly TruthBox[])[];

export interface RandomSet {
  readonly categories: number;
  readonly truth: TruthByImage;
  readonly predictions: readonly PredictedBox[];
}

export const IMAGE_IDS = [30, 4, 'b', 11, 'a', 5] as const;

/** Coarse, so that equal boxes and IoUs of exactly 0.5 are common; 32 and 96 give areas on COCO's borders. */
const coordinate = fc.constantFrom(0, 8, 16, 24, 48, 10.5);
const length = fc.constantFrom(8, 16, 32, 32, 48, 96, 24.25);
const box = fc.tuple(coordinate, coordinate, length, length);

export function truthBox(categories: number): fc.Arbitrary<TruthBox> {
  return fc.record({
    id: fc.constantFrom(0, 1, 2, 3, 7),
    category: fc.nat({ max: categories - 1 }),
    box,
    area: fc.constantFrom(1024, 9216, 64, 1023.5, 5000, 20000),
    flags: fc.constantFrom(
      0,
      0,
      0,
      0,
      FLAG_CROWD,
      FLAG_DIFFICULT,
      FLAG_GROUP_OF,
      FLAG_IGNORE,
      FLAG_CROWD | FLAG_DIFFICULT,
    ),
  });
}

const CATEGORIES = 3;

const mixedSet: fc.Arbitrary<RandomSet> = fc.record({
  categories: fc.constant(CATEGORIES),
  truth: fc.array(fc.array(truthBox(CATEGORIES), { maxLength: 6 }), {
    minLength: IMAGE_IDS.length,
    maxLength: IMAGE_IDS.length,
  }),
  predictions: fc.array(
    fc.record({
      image: fc.nat({ max: IMAGE_IDS.length - 1 }),
      category: fc.nat({ max: CATEGORIES - 1 }),
      box,
      score: fc.constantFrom(0, 0.1, 0.25, 0.5, 0.5, 0.75, 0.9, 1, -0.5, 0.30000001),
    }),
    { maxLength: 60 },
  ),
});

/** Boxes of one size in one row of one class: they compete for each other, and IoUs tie to both sides. */
const rowBox = fc
  .tuple(fc.constantFrom(0, 8, 16, 24, 32, 48), fc.constantFrom(32, 32, 32, 40))
  .map(([x, width]) => [x, 0, width, 32] as const);

const crowdedSet: fc.Arbitrary<RandomSet> = fc.record({
  categories: fc.constant(CATEGORIES),
  truth: fc
    .array(
      fc.record({
        id: fc.nat({ max: 9 }),
        category: fc.constantFrom(0, 0, 0, 1),
        box: rowBox,
        area: fc.constantFrom(1024, 1024, 1280),
        flags: fc.constantFrom(0, 0, 0, 0, 0, FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF),
      }),
      { maxLength: 8 },
    )
    .map((boxes) => IMAGE_IDS.map((_, image) => (image === 1 ? boxes : []))),
  predictions: fc.array(
    fc.record({
      image: fc.constantFrom(1, 1, 1, 2),
      category: fc.constantFrom(0, 0, 0, 1),
      box: rowBox,
      score: fc.constantFrom(0.2, 0.4, 0.6, 0.8),
    }),
    { maxLength: 12 },
  ),
});

export const randomSet: fc.Arbitrary<RandomSet> = fc.oneof(mixedSet, crowdedSet);

export function toImageTruth(boxes: readonly TruthBox[]): ImageTruth {
  return {
    count: boxes.length,
    id: Float64Array.from(boxes, ({ id }) => id),
    category: Int32Array.from(boxes, ({ category }) => category),
    box: Float64Array.from(boxes.flatMap((truth) => [...truth.box])),
    area: Float64Array.from(boxes, ({ area }) => area),
    flags: Uint8Array.from(boxes, ({ flags }) => flags),
  };
}

/** Annotations image by image, in reverse, so that a scorer has to put them in order. */
export function toScoringInput(set: RandomSet): ScoringInput {
  const rows = set.truth.flatMap((boxes, image) => boxes.map((truth) => ({ ...truth, image })));
  const byFallingImage = rows.map((row, index) => ({ row, index }));
  byFallingImage.sort((a, b) => b.row.image - a.row.image || a.index - b.index);
  const ordered = byFallingImage.map(({ row }) => row);
  return {
    imageIds: IMAGE_IDS.slice(0, set.truth.length),
    categories: categoriesOf(set.categories),
    annotations: {
      ...toImageTruth(ordered),
      image: Int32Array.from(ordered, ({ image }) => image),
      extra: new Map(),
    },
    predictions: toPredictions(set.predictions),
    imageLabels: {
      image: Int32Array.of(0, 0, 1, 3),
      category: Int32Array.of(0, 1, 1, 2),
      confidence: Float64Array.of(1, 0, 0, 1),
    },
  };
}

export function categoriesOf(count: number): Category[] {
  return Array.from({ length: count }, (_, index) => ({
    id: index * 2 + 1,
    name: `class ${index}`,
    extra: null,
  }));
}

export function toPredictions(boxes: readonly PredictedBox[]): PredictionColumns {
  return {
    count: boxes.length,
    image: Int32Array.from(boxes, ({ image }) => image),
    category: Int32Array.from(boxes, ({ category }) => category),
    box: Float64Array.from(boxes.flatMap((prediction) => [...prediction.box])),
    score: Float64Array.from(boxes, ({ score }) => score),
    fileIndex: Uint32Array.from(boxes, (_, index) => index),
  };
}
