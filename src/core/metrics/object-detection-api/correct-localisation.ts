import type { ClassAtThreshold } from './class-entries';

/** Of how many images that hold the class the best-scored prediction lies on one of its annotations, difficult or not. */
export interface CorrectLocalisation {
  /** Images that hold the class. */
  readonly images: number;
  readonly found: number;
  /** Bounds of `found`, whichever of the predictions with the best score is taken. */
  readonly low: number;
  readonly high: number;
}

/** The prediction taken is the first one in file order with the highest score, whatever that score is. */
export function correctLocalisation(at: ClassAtThreshold): CorrectLocalisation {
  const { predictions, matches, score } = at;
  const { slots, rows, cellStart } = predictions;
  const total = { images: matches.images, found: 0, low: 0, high: 0 };
  for (let cell = 0; cell + 1 < cellStart.length; cell++) {
    const first = cellStart[cell]!;
    const scoreAt = (slot: number) => score[rows[slots[slot]!]!]!;
    // Equal scores are matched last one first, so the first one in file order ends the run.
    let end = first + 1;
    while (end < cellStart[cell + 1]! && scoreAt(end) === scoreAt(first)) end++;
    const hits = foundSlots(at, cell, end);
    if (hits.has(end - 1)) total.found++;
    if (hits.size === end - first) total.low++;
    if (hits.size > 0) total.high++;
  }
  return total;
}

/** Slots of the cell before `end` whose prediction overlaps an annotation enough. */
function foundSlots(
  { rule, threshold, matches }: ClassAtThreshold,
  cell: number,
  end: number,
): ReadonlySet<number> {
  const slots = new Set<number>();
  for (let hit = matches.cellHits[cell]!; hit < matches.cellHits[cell + 1]!; hit++) {
    if (matches.hitSlot[hit]! >= end) break;
    const best = matches.candidateIou[matches.candidateStart[hit]!]!;
    if (best >= rule.thresholds[threshold]!) slots.add(matches.hitSlot[hit]!);
  }
  return slots;
}
