/** Overlaps of boxes `[x, y, width, height]`, addressed by array and offset so that hot loops make no objects. */

/** How a protocol measures boxes. */
export type BoxMeasure = 'coco' | 'corners' | 'pixels';

/** Intersection over union as in pycocotools' `bbIou`: plain widths, no +1; 0 where edges only touch. */
export function boxIou(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const intersection = boxIntersection(a, i, b, j);
  if (intersection === 0) return 0;
  return intersection / (a[i + 2]! * a[i + 3]! + b[j + 2]! * b[j + 3]! - intersection);
}

/** Intersection over the first box's own area: COCO's measure against a crowd. */
export function boxCover(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const intersection = boxIntersection(a, i, b, j);
  return intersection === 0 ? 0 : intersection / (a[i + 2]! * a[i + 3]!);
}

function boxIntersection(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const ax = a[i]!;
  const bx = b[j]!;
  const width = Math.min(ax + a[i + 2]!, bx + b[j + 2]!) - Math.max(ax, bx);
  if (width <= 0) return 0;
  const ay = a[i + 1]!;
  const by = b[j + 1]!;
  const height = Math.min(ay + a[i + 3]!, by + b[j + 3]!) - Math.max(ay, by);
  return height <= 0 ? 0 : width * height;
}

/**
 * IoU of boxes taken as corners (x + width, y + height), as the Python port of the VOC devkit computes it. With `extra`
 * 1 the corners are pixels that belong to the box, so every length is one more; with 0 they are edges.
 */
export function cornerIou(a: Float64Array, i: number, b: Float64Array, j: number, extra: 0 | 1): number {
  const ax1 = a[i]!;
  const ax2 = ax1 + a[i + 2]!;
  const bx1 = b[j]!;
  const bx2 = bx1 + b[j + 2]!;
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1) + extra;
  if (width <= 0) return 0;
  const ay1 = a[i + 1]!;
  const ay2 = ay1 + a[i + 3]!;
  const by1 = b[j + 1]!;
  const by2 = by1 + b[j + 3]!;
  const height = Math.min(ay2, by2) - Math.max(ay1, by1) + extra;
  if (height <= 0) return 0;
  const intersection = width * height;
  const areas =
    (ax2 - ax1 + extra) * (ay2 - ay1 + extra) + (bx2 - bx1 + extra) * (by2 - by1 + extra) - intersection;
  return intersection / areas;
}

/** Intersection over the first box's own area, boxes taken as corners with edges (the measure against a group). */
export function cornerCover(a: Float64Array, i: number, b: Float64Array, j: number): number {
  const ax1 = a[i]!;
  const ax2 = ax1 + a[i + 2]!;
  const bx1 = b[j]!;
  const width = Math.min(ax2, bx1 + b[j + 2]!) - Math.max(ax1, bx1);
  if (width <= 0) return 0;
  const ay1 = a[i + 1]!;
  const ay2 = ay1 + a[i + 3]!;
  const by1 = b[j + 1]!;
  const height = Math.min(ay2, by1 + b[j + 3]!) - Math.max(ay1, by1);
  return height <= 0 ? 0 : (width * height) / ((ax2 - ax1) * (ay2 - ay1));
}

/** IoU under any measure; for code outside the hottest loops. */
export function measuredIou(
  measure: BoxMeasure,
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
): number {
  if (measure === 'coco') return boxIou(a, i, b, j);
  return cornerIou(a, i, b, j, measure === 'pixels' ? 1 : 0);
}
