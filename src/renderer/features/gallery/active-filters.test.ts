import { expect, it } from 'vitest';
import type { GalleryFilter } from '../../../contract/view-types';
import { activeFilters } from './active-filters';

const NOTHING: GalleryFilter = {
  outcomes: null,
  categories: null,
  sizes: null,
  statuses: null,
  confidence: null,
  text: '',
};
const CLASSES = [
  { id: 1, name: 'cat', annotations: 1 },
  { id: 2, name: 'dog', annotations: 1 },
  { id: 3, name: 'owl', annotations: 1 },
];

it('says nothing where nothing is filtered', () => {
  expect(activeFilters(NOTHING, CLASSES)).toEqual([]);
});

it('names what is left, counts what is long, and knows how to take each away', () => {
  const filter: GalleryFilter = {
    outcomes: ['miss', 'false-positive', 'duplicate'],
    categories: [3],
    sizes: [],
    statuses: ['to-do', 'done'],
    confidence: [0.25, 1],
    text: 'smear',
  };
  const active = activeFilters(filter, CLASSES);
  expect(active.map(({ label }) => label)).toEqual([
    '3 outcomes',
    'owl',
    'no sizes',
    'to do, done',
    'Confidence 0.25 to 1.00',
    '“smear”',
  ]);
  expect(active.reduce((left, { without }) => ({ ...left, ...without }), filter)).toEqual(NOTHING);
});
