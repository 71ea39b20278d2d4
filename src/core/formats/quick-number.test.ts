import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLong, parseDecimal } from './decimal';
import { quickNumber } from './quick-number';
import { encodeUtf8 } from './text';

const quick = (text: string): number => quickNumber(encodeUtf8(`<${text}>`), 1, 1 + text.length);

const digits = fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), maxLength: 24 });
const decimal = fc
  .tuple(digits, fc.constantFrom('', '.'), digits)
  .map(([whole, point, places]) => `${whole}${point}${places}`);

describe('a number straight from bytes', () => {
  it('is what its text says, bit for bit, or none', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const value = quick(text);
        if (!Number.isNaN(value)) {
          expect(Object.is(value, parseDecimal(text))).toBe(true);
          expect(isLong(text)).toBe(false);
        }
      }),
      { numRuns: 5000, seed: 1 },
    );
  });

  it('is every plain number of up to fifteen digits, and the shortest text of most doubles', () => {
    for (const text of ['0', '10', '0.5', '.5', '5.', '007', '999999999999999', '0.123456789012345', '1.25'])
      expect(quick(text)).toBe(parseDecimal(text));
    expect(quick('0.6987179487179487')).toBe(0.6987179487179487);
  });

  it('is none where the text is anything else', () => {
    for (const text of ['', '.', '1.2.3', '-1', '+1', '1e3', 'nan', ' 1', '0x10', '99999999999999999', '١'])
      expect(quick(text)).toBeNaN();
  });
});
