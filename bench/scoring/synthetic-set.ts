import { FLAG_CROWD } from '../../src/core/dataset/dataset';
import type { ScoringInput } from '../../src/core/metrics/evaluation';

export interface SetShape {
  readonly images: number;
  readonly classes: number;
  readonly predictionsPerImage: number;
}

/** Like COCO's val2017 under a good detector that keeps low scores: about 735,000 predictions, one class in three a person. */
export const VAL_2017: SetShape = { images: 5000, classes: 80, predictionsPerImage: 147 };

/** A seeded set of the given shape: annotations of uneven classes, predictions around them and on background. */
export function syntheticSet({ images, classes, predictionsPerImage }: SetShape): ScoringInput {
  const random = generator(12_345);
  const normal = () => (random() + random() + random() + random() + random() + random() - 3) * 0.7;
  const anyClass = classChooser(classes, random);
  const truth = {
    image: [] as number[],
    category: [] as number[],
    box: [] as number[],
    area: [] as number[],
    flags: [] as number[],
  };
  const found = {
    image: [] as number[],
    category: [] as number[],
    box: [] as number[],
    score: [] as number[],
  };
  for (let image = 0; image < images; image++) {
    const first = truth.image.length;
    const count = Math.min(60, Math.max(0, Math.round(Math.exp(1.86 + normal()))));
    const present = [anyClass(), anyClass(), anyClass()] as const;
    for (let index = 0; index < count; index++) {
      const width = Math.min(640, Math.exp(4 + normal() * 1.1));
      const height = Math.min(480, Math.exp(4 + normal() * 1.1));
      truth.image.push(image);
      truth.category.push(present[Math.floor(random() * 3)]!);
      truth.box.push(random() * (640 - width), random() * (480 - height), width, height);
      truth.area.push(width * height * 0.7);
      truth.flags.push(random() < 0.01 ? FLAG_CROWD : 0);
    }
    const before = found.image.length;
    for (let row = first; row < truth.image.length; row++) {
      const tries = 1 + Math.floor(random() * 4);
      for (let attempt = 0; attempt < tries; attempt++) {
        const spread = Math.abs(normal()) * 0.12;
        const [x, y, width, height] = truth.box.slice(row * 4, row * 4 + 4) as [
          number,
          number,
          number,
          number,
        ];
        found.image.push(image);
        found.category.push(random() < 0.85 ? truth.category[row]! : anyClass());
        found.box.push(x + width * normal() * spread, y + height * normal() * spread);
        found.box.push(width * (1 + normal() * spread), height * (1 + normal() * spread));
        found.score.push(rounded(Math.max(0.001, random() * (attempt > 0 ? 0.5 : 1))));
      }
    }
    while (found.image.length - before < predictionsPerImage) {
      found.image.push(image);
      found.category.push(
        count > 0 && random() < 0.6 ? truth.category[first + Math.floor(random() * count)]! : anyClass(),
      );
      found.box.push(random() * 500, random() * 400, Math.exp(3.5 + normal()), Math.exp(3.5 + normal()));
      found.score.push(rounded(0.001 + random() * random() * random() * 0.3));
    }
  }
  return {
    imageIds: Array.from({ length: images }, (_, image) => image * 37 + 139),
    categories: Array.from({ length: classes }, (_, index) => ({
      id: index + 1,
      name: `class ${index + 1}`,
      extra: null,
    })),
    annotations: {
      count: truth.image.length,
      id: Float64Array.from(truth.image, (_, row) => row + 1),
      image: Int32Array.from(truth.image),
      category: Int32Array.from(truth.category),
      box: Float64Array.from(truth.box),
      area: Float64Array.from(truth.area),
      flags: Uint8Array.from(truth.flags),
      extra: new Map(),
    },
    predictions: {
      count: found.image.length,
      image: Int32Array.from(found.image),
      category: Int32Array.from(found.category),
      box: Float64Array.from(found.box),
      score: Float64Array.from(found.score),
      fileIndex: Uint32Array.from(found.image, (_, row) => row),
    },
  };
}

/** Scores with five decimals, so that some are equal. */
function rounded(score: number): number {
  return Math.round(score * 1e5) / 1e5;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The first class has 30 %, the others fall off slowly. */
function classChooser(classes: number, random: () => number): () => number {
  const weights = Array.from({ length: classes }, (_, index) => (index === 0 ? 0 : (index + 2) ** -0.8));
  const rest = weights.reduce((sum, weight) => sum + weight, 0);
  const sums: number[] = [];
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += index === 0 ? 0.3 : (0.7 * weight) / rest;
    sums.push(sum);
  }
  return () => {
    const wanted = random();
    const index = sums.findIndex((value) => wanted < value);
    return index < 0 ? classes - 1 : index;
  };
}
