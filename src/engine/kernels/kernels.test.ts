/** Each kernel against plain TypeScript. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreSorter } from '../../core/matching/score-order';
import { aloneKernels, place } from './kernels.fixture';

const kernels = aloneKernels();
const { exports, doubles } = kernels;
const TEXT = 1 << 20;
const OUT = 1 << 19;

/** The number and where it ends, or null where there is none in JSON's grammar. */
function read(text: string, tail = ','): { value: number; length: number } | null {
  place(kernels, TEXT, `${text}${tail}`);
  const end = exports.readNumber(TEXT, OUT);
  return end === 0 ? null : { value: doubles[OUT / 8]!, length: end - TEXT };
}

const digits = (most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most }).map((list) => list.join(''));
const whole = digits(22).map((text) => text.replace(/^0+(?=.)/, ''));
const written = fc
  .tuple(
    fc.constantFrom('', '-'),
    whole,
    fc.option(digits(24), { nil: null }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-', 'E-'), digits(3)), { nil: null }),
  )
  .map(
    ([sign, before, after, exponent]) =>
      `${sign}${before}${after === null ? '' : `.${after}`}${exponent === null ? '' : exponent.join('')}`,
  );

describe('numbers', () => {
  const expectSame = (text: string) => {
    for (const tail of [',', '}', ']', ' ', '\n'])
      expect(read(text, tail), text).toStrictEqual({
        value: JSON.parse(text) as number,
        length: text.length,
      });
  };

  it('are JSON.parse’s to the last bit, however they are written', () => {
    fc.assert(fc.property(written, expectSame), { numRuns: 4000 });
  });

  it('are so for doubles of all sizes, floats written as doubles, and fixed decimals', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(12), (value, places) => {
        for (const text of [
          JSON.stringify(value),
          JSON.stringify(Math.fround(value % 1e6)),
          (value % 1e6).toFixed(places),
          value.toExponential(),
        ])
          expectSame(text);
      }),
      { numRuns: 3000 },
    );
  });

  it('are so halfway between two doubles', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }), fc.nat(18), (mantissa, point) => {
        const text = (mantissa * 2n + 1n).toString();
        expectSame(text);
        const at = 1 + (point % (text.length - 1));
        expectSame(`${text.slice(0, at)}.${text.slice(at)}`);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    '-',
    '+1',
    '.5',
    '1.',
    '1.e5',
    '01',
    '-01',
    '00',
    '1e',
    '1e+',
    'NaN',
    'Infinity',
    '-Infinity',
    '-x',
  ])('“%s” is none', (text) => {
    const made = read(text);
    // What follows the number may still be wrong: `1x` reads as 1, and the x is met next.
    expect(made === null || made.length !== text.length).toBe(true);
  });
});

describe('values that nobody reads', () => {
  const end = (text: string): number => {
    place(kernels, TEXT, text);
    const at = exports.skipValue(TEXT, 0);
    return at === 0 ? 0 : at - TEXT;
  };

  it('end where JSON ends them', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat(3), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(end(`${spaced},`)).toBe(Buffer.byteLength(spaced));
      }),
      { numRuns: 1500 },
    );
  });

  it('that are no JSON are refused, wherever a byte is wrong', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom(...Array.from('{}[]",:0-.e\\ntx\u0001')),
        (text, where, byte) => {
          const at = where % (text.length + 1);
          const broken = `[${text.slice(0, at)}${byte}${text.slice(at)}]`;
          // A value may end early, with something after it that cannot be.
          const length = Buffer.byteLength(broken);
          if (isJson(broken)) expect(end(broken)).toBe(length);
          else expect(end(broken)).not.toBe(length);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('are cut off without reading on', () => {
    for (const text of ['{"a":[1,2', '"abc', '"abc\\', '"\\u12', '[', '{', '{"a"', '{"a":', 'tru', '[1,'])
      expect(end(text)).toBe(0);
  });
});

describe('the order of scores', () => {
  const scores = fc.array(
    fc.oneof(
      fc.double({ noNaN: true }),
      fc.constantFrom(0, -0, 0.5, 1, -1, 0.25),
      // Alike in their upper halves.
      fc.nat(50).map((step) => 0.5 + step * 2 ** -50),
      fc.nat(50).map((step) => -0.5 - step * 2 ** -50),
    ),
    { maxLength: 400 },
  );

  it('is the plain sorter’s, ties and all', () => {
    fc.assert(
      fc.property(scores, (given) => {
        const rows = Int32Array.from(given.keys());
        new ScoreSorter().sort(rows, Float64Array.from(given));
        expect([...sortedByKernel(given)]).toEqual([...rows]);
      }),
      { numRuns: 600 },
    );
  });

  function sortedByKernel(given: readonly number[]): number[] {
    const { words } = kernels;
    const [a, b, side, counters] = [TEXT, TEXT + 65536, TEXT + 131072, TEXT + 262144];
    const bits = new Float64Array(1);
    const halves = new Uint32Array(bits.buffer);
    given.forEach((score, position) => {
      bits[0] = score + 0;
      const upper = halves[1]!;
      words[a / 4 + position * 2] = position;
      words[a / 4 + position * 2 + 1] = upper & 0x80000000 ? upper : ~(upper | 0x80000000);
      words[side / 4 + position * 2] = halves[0]!;
    });
    const sorted = exports.sortByScore(a, b, given.length, counters, side);
    return given.map((_, index) => words[sorted / 4 + index * 2]!);
  }

  it('within a cell is too', () => {
    fc.assert(
      fc.property(scores, (given) => {
        const { words } = kernels;
        const [list, spare, records] = [TEXT, TEXT + 65536, TEXT + 131072];
        given.forEach((score, index) => {
          doubles[(records + index * 40) / 8 + 4] = score;
          words[list / 4 + index * 2] = records + index * 40;
          words[list / 4 + index * 2 + 1] = 7;
        });
        exports.sortCell(list, spare, given.length);
        const rows = Int32Array.from(given.keys());
        new ScoreSorter().sort(rows, Float64Array.from(given));
        expect(given.map((_, index) => (words[list / 4 + index * 2]! - records) / 40)).toEqual([...rows]);
      }),
      { numRuns: 400 },
    );
  });
});
