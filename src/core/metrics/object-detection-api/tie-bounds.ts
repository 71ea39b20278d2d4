import {
  averagePrecision,
  type Bounds,
  boundsAround,
  type Entries,
  hasTies,
  meanOf,
  reordered,
} from './average-precision';
import type { CorrectLocalisation } from './correct-localisation';

/** Lists between which every order of equal scores lies; their own order among equal scores is open. */
export interface EntryBounds {
  readonly lowest: Entries;
  readonly highest: Entries;
}

/**
 * A prediction only looks at its best annotation, so of those that tie for one exactly one finds it, in whatever order:
 * the entries of each score are the same ones up to their order.
 */
export function entryBounds(
  entries: Entries,
): EntryBounds | null {
  return hasTies(entries) ? { lowest: entries, highest: entries } : null;
}

/** Bounds of an average precision; null where it is undefined or nothing ties. */
export function averageBounds(
  value: number | null,
  extremes: EntryBounds | null,
  truth: number,
  recallBounds: readonly [number, number],
): Bounds | null {
  if (value === null || extremes === null) return null;
  const low = averagePrecision(reordered(extremes.lowest, false), truth, recallBounds);
  const high = averagePrecision(reordered(extremes.highest, true), truth, recallBounds);
  return boundsAround(value, low!, high!);
}

/** Bounds of a share of images; null where it is undefined or nothing ties. */
export function corLocBounds(counted: CorrectLocalisation | null): Bounds | null {
  if (!counted || counted.images === 0 || counted.low === counted.high) return null;
  return [counted.low / counted.images, counted.high / counted.images];
}

/** Adds the bounds of the mean of `numbers`, where any of them has some. */
export function addMeanBounds(
  ties: Record<string, Bounds>,
  key: string,
  numbers: readonly { readonly value: number | null; readonly bounds: Bounds | null }[],
): void {
  if (numbers.every(({ bounds }) => bounds === null)) return;
  const value = meanOf(numbers.map((number) => number.value));
  const low = meanOf(numbers.map((number) => number.bounds?.[0] ?? number.value));
  const high = meanOf(numbers.map((number) => number.bounds?.[1] ?? number.value));
  if (value !== null) ties[key] = boundsAround(value, low!, high!);
}
