import { describe, expect, it } from 'vitest';
import { fuzzyFilter } from './fuzzy-match';

const find = (names: readonly string[], typed: string): readonly string[] =>
  fuzzyFilter(names, (name) => name, typed);

describe('fuzzy match', () => {
  it('keeps the order of everything when nothing is typed', () => {
    expect(find(['RBC', 'WBC', 'Platelets'], ' ')).toEqual(['RBC', 'WBC', 'Platelets']);
  });

  it('prefers the whole name, then the start, a word, a part, scattered letters', () => {
    const names = ['scar tissue', 'oscar', 'blue car', 'cargo', 'car', 'c-a-r', 'dog'];
    expect(find(names, 'CAR')).toEqual(['car', 'cargo', 'blue car', 'oscar', 'scar tissue', 'c-a-r']);
  });

  it('takes letters in order only', () => {
    expect(find(['traffic light', 'fire hydrant'], 'tfl')).toEqual(['traffic light']);
    expect(find(['traffic light'], 'lft')).toEqual([]);
  });
});
