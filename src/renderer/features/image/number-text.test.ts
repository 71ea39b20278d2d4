import { describe, expect, it } from 'vitest';
import { changeText, pixels, plural, scoreText, sizeWord, twoDigits } from './number-text';

describe('numbers as text', () => {
  it('signs every change with a true minus and keeps tiny ones from reading as nothing', () => {
    expect(changeText(0.4838, 0.4858)).toBe('+0.0020');
    expect(changeText(0.5, 0.4)).toBe('−0.1000');
    expect(changeText(0.5, 0.50000001)).toBe('< +0.0001');
    expect(changeText(0.5, 0.5)).toBe('unchanged');
    expect(changeText(null, 0.5)).toBe('–');
  });

  it('writes what is undefined as a dash', () => {
    expect(twoDigits(null)).toBe('–');
    expect(scoreText(null)).toBe('–');
  });

  it('rounds pixels to a tenth and counts with separators', () => {
    expect(pixels(486.4499)).toBe('486.4');
    expect(pixels(-3)).toBe('−3');
    expect(plural(1, 'miss', 'misses')).toBe('1 miss');
    expect(plural(1138, 'miss', 'misses')).toBe('1,138 misses');
  });

  it('names sizes at COCO’s limits', () => {
    expect([1023.9, 1024, 9215.9, 9216].map(sizeWord)).toEqual(['small', 'medium', 'medium', 'large']);
  });
});
