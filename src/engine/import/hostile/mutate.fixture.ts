/** Damage to bytes, the same for the same number. */

/** A generator of 32 bits' state (T. Hutchison's mulberry32): numbers from 0 to 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = <T>(next: () => number, list: readonly T[]): T => list[Math.floor(next() * list.length)]!;

const HUGE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
/** What stands where a number stood. */
const NUMBERS = [
  '1e999',
  '-1e999',
  'NaN',
  '-0',
  '-1',
  '0',
  '1e-320',
  '9'.repeat(400),
  '4294967296',
  '0.5',
  '1.',
];
/** What may stand anywhere. */
const TOKENS = [
  '__proto__',
  'constructor',
  '../../../../etc/passwd',
  'C:\\Windows\\x.jpg',
  '\\\\host\\share\\x.jpg',
  'file:///etc/passwd',
  'CON',
  '\u0000',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
  '&b;',
  '=cmd|" /C calc"!A0',
  '[',
  '{',
  '"',
  '\\',
  '\\ud800',
  '\r',
  '\n',
  ',',
  '\ufeff',
  '[['.repeat(3000),
  '<a>'.repeat(300),
  'x'.repeat(70_000),
];

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** Places of numbers as text. */
function numbersIn(bytes: Uint8Array): { from: number; to: number }[] {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map(({ index, 0: { length } }) => ({
    from: index,
    to: index + length,
  }));
}

/** One change; `other`: bytes of another file, of which a piece may come in. */
export function mutateOnce(bytes: Uint8Array, next: () => number, other: Uint8Array): Uint8Array {
  const at = Math.floor(next() * bytes.length);
  const end = Math.min(bytes.length, at + 1 + Math.floor(next() * 40));
  const copy = Uint8Array.from(bytes);
  switch (Math.floor(next() * 10)) {
    case 0:
      if (bytes.length > 0) copy[at]! ^= 1 << Math.floor(next() * 8);
      return copy;
    case 1:
      return bytes.slice(0, at);
    case 2:
      return joined(bytes.slice(0, at), bytes.slice(end));
    case 3:
      return joined(bytes.slice(0, end), bytes.slice(at));
    case 4:
      copy.set(HUGE.slice(0, Math.min(HUGE.length, bytes.length - at)), at);
      return copy;
    case 5:
      copy.fill(Math.floor(next() * 256), at, end);
      return copy;
    case 6: {
      const from = Math.floor(next() * other.length);
      return joined(
        bytes.slice(0, at),
        other.slice(from, from + 1 + Math.floor(next() * 200)),
        bytes.slice(at),
      );
    }
    case 7:
    case 8: {
      const places = numbersIn(bytes);
      if (places.length === 0) return copy;
      const { from, to } = pick(next, places);
      return joined(bytes.slice(0, from), Buffer.from(pick(next, NUMBERS)), bytes.slice(to));
    }
    default:
      return joined(bytes.slice(0, at), Buffer.from(pick(next, TOKENS)), bytes.slice(at));
  }
}
