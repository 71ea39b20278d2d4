import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farCorner, lengthBetween, parseDecimal } from './decimal';

const start = fc.double({ min: -1e7, max: 1e7, noNaN: true }).map((value) => value + 0);
const length = fc.double({ min: 0, max: 1e7, noNaN: true });

describe('corners as text', () => {
  it('whole numbers stay whole, and what doubles can say is said in doubles', () => {
    expect(farCorner(260, 231)).toBe('491');
    expect(farCorner(0.5, 1.25)).toBe('1.75');
    expect(farCorner(0, 0)).toBe('0');
  });

  it('are subtracted as doubles, as other tools do', () => {
    expect(lengthBetween('0.1', '0.3')).toBe(0.3 - 0.1);
    fc.assert(
      fc.property(start, start, (a, b) => {
        expect(lengthBetween(String(a), String(b))).toBe(b - a);
      }),
    );
  });

  it('every length comes back, bit for bit', () => {
    expect(farCorner(0.1, 0.2)).toBe('0.300000000000000000');
    fc.assert(
      fc.property(start, length, (x, width) => {
        expect(lengthBetween(String(x), farCorner(x, width))).toBe(width);
      }),
      { numRuns: 20_000 },
    );
  });

  it('other readers get the nearest double', () => {
    fc.assert(
      fc.property(start, length, (x, width) => {
        expect(Math.abs(Number(farCorner(x, width)) - (x + width))).toBeLessThanOrEqual(2 ** -28);
      }),
    );
  });

  it('only decimals are numbers', () => {
    for (const text of ['', ' ', '.', '-', '0x10', 'nan', '1_0', '1,5', 'Infinity', '1e', '--1', 'e5'])
      expect(parseDecimal(text)).toBeNaN();
    for (const [text, value] of [
      [' 12 ', 12],
      ['-1.5', -1.5],
      ['.5', 0.5],
      ['5.', 5],
      ['+1e3', 1000],
    ] as const)
      expect(parseDecimal(text)).toBe(value);
  });

  it('long numbers cost nothing', () => {
    expect(lengthBetween('0', `1${'0'.repeat(300)}.${'1'.repeat(5000)}`)).toBe(1e300);
    expect(lengthBetween('1.00000000000000000000e-999999999', '5')).toBe(5);
  });
});
