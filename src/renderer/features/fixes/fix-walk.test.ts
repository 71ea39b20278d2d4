import { describe, expect, it } from 'vitest';
import type { FixState, FixView } from '../../../contract/fix-view';
import { NO_FILTER, placeAt, progressOf, reopened, shownPlaces, stepFrom } from './fix-walk';

const fix = (kind: FixView['kind'], category: number, expected: number, newCategory: number | null = null) =>
  ({ kind, category, newCategory, expected }) as FixView;
const fixes = [
  fix('missing', 1, 0.004),
  fix('wrong-class', 2, 0.003, 1),
  fix('extra', 2, 0.002),
  fix('missing', 2, 0.001),
];
const states: FixState[] = ['done', 'open', 'dismissed', 'open'];

describe('The walk through the fix queue', () => {
  it('shows the open ones of a kind and a class; a class also where it would become it', () => {
    expect(shownPlaces(fixes, states, NO_FILTER)).toEqual([1, 3]);
    expect(shownPlaces(fixes, states, { ...NO_FILTER, category: 1 })).toEqual([1]);
    expect(shownPlaces(fixes, states, { ...NO_FILTER, kind: 'missing', shows: 'all' })).toEqual([0, 3]);
    expect(shownPlaces(fixes, states, { ...NO_FILTER, shows: 'dismissed' })).toEqual([2]);
  });

  it('goes on from one that is decided, round the end, and ends where none is left', () => {
    expect(placeAt([1, 3], 1)).toBe(1);
    expect(placeAt([1, 3], 2)).toBe(3);
    expect(stepFrom([1, 3], 3, 1)).toBe(1);
    expect(stepFrom([1, 3], 1, -1)).toBe(3);
    expect(stepFrom([], 1, 1)).toBeNull();
  });

  it('counts what is decided above the line, without what was dismissed before', () => {
    const initial: FixState[] = ['open', 'open', 'dismissed', 'open'];
    expect(progressOf({ fixes, stop: 3 }, initial, states)).toEqual({ total: 2, decided: 1, left: 0.003 });
  });

  it('finds the suspect whose decision was taken back', () => {
    expect(reopened(states, ['done', 'open', 'open', 'open'])).toBe(2);
    expect(reopened(states, ['done', 'done', 'dismissed', 'open'])).toBeNull();
  });
});
