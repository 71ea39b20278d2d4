/** What two runs of predictions make of the same annotations. */
import { TRUTH_OUTCOMES } from '../evaluation';
import type { OperatingPoint, Scorer } from '../evaluation';

export const CHANGES = ['both-right', 'broken', 'fixed', 'both-wrong'] as const;
export type Change = (typeof CHANGES)[number];

const MATCHED = TRUTH_OUTCOMES.indexOf('matched');
const MISS = TRUTH_OUTCOMES.indexOf('miss');
const NOT_COUNTED = 255;

/**
 * By annotation row (both scorers have the same): index into CHANGES, 255 where the annotation does not count. `broken`:
 * the first run finds it and the second does not; `fixed`: the other way round.
 */
export function compareOutcomes(first: Scorer, second: Scorer, point: OperatingPoint): Uint8Array {
  const before = first.allOutcomes(point).truthOutcome;
  const after = second.allOutcomes(point).truthOutcome;
  return before.map((outcome, row) => {
    const isKnown = (one: number | undefined): boolean => one === MATCHED || one === MISS;
    if (!isKnown(outcome) || !isKnown(after[row])) return NOT_COUNTED;
    return (outcome === MATCHED ? 0 : 2) + (after[row] === MATCHED ? 0 : 1);
  });
}

/**
 * McNemar's exact test: how likely so uneven a split of the changed annotations would be if neither run were better.
 * Two-sided; 1 where nothing changed.
 */
export function mcNemar(broken: number, fixed: number): number {
  const changed = broken + fixed;
  if (changed === 0) return 1;
  const few = Math.min(broken, fixed);
  // Terms of the binomial distribution in logarithms: factorials overflow from 171 on.
  let logTerm = -changed * Math.LN2;
  let total = Math.exp(logTerm);
  for (let k = 1; k <= few; k++) {
    logTerm += Math.log((changed - k + 1) / k);
    total += Math.exp(logTerm);
  }
  return Math.min(1, 2 * total);
}
