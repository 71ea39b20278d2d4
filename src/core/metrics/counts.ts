import type { Counts } from './evaluation';

/** Share of predictions that are right; null where there are none. */
export function precision(counts: Counts): number | null {
  return ratio(counts.truePositives, counts.truePositives + counts.falsePositives);
}

/** Share of annotations that are found; null where there are none. */
export function recall(counts: Counts): number | null {
  return ratio(counts.truePositives, counts.truePositives + counts.misses);
}

/** Harmonic mean of precision and recall, 2TP / (2TP + FP + FN); null where there is neither prediction nor annotation. */
export function f1(counts: Counts): number | null {
  const { truePositives, falsePositives, misses } = counts;
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + misses);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/**
 * Predictions by confidence in equal bins from 0 to 1; a bin holds its lower edge, the last also 1. Scores outside fall
 * into the nearest bin.
 */
export function scoreHistogram(scores: Float64Array, bins = 40): number[] {
  const histogram = new Array<number>(bins).fill(0);
  for (const score of scores) histogram[Math.min(bins - 1, Math.max(0, Math.floor(score * bins)))]!++;
  return histogram;
}
