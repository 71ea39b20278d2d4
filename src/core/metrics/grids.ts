/** The grids of pycocotools, to the last bit. */

/** `count` values from `first` to `last`, as numpy's linspace rounds them: `first + i * step`, the last one exact. */
export function linspace(first: number, last: number, count: number): number[] {
  const step = (last - first) / (count - 1);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? last : first + index * step));
}

/** 0.5, 0.55, ..., 0.95. */
export const COCO_IOU_THRESHOLDS: readonly number[] = linspace(0.5, 0.95, 10);

/** Recall points 0 to 1: `i * 0.01`, which is not `i / 100` at ten of them. */
export const COCO_RECALL_POINTS: readonly number[] = linspace(0, 1, 101);

/** `np.spacing(1)`, which pycocotools adds to the denominator of precision. */
export const COCO_EPSILON = 2 ** -52;

/** Recall points of VOC 2007 as `np.arange(0, 1.1, 0.1)` rounds them: 0.3, 0.6 and 0.7 lie one bit above. */
export const VOC_RECALL_POINTS: readonly number[] = Array.from({ length: 11 }, (_, index) => index * 0.1);

/** COCO's area ranges in square pixels, inclusive at both ends: an area of exactly 1024 is small and medium. */
export const COCO_AREA_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  all: [0, 1e10],
  small: [0, 1024],
  medium: [1024, 9216],
  large: [9216, 1e10],
};
