/**
 * How good a ranking of suspects is: average precision, as the reference outputs measure it. Used to compare the fix
 * queue with other rankings on the same planted errors.
 */
import { boxIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';

export interface RankedThing {
  /** The lower, the earlier. */
  readonly score: number;
  readonly isHit: boolean;
}

/** Scores are rounded to ten digits; equal ones form one step. `toFind`: errors to find, found or not. */
export function rankingPrecision(things: readonly RankedThing[], toFind: number): number {
  const steps = new Map<number, { hits: number; count: number }>();
  for (const { score, isHit } of things) {
    const rounded = Number(score.toPrecision(10));
    const step = steps.get(rounded) ?? { hits: 0, count: 0 };
    steps.set(rounded, { hits: step.hits + Number(isHit), count: step.count + 1 });
  }
  let hits = 0;
  let seen = 0;
  let sum = 0;
  for (const [, step] of [...steps].sort(([a], [b]) => a - b)) {
    hits += step.hits;
    seen += step.count;
    sum += (step.hits / toFind) * (hits / seen);
  }
  return sum;
}

/** A box that was removed from the truth. */
export interface RemovedBox {
  readonly image: number;
  readonly category: number;
  readonly box: readonly number[];
}

/** A suggestion that something is missing there. */
export interface SuggestedPlace {
  readonly image: number;
  readonly category: number;
  /** x, y, width, height at `at`. */
  readonly box: Float64Array;
  readonly at: number;
  readonly score: number;
}

/**
 * The suggestions as ranked things: a hit covers (IoU >= 0.5) a removed box of its image and class that none before it
 * covered; one that covers only boxes hit before is taken out.
 */
export function rankedPlaces(
  places: readonly SuggestedPlace[],
  removed: readonly RemovedBox[],
): RankedThing[] {
  const hit = new Set<RemovedBox>();
  return [...places]
    .sort((a, b) => a.score - b.score)
    .flatMap((place): RankedThing[] => {
      let best: { iou: number; box: RemovedBox } | null = null;
      let coversOld = false;
      for (const box of removed) {
        if (box.image !== place.image || box.category !== place.category) continue;
        const iou = boxIou(Float64Array.from(box.box), 0, place.box, place.at);
        if (iou < 0.5) continue;
        if (hit.has(box)) coversOld = true;
        else if (!best || iou > best.iou) best = { iou, box };
      }
      if (best) hit.add(best.box);
      else if (coversOld) return [];
      return [{ score: place.score, isHit: best !== null }];
    });
}

/** A simple rival for missing labels: predictions without a label of their class at IoU >= 0.5, the surest first. */
export function unlabelledByConfidence({ annotations, predictions }: ScoringInput): SuggestedPlace[] {
  const places: SuggestedPlace[] = [];
  for (let row = 0; row < predictions.count; row++) {
    const isLabelled = annotations.image.some(
      (image, label) =>
        image === predictions.image[row] &&
        annotations.category[label] === predictions.category[row] &&
        boxIou(annotations.box, label * 4, predictions.box, row * 4) >= 0.5,
    );
    if (!isLabelled) places.push(placeOf({ predictions }, row, -predictions.score[row]!));
  }
  return places;
}

export function placeOf(
  { predictions }: Pick<ScoringInput, 'predictions'>,
  row: number,
  score: number,
): SuggestedPlace {
  return {
    image: predictions.image[row]!,
    category: predictions.category[row]!,
    box: predictions.box,
    at: row * 4,
    score,
  };
}
