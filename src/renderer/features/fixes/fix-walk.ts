/** Which suspects are walked through, in which order, and how far one is. */
import type { FixState, FixView } from '../../../contract/fix-view';
import type { CategoryId } from '../../../contract/view-types';
import type { SuggestionKind } from '../../../core/label-quality/label-error';

export const SHOWN = ['open', 'dismissed', 'all'] as const;

export interface FixFilter {
  /** null: every kind. */
  readonly kind: SuggestionKind | null;
  /** Of the label, or of the one that it would become; null: every class. */
  readonly category: CategoryId | null;
  readonly shows: (typeof SHOWN)[number];
}

export const NO_FILTER: FixFilter = { kind: null, category: null, shows: 'open' };

/** Places in the queue that pass, in its order. */
export function shownPlaces(
  fixes: readonly FixView[],
  states: readonly FixState[],
  { kind, category, shows }: FixFilter,
): number[] {
  return [...fixes.keys()].filter((place) => {
    const fix = fixes[place]!;
    return (
      (kind === null || fix.kind === kind) &&
      (category === null || fix.category === category || fix.newCategory === category) &&
      (shows === 'all' || states[place] === shows)
    );
  });
}

/** The place `by` steps on among those shown, from one that need not be shown any more; null where none is shown. */
export function stepFrom(shown: readonly number[], place: number, by: 1 | -1): number | null {
  const further = by === 1 ? shown.find((one) => one > place) : shown.filter((one) => one < place).at(-1);
  // At the end the walk goes on at the beginning: what was passed over waits there.
  return further ?? (by === 1 ? shown[0] : shown.at(-1)) ?? null;
}

/** The place to show: the cursor's own where it is shown, else the next one. */
export function placeAt(shown: readonly number[], cursor: number): number | null {
  return shown.includes(cursor) ? cursor : stepFrom(shown, cursor, 1);
}

export interface FixProgress {
  /** Suspects above the line that were open when the queue was made, and those of them that are decided. */
  readonly total: number;
  readonly decided: number;
  /** What the open ones above the line are expected to gain. */
  readonly left: number;
}

export function progressOf(
  { fixes, stop }: { readonly fixes: readonly FixView[]; readonly stop: number },
  initial: readonly FixState[],
  states: readonly FixState[],
): FixProgress {
  const above = [...fixes.keys()].slice(0, stop).filter((place) => initial[place] === 'open');
  const open = above.filter((place) => states[place] === 'open');
  return {
    total: above.length,
    decided: above.length - open.length,
    left: open.reduce((sum, place) => sum + Math.max(0, fixes[place]!.expected), 0),
  };
}

/** A suspect that is open again, though it was not: somebody took a decision back. */
export function reopened(before: readonly FixState[], now: readonly FixState[]): number | null {
  const place = now.findIndex((state, at) => state === 'open' && (before[at] ?? 'open') !== 'open');
  return place < 0 ? null : place;
}
