/** Numbers straight from bytes, where that gives what `parseDecimal` gives of their text. */

const [POINT, ZERO, NINE] = [0x2e, 0x30, 0x39] as const;
/** Whole numbers up to this are doubles, and so are these powers: their quotient is rounded once, as the text is. */
const LARGEST = Number.MAX_SAFE_INTEGER;
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/** The number that the bytes are digits of, with at most one point; NaN where they are anything else, or too many. */
export function quickNumber(bytes: Uint8Array, from: number, to: number): number {
  let digits = 0;
  let point = -1;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) digits = digits * 10 + (byte - ZERO);
    else if (byte === POINT && point < 0) point = at;
    else return NaN;
  }
  if (point < 0) return to > from && digits <= LARGEST ? digits : NaN;
  const places = to - point - 1;
  return to - from > 1 && digits <= LARGEST && places < POWERS.length ? digits / POWERS[places]! : NaN;
}
