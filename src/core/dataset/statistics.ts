/** What `inspect` tells of a truth: counts, classes, subsets and the shapes of its boxes. */
import type { Truth } from './dataset';

export interface Distribution {
  readonly min: number | null;
  readonly p05: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface TruthStatistics {
  readonly counts: {
    readonly images: number;
    readonly annotations: number;
    readonly predictions: number;
    readonly categories: number;
    readonly imagesWithoutAnnotations: number;
  };
  readonly classes: readonly {
    readonly id: number;
    readonly name: string;
    readonly annotations: number;
    readonly images: number;
  }[];
  readonly subsets: readonly { readonly name: string; readonly images: number }[];
  readonly boxes: {
    readonly width: Distribution;
    readonly height: Distribution;
    readonly area: Distribution;
    /** Width / height of the boxes. */
    readonly aspectRatio: Distribution;
    readonly small: number;
    readonly medium: number;
    readonly large: number;
  };
}

/** Quantiles by linear interpolation between order statistics; null where there are no values. */
export function distributionOf(values: Float64Array): Distribution {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (share: number): number | null => {
    if (sorted.length === 0) return null;
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low);
  };
  return { min: at(0), p05: at(0.05), median: at(0.5), p95: at(0.95), max: at(1) };
}

/** COCO's sizes by the boxes' own area: under 32², to 96², over. */
export const SMALL_BELOW = 32 ** 2;
export const MEDIUM_BELOW = 96 ** 2;

export function truthStatistics(truth: Truth): TruthStatistics {
  const { images, categories, annotations } = truth;
  const { count, box } = annotations;
  const width = new Float64Array(count);
  const height = new Float64Array(count);
  const area = new Float64Array(count);
  const aspectRatio = new Float64Array(count);
  const annotated = new Uint8Array(images.length);
  const imagesOfClass = categories.map(() => new Set<number>());
  const countOfClass = new Uint32Array(categories.length);
  const sizes = { small: 0, medium: 0, large: 0 };
  for (let row = 0; row < count; row++) {
    const w = box[row * 4 + 2]!;
    const h = box[row * 4 + 3]!;
    width[row] = w;
    height[row] = h;
    area[row] = w * h;
    aspectRatio[row] = h > 0 ? w / h : NaN;
    annotated[annotations.image[row]!] = 1;
    const category = annotations.category[row]!;
    imagesOfClass[category]!.add(annotations.image[row]!);
    countOfClass[category]!++;
    sizes[w * h < SMALL_BELOW ? 'small' : w * h < MEDIUM_BELOW ? 'medium' : 'large']++;
  }
  return {
    counts: {
      images: images.length,
      annotations: count,
      predictions: 0,
      categories: categories.length,
      imagesWithoutAnnotations: annotated.filter((value) => value === 0).length,
    },
    classes: categories.map(({ id, name }, index) => ({
      id,
      name,
      annotations: countOfClass[index]!,
      images: imagesOfClass[index]!.size,
    })),
    subsets: truth.subsets.map((subset) => ({ name: subset.name, images: subset.images.length })),
    boxes: {
      width: distributionOf(width),
      height: distributionOf(height),
      area: distributionOf(area),
      aspectRatio: distributionOf(aspectRatio),
      ...sizes,
    },
  };
}
