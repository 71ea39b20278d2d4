import { expect, it } from 'vitest';
import { toggled } from './toggled';

it('takes a value out of all, puts it back, and is nothing again', () => {
  const all = ['a', 'b', 'c'];
  const without = toggled(null, 'b', all);
  expect(without).toEqual(['a', 'c']);
  expect(toggled(without, 'b', all)).toBeNull();
  expect(toggled(['a'], 'a', all)).toEqual([]);
});
