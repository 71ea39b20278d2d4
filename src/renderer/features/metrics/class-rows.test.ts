import { expect, it } from 'vitest';
import type { ClassRow } from './class-rows';
import { classTable, sortRows } from './class-rows';

const row = (name: string, AP: number | null): ClassRow => ({
  id: 1,
  name,
  truth: 3,
  AP,
  interval: null,
  AP50: null,
  AP75: null,
  AR100: null,
  precision: 0.5,
  precisionInterval: [0.4, 0.6],
  recall: null,
  recallInterval: null,
  f1: null,
  f1Interval: null,
  bestF1: null,
  bestAt: null,
  falsePositives: 0,
  misses: 0,
});
const names = (rows: readonly ClassRow[]): string[] => rows.map(({ name }) => name);

it('sorts numbers and names both ways, undefined numbers last', () => {
  const rows = [row('cat', null), row('ant', 0.5), row('bee', 0.7)];
  expect(names(sortRows(rows, { key: 'AP', isDescending: true }))).toEqual(['bee', 'ant', 'cat']);
  expect(names(sortRows(rows, { key: 'AP', isDescending: false }))).toEqual(['ant', 'bee', 'cat']);
  expect(names(sortRows(rows, { key: 'name', isDescending: true }))).toEqual(['cat', 'bee', 'ant']);
  expect(names(sortRows(rows, { key: 'truth', isDescending: true }))).toEqual(['cat', 'ant', 'bee']);
});

it('copies every row with as many fields as the head, and names what it is of', () => {
  const [head, first] = classTable([row('ant', 0.5)], { protocol: 'COCO bbox', iou: 0.5, score: 0.3 });
  expect(first).toHaveLength(head!.length);
  const value = (name: string) => first![head!.indexOf(name)];
  expect([value('protocol'), value('class'), value('AP'), value('precision low')]).toEqual([
    'COCO bbox',
    'ant',
    0.5,
    0.4,
  ]);
});
