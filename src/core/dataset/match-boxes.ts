/** Which boxes of two versions of an image are the same ones. */
export interface LabelledBox {
  readonly name: string;
  readonly box: readonly [number, number, number, number];
  readonly flags: number;
}

/** Two boxes that overlap less than this are two objects. */
const LEAST_OVERLAP = 0.5;

export const isSameLabel = (a: LabelledBox, b: LabelledBox): boolean =>
  a.name === b.name && a.flags === b.flags && a.box.every((value, at) => value === b.box[at]);

function overlap([ax, ay, aw, ah]: LabelledBox['box'], [bx, by, bw, bh]: LabelledBox['box']): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (!(width > 0 && height > 0)) return 0;
  const shared = width * height;
  return shared / (aw * ah + bw * bh - shared);
}

/**
 * For each box before, the index of the one after, or -1: equal boxes first, then by overlap (IoU from 0.5), those of one
 * class before others. Each is taken once.
 */
export function matchBoxes(before: readonly LabelledBox[], after: readonly LabelledBox[]): Int32Array {
  const partner = new Int32Array(before.length).fill(-1);
  const taken = new Set<number>();
  const take = (from: number, to: number): void => {
    partner[from] = to;
    taken.add(to);
  };
  before.forEach((box, from) => {
    const to = after.findIndex((other, index) => !taken.has(index) && isSameLabel(box, other));
    if (to >= 0) take(from, to);
  });
  const pairs: { from: number; to: number; rank: number }[] = [];
  before.forEach((box, from) => {
    if (partner[from]! >= 0) return;
    after.forEach((other, to) => {
      if (taken.has(to)) return;
      const iou = overlap(box.box, other.box);
      if (iou >= LEAST_OVERLAP) pairs.push({ from, to, rank: iou + (box.name === other.name ? 1 : 0) });
    });
  });
  pairs.sort((a, b) => b.rank - a.rank);
  for (const { from, to } of pairs) if (partner[from]! < 0 && !taken.has(to)) take(from, to);
  return partner;
}
