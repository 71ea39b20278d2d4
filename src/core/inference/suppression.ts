/** Non-maximum suppression: of boxes that overlap, the best stays. */
import type { Suppression } from './model';

/** Boxes as corners (x1, y1, x2, y2), four entries a box, in any one unit. */
export interface Candidates {
  readonly count: number;
  readonly corners: Float64Array;
  readonly score: Float64Array;
  readonly classIndex: Int32Array;
}

/** Indices by falling score; equal ones in the order given. */
export function byFallingScore({ count, score }: Candidates): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => score[b]! - score[a]! || a - b,
  );
}

/**
 * Indices of the boxes that stay, by falling score, at most `limit` of them. A box goes where its IoU with a better one
 * that stays is above the threshold (as in torchvision and Ultralytics; equal stays).
 */
export function suppress(candidates: Candidates, rule: Suppression | null, limit: number): Uint32Array {
  const order = byFallingScore(candidates);
  if (rule === null) return order.subarray(0, limit);
  const { corners, classIndex } = candidates;
  const kept = new Uint32Array(Math.min(limit, order.length));
  // Boxes of one class only meet each other: kept ones are listed by class.
  const keptOfClass = new Map<number, number[]>();
  let count = 0;
  for (const index of order) {
    if (count === kept.length) break;
    const key = rule.perClass ? classIndex[index]! : 0;
    let rivals = keptOfClass.get(key);
    if (!rivals) keptOfClass.set(key, (rivals = []));
    if (rivals.some((rival) => cornerIou(corners, index * 4, rival * 4) > rule.iou)) continue;
    rivals.push(index);
    kept[count++] = index;
  }
  return kept.subarray(0, count);
}

/** IoU of two boxes of corners at these offsets; 0 where the union has no area. */
function cornerIou(corners: Float64Array, a: number, b: number): number {
  const left = Math.max(corners[a]!, corners[b]!);
  const right = Math.min(corners[a + 2]!, corners[b + 2]!);
  if (right <= left) return 0;
  const top = Math.max(corners[a + 1]!, corners[b + 1]!);
  const bottom = Math.min(corners[a + 3]!, corners[b + 3]!);
  if (bottom <= top) return 0;
  const shared = (right - left) * (bottom - top);
  const union = cornerArea(corners, a) + cornerArea(corners, b) - shared;
  return union > 0 ? shared / union : 0;
}

const cornerArea = (corners: Float64Array, at: number): number =>
  (corners[at + 2]! - corners[at]!) * (corners[at + 3]! - corners[at + 1]!);
