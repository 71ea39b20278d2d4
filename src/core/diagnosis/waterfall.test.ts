import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StatedCause } from './waterfall';
import { answerOf, billOf, roundedToSum, rowsOf } from './waterfall';

const cause = (share: number | null, state = 'open'): StatedCause => ({
  code: 'axes-swapped',
  title: 'Axes are swapped: on both sides',
  share,
  state,
});

describe('the bill', () => {
  it('is a waterfall: bars follow one another from the score now to the score after all repairs', () => {
    const { priced, unpriced, settled, after } = billOf(
      [cause(0.01), cause(null), cause(0.3), cause(0.2, 'accepted')],
      0.2,
      0.51,
    );
    expect(priced.map(({ bar }) => [bar.from, Number(bar.to.toFixed(6))])).toEqual([
      [0.2, 0.5],
      [0.5, 0.51],
    ]);
    expect(after).toBeCloseTo(0.51, 12);
    expect([unpriced.length, settled.length]).toEqual([1, 1]);
  });

  it('shares are rounded so that they add up', () => {
    expect(roundedToSum([0.0394, 0.0149, 0.0131, 0.0036])).toEqual([0.039, 0.015, 0.013, 0.004]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 12 }), (parts) => {
        const rounded = roundedToSum(parts);
        const sum = parts.reduce((total, part) => total + part, 0);
        expect(Math.abs(rounded.reduce((total, part) => total + part, 0) - sum)).toBeLessThan(0.0005 + 1e-9);
        rounded.forEach((part, at) => expect(Math.abs(part - parts[at]!)).toBeLessThan(0.001 + 1e-9));
      }),
    );
  });

  it('keeps shown rows in their places while others come, each with a name of its own', () => {
    const first = billOf([cause(0.1), cause(null)], 0.2, null);
    const shown = rowsOf(first).map(({ key }) => key);
    expect(shown).toEqual(['axes-swapped', 'axes-swapped 2']);
    const more = [cause(0.1), cause(null), cause(0.3), cause(null), cause(0.2)];
    expect(rowsOf(billOf(more, 0.2, null, shown)).map(({ cause: { share } }) => share)).toEqual([
      0.1,
      0.3,
      0.2,
      null,
      null,
    ]);
    const { priced, after } = billOf(more, 0.2, null);
    expect(priced.map(({ share }) => share)).toEqual([0.3, 0.2, 0.1]);
    expect(after).toBeCloseTo(0.8, 12);
  });

  it('answers in a sentence', () => {
    expect(answerOf(billOf([], 0.5, null), 0, true)).toBe('No check found a cause.');
    expect(answerOf(billOf([], 0.5, null), 0, true, { Bkg: 7.84, Loc: 3.5, Miss: null })).toBe(
      'No check found a cause. The errors that cost most are of the type “background”: 7.8 points of mAP50.',
    );
    expect(answerOf(billOf([], 1, null), 0, true, { Bkg: 0, Loc: 0 })).toBe('No check found a cause.');
    expect(answerOf(billOf([cause(0.4)], 0.1, 0.5), 2, true, { Bkg: 7.84 })).toBe(
      'All of what can be repaired, 0.400, is: axes are swapped. What is said of training and data waits until it is repaired.',
    );
    expect(answerOf(billOf([cause(0.4)], 0.1, null), 0, false)).toBe(
      'So far, all of what can be repaired, 0.400, is: axes are swapped.',
    );
    expect(answerOf(billOf([cause(0.3), cause(0.2)], 0.1, 0.6), 0, true)).toBe(
      'Over half of what can be repaired, 0.300 of 0.500, is: axes are swapped.',
    );
    expect(answerOf(billOf([], 0.1, null), 0, false)).toBe('So far nothing was found.');
    expect(answerOf(billOf([cause(null)], 0.5, null), 0, true)).toContain('advice');
  });
});
