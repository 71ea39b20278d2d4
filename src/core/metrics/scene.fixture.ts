/** Small hand-made sets for tests of single rules. */
import type { RecordId } from '../dataset/dataset';
import type { ScoringInput } from './evaluation';
import { categoriesOf, toImageTruth, toPredictions } from './random-sets.fixture';

type Box = readonly [number, number, number, number];

export interface SceneTruth {
  readonly image?: number;
  readonly category?: number;
  readonly box: Box;
  /** width * height where not given. */
  readonly area?: number;
  readonly flags?: number;
  readonly id?: number;
}

export interface ScenePrediction {
  readonly image?: number;
  readonly category?: number;
  readonly box: Box;
  readonly score: number;
}

export interface Scene {
  /** One image, id 1, where not given. */
  readonly images?: readonly RecordId[];
  readonly categories?: number;
  readonly truth: readonly SceneTruth[];
  readonly predictions: readonly ScenePrediction[];
}

export function scene({ images = [1], categories = 1, truth, predictions }: Scene): ScoringInput {
  const boxes = truth.map(({ category = 0, box, area, flags = 0, id }, index) => ({
    id: id ?? index + 1,
    category,
    box,
    area: area ?? box[2] * box[3],
    flags,
  }));
  return {
    imageIds: images,
    categories: categoriesOf(categories),
    annotations: {
      ...toImageTruth(boxes),
      image: Int32Array.from(truth, ({ image = 0 }) => image),
      extra: new Map(),
    },
    predictions: toPredictions(
      predictions.map(({ image = 0, category = 0, box, score }) => ({ image, category, box, score })),
    ),
  };
}
