import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../foundation/bad-input';
import { encodeUtf8 } from '../text';
import { decimalToDouble } from './number';
import { JsonScanner } from './scanner';

/** Reads one value with `read`, fed in pieces. */
function scan<T>(text: string | Uint8Array, read: (scanner: JsonScanner) => T, piece = 1 << 20): T {
  const scanner = new JsonScanner('x.json');
  const bytes = typeof text === 'string' ? encodeUtf8(text) : text;
  const values: T[] = [];
  const step = (): boolean => {
    if (values.length > 0) return false;
    scanner.peek();
    values.push(read(scanner));
    return false;
  };
  for (let from = 0; from < bytes.length; from += piece) scanner.push(bytes.slice(from, from + piece), step);
  scanner.complete(step);
  return values[0]!;
}

const number = (text: string): number => scan(`${text} `, (scanner) => scanner.readNumber());
const skipped = (text: string): string => scan(text, (scanner) => scanner.readText());

function accepts(text: string): boolean {
  try {
    // The list tells where a number ends, and that nothing follows.
    scan(`[${text}]`, (scanner) => {
      scanner.skipValue();
      scanner.peekOrEnd();
      if (scanner.position < scanner.end) scanner.fail();
    });
    return true;
  } catch (error) {
    if (error instanceof BadInput) return false;
    throw error;
  }
}

const jsonAccepts = (text: string): boolean => {
  try {
    JSON.parse(`[${text}]`);
    return true;
  } catch {
    return false;
  }
};

describe('numbers are those of JSON.parse, bit for bit', () => {
  const same = (text: string): void => {
    expect(Object.is(number(text), JSON.parse(text))).toBe(true);
  };

  it('doubles of every size, as JavaScript and Python write them', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        same(JSON.stringify(value)),
      ),
      {
        numRuns: 20_000,
      },
    );
  });

  it('coordinates with 16 to 17 digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -5000, max: 5000, noNaN: true }), (value) =>
        same(String(value).replace('Infinity', '0')),
      ),
      {
        numRuns: 50_000,
      },
    );
  });

  it('digits in any number and place', () => {
    const digits = (max: number) =>
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: 1, maxLength: max });
    fc.assert(
      fc.property(
        digits(24),
        digits(30),
        fc.option(fc.integer({ min: -40, max: 40 })),
        (whole, fraction, exponent) => {
          same(`${whole.replace(/^0+(?=.)/, '')}.${fraction}${exponent === null ? '' : `e${exponent}`}`);
        },
      ),
      { numRuns: 50_000 },
    );
  });

  it('halfway cases, limits and signs', () => {
    for (const text of [
      '0',
      '-0',
      '0.0',
      '-0.0e5',
      '9007199254740993',
      '9007199254740992.5',
      '9007199254740993.0',
      '1e23',
      '8.5e-323',
      '5e-324',
      '2.5e-324',
      '1.7976931348623157e308',
      '0.1',
      '0.30000000000000004',
      '123456789012345678',
      '1234567890123456789',
      '12345678901234567890',
      '4503599627370497.5',
      '4503599627370498.5',
      '0.000001',
      '1E5',
      '1e+5',
      '1e-400',
      '0e999',
      '72057594037927945',
      '7205759403792794.5',
    ]) {
      same(text);
    }
    expect(number('1e999')).toBe(Infinity);
  });

  it('says where it is not certain', () => {
    expect(decimalToDouble(900719925474099, 3, 1, 0)).toBeNaN();
    expect(decimalToDouble(1, 0, 0, -30)).toBeNaN();
  });

  it('reads what Python writes beyond JSON', () => {
    expect(number('NaN')).toBeNaN();
    expect(number('Infinity')).toBe(Infinity);
    expect(number('-Infinity')).toBe(-Infinity);
    expect(accepts('-NaN')).toBe(false);
    expect(accepts('Inf')).toBe(false);
  });
});

describe('grammar', () => {
  it('takes what JSON.parse takes, and refuses what it refuses', () => {
    for (const text of [
      '01',
      '1.',
      '.5',
      '+1',
      '1e',
      '--1',
      '1 2',
      'true',
      'tru',
      'nulll',
      '"a',
      '"\\x"',
      '"\\u12g4"',
      '"\\u12',
      '"\t"',
      '{}',
      '{"a":1,}',
      '{"a" 1}',
      '{a:1}',
      '[1,]',
      '[,1]',
      '[[]',
      '{]',
      "'a'",
      '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"',
      '1,',
      '',
      '\u00a01',
      '0x10',
      '[1}',
      '{"a":[}]',
      '/**/1',
      '\u0000',
      '"\u0000"',
    ]) {
      expect([text, accepts(text)]).toEqual([text, jsonAccepts(text)]);
    }
  });

  it('reads any JSON value whole, in pieces of any size', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 1, 3),
        (value, piece, indent) => {
          const text = JSON.stringify(value, null, indent);
          expect(scan(`${text} `, (scanner) => scanner.readText(), piece)).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('refuses or takes mutilated JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom(...Array.from('{}[],:"\\ 0e.-tn')),
        (text, place, letter) => {
          const at = place % text.length;
          for (const mutant of [text.slice(0, at), text.slice(0, at) + letter + text.slice(at + 1)]) {
            expect(accepts(mutant)).toBe(jsonAccepts(mutant));
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('reads strings with escapes and beyond ASCII', () => {
    const text = '"\\u00e9 \u{1f99d} \\ud83d\\ude00 \\" /"';
    expect(scan(text, (scanner) => scanner.readString(), 1)).toBe(JSON.parse(text));
  });

  it('reads text that is not UTF-8 as Windows-1252', () => {
    expect(scan(Uint8Array.of(34, 0xe9, 34), (scanner) => scanner.readString())).toBe('é');
  });

  it('puts null for literals, not inside strings', () => {
    expect(skipped('{"NaN, \\"Infinity":[NaN,-Infinity,Infinity,"NaN"]}')).toBe(
      '{"NaN, \\"Infinity":[null,null,null,"NaN"]}',
    );
  });

  it('says at which byte', () => {
    const failure = (text: string): BadInput => {
      try {
        scan(text, (scanner) => scanner.skipValue(), 4);
      } catch (error) {
        if (error instanceof BadInput) return error;
      }
      throw new Error('It was read.');
    };
    expect(failure('[1, 2, x]')).toMatchObject({ code: 'json-invalid', where: { file: 'x.json', byte: 7 } });
    expect(failure('[1, 2, ')).toMatchObject({ code: 'json-truncated', where: { byte: 7 } });
  });

  it('ends at a depth', () => {
    expect(accepts('['.repeat(150) + ']'.repeat(150))).toBe(true);
    expect(() => skipped('['.repeat(100_000))).toThrow(/nested/);
  });
});
