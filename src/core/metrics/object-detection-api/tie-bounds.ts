import {
  averagePrecision,
  type Bounds,
  boundsAround,
  type Entries,
  hasTies,
  meanOf,
  reordered,
} from './average-precision';
import {
  boxOf,
  type ClassAtThreshold,
  classEntries,
  FALSE,
  FOUND,
  groupOf,
  hitState,
  LEFT_OUT,
  positionOf,
} from './class-entries';
import type { CorrectLocalisation } from './correct-localisation';

/** Lists between which every order of equal scores lies; their own order among equal scores is open. */
export interface EntryBounds {
  readonly lowest: Entries;
  readonly highest: Entries;
}

/**
 * Lists around `entries`; null where nothing ties. A prediction only looks at its best box, so of those that tie for one
 * exactly one finds it, in whatever order. Without group-of boxes the entries of each score are thus the same ones up to
 * their order, and the bounds are reached; with them, the others may be false or swallowed.
 */
export function entryBounds(
  at: ClassAtThreshold,
  states: Uint8Array,
  entries: Entries,
  groupOfWeight: number,
): EntryBounds | null {
  const contests = at.rule.crowdFlags === 0 ? [] : contestsOf(at, states);
  if (contests.length > 0) return contestedBounds(at, states, contests, groupOfWeight);
  return hasTies(entries) ? { lowest: entries, highest: entries } : null;
}

/** Hits of one image with equal scores and the same best box, which one of them finds. */
interface Contest {
  readonly winner: number;
  /** Hits that a group-of box swallows unless they win, and the others. */
  readonly swallowed: readonly number[];
  readonly others: readonly number[];
}

function contestsOf(at: ClassAtThreshold, states: Uint8Array): Contest[] {
  const { matches, predictions, score } = at;
  const scoreOf = (hit: number) => score[predictions.rows[positionOf(at, hit)]!]!;
  const contests: Contest[] = [];
  for (let cell = 0; cell + 1 < matches.cellHits.length; cell++) {
    const last = matches.cellHits[cell + 1]!;
    for (let winner = matches.cellHits[cell]!; winner < last; winner++) {
      if (states[positionOf(at, winner)] !== FOUND) continue;
      const box = boxOf(at, winner);
      const hits = [winner];
      for (let hit = winner + 1; hit < last && scoreOf(hit) === scoreOf(winner); hit++) {
        if (boxOf(at, hit) === box) hits.push(hit);
      }
      if (hits.length === 1) continue;
      const swallowed = hits.filter((hit) => groupOf(at, hit) >= 0);
      contests.push({ winner, swallowed, others: hits.filter((hit) => groupOf(at, hit) < 0) });
    }
  }
  return contests;
}

/**
 * At worst every contest is won by one that would have been swallowed, and no group-of box gets any that might win; at
 * best one wins that would have been false, and the group-of boxes get all.
 */
function contestedBounds(
  at: ClassAtThreshold,
  states: Uint8Array,
  contests: readonly Contest[],
  groupOfWeight: number,
): EntryBounds {
  const worst = states.slice();
  const best = states.slice();
  const contested = new Set(contests.flatMap(({ swallowed }) => swallowed));
  for (const { winner, swallowed, others } of contests) {
    const isWonByOther = others.includes(winner);
    if (isWonByOther && swallowed.length > 0) worst[positionOf(at, swallowed[0]!)] = FALSE;
    if (!isWonByOther && others.length > 0) best[positionOf(at, others[0]!)] = LEFT_OUT;
  }
  const isSwallowed = (hit: number) => hitState(at, hit) === LEFT_OUT;
  return {
    lowest: classEntries(at, worst, groupOfWeight, (hit) => isSwallowed(hit) && !contested.has(hit)),
    highest: classEntries(at, best, groupOfWeight, (hit) => isSwallowed(hit) || contested.has(hit)),
  };
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
