/** What `inspect` tells of a truth: counts, classes, subsets and the shapes of its boxes. */
import type { Truth } from './dataset';

export interface Distribution {
  readonly min: number | null;
  readonly p05: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface BoxStatistics {
  readonly width: Distribution;
  readonly height: Distribution;
  readonly area: Distribution;
  /** Width / height, of boxes that have a height. */
  readonly aspectRatio: Distribution;
  readonly small: number;
  readonly medium: number;
  readonly large: number;
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
  readonly boxes: BoxStatistics;
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

/** COCO's sizes by the boxes' own area: under 32², from there to under 96², from there on. */
export const SMALL_BELOW = 32 ** 2;
export const MEDIUM_BELOW = 96 ** 2;

/** `box`: x, y, width, height, four entries a box. */
export function boxStatistics(box: Float64Array): BoxStatistics {
  const count = box.length / 4;
  const width = new Float64Array(count);
  const height = new Float64Array(count);
  const area = new Float64Array(count);
  const aspectRatio = new Float64Array(count);
  const sizes = { small: 0, medium: 0, large: 0 };
  for (let row = 0; row < count; row++) {
    const w = box[row * 4 + 2]!;
    const h = box[row * 4 + 3]!;
    width[row] = w;
    height[row] = h;
    area[row] = w * h;
    aspectRatio[row] = h > 0 ? w / h : NaN;
    sizes[w * h < SMALL_BELOW ? 'small' : w * h < MEDIUM_BELOW ? 'medium' : 'large']++;
  }
  return {
    width: distributionOf(width),
    height: distributionOf(height),
    area: distributionOf(area),
    aspectRatio: distributionOf(aspectRatio),
    ...sizes,
  };
}

/** Records, and images that have them, by class. `image`, `category`: indices by record. */
export function countByClass(
  classes: number,
  image: Int32Array,
  category: Int32Array,
): readonly { readonly records: number; readonly images: number }[] {
  const imagesOf = Array.from({ length: classes }, () => new Set<number>());
  const records = new Uint32Array(classes);
  for (let row = 0; row < image.length; row++) {
    imagesOf[category[row]!]!.add(image[row]!);
    records[category[row]!]!++;
  }
  return imagesOf.map((images, at) => ({ records: records[at]!, images: images.size }));
}

export function truthStatistics(truth: Truth): TruthStatistics {
  const { images, categories, annotations } = truth;
  const byClass = countByClass(categories.length, annotations.image, annotations.category);
  const annotated = new Set(annotations.image).size;
  return {
    counts: {
      images: images.length,
      annotations: annotations.count,
      predictions: 0,
      categories: categories.length,
      imagesWithoutAnnotations: images.length - annotated,
    },
    classes: categories.map(({ id, name }, index) => ({
      id,
      name,
      annotations: byClass[index]!.records,
      images: byClass[index]!.images,
    })),
    subsets: truth.subsets.map((subset) => ({ name: subset.name, images: subset.images.length })),
    boxes: boxStatistics(annotations.box),
  };
}
