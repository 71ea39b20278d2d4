/**
 * Coordinates as shares of an image's size. Others read them with doubles, and so does this reader; what is written is the
 * number, of those next to the quotient, from which that reading gives the coordinate back, exactly. Where there is none
 * the share is written with more digits than a double has, which this reader takes as the decimal that it is.
 */
import type { Decimal } from './decimal';
import { add, decimalOf, half, isLong, parseDecimal, plainText } from './decimal';

export interface Span {
  readonly start: number;
  readonly length: number;
}

/** Decimal places of a quotient that does not end. */
const PLACES = 60;
/** Places that count in what is computed from quotients: coordinates have fewer, and the rest is their rounding. */
const CERTAIN = 45;

const times = (left: Decimal, right: Decimal): Decimal => ({
  digits: left.digits * right.digits,
  exponent: left.exponent + right.exponent,
});
function over(left: Decimal, right: Decimal): Decimal {
  const shift = PLACES + left.exponent - right.exponent;
  if (shift < 0) return { digits: 0n, exponent: 0 };
  return { digits: (left.digits * 10n ** BigInt(shift)) / right.digits, exponent: -PLACES };
}
function numberOf({ digits, exponent }: Decimal): number {
  if (exponent >= -CERTAIN) return Number(`${digits}e${exponent}`);
  const unit = 10n ** BigInt(-CERTAIN - exponent);
  const rounded = (digits + (digits < 0n ? -unit : unit) / 2n) / unit;
  return Number(`${rounded}e-${CERTAIN}`);
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The doubles about a value: itself first. */
export function near(value: number): number[] {
  if (value === 0 || !Number.isFinite(value)) return [value];
  return [0n, 1n, -1n, 2n, -2n].map((step) => {
    float[0] = value;
    bits[0]! += step;
    return float[0];
  });
}

const isSpan = (span: Span, start: number, length: number): boolean =>
  span.start === start && span.length === length;

/** Centre and length, as YOLO has them. Not finite where one is no number. */
export function readCentre(centre: string, length: string, size: number): Span {
  if (isLong(centre) || isLong(length)) {
    const [c, l, s] = [decimalOf(centre), decimalOf(length), decimalOf(String(size))];
    if (c && l && s) {
      const whole = times(l, s);
      return { start: numberOf(add(times(c, s), half(whole), -1n)), length: numberOf(whole) };
    }
  }
  return centreSpan(parseDecimal(centre), parseDecimal(length), size);
}

export function centreSpan(centre: number, length: number, size: number): Span {
  const whole = length * size;
  return { start: centre * size - whole / 2, length: whole };
}

export function writeCentre(start: number, length: number, size: number): { centre: string; length: string } {
  for (const share of near(length / size)) {
    for (const centre of near((start + length / 2) / size)) {
      if (isSpan(centreSpan(centre, share, size), start, length))
        return { centre: String(centre), length: String(share) };
    }
  }
  const [from, whole, s] = [start, length, size].map((value) => decimalOf(String(value))!) as [
    Decimal,
    Decimal,
    Decimal,
  ];
  return {
    centre: plainText(over(add(from, half(whole), 1n), s)),
    length: plainText(over(whole, s)),
  };
}

/** Two corners, as Open Images has them. Not finite where one is no number. */
export function readCorners(low: string, high: string, size: number): Span {
  if (isLong(low) || isLong(high)) {
    const [from, to, s] = [decimalOf(low), decimalOf(high), decimalOf(String(size))];
    if (from && to && s)
      return { start: numberOf(times(from, s)), length: numberOf(times(add(to, from, -1n), s)) };
  }
  return cornerSpan(parseDecimal(low), parseDecimal(high), size);
}

export const cornerSpan = (low: number, high: number, size: number): Span => ({
  start: low * size,
  length: high * size - low * size,
});

export function writeCorners(start: number, length: number, size: number): { low: string; high: string } {
  for (const low of near(start / size)) {
    for (const high of near((start + length) / size)) {
      if (isSpan(cornerSpan(low, high, size), start, length)) return { low: String(low), high: String(high) };
    }
  }
  return longCorners(start, length, size);
}

/** Corners with more digits than a double has, which `readCorners` reads as this span whatever it is. */
export function longCorners(start: number, length: number, size: number): { low: string; high: string } {
  const [from, whole, s] = [start, length, size].map((value) => decimalOf(String(value))!) as [
    Decimal,
    Decimal,
    Decimal,
  ];
  return { low: plainText(over(from, s)), high: plainText(over(add(from, whole, 1n), s)) };
}

/** Start and length each in its own share, in `parts` of the size (100: per cent). */
export const partSpan = (start: number, length: number, size: number, parts: number): Span => ({
  start: (start * size) / parts,
  length: (length * size) / parts,
});

/** The nearest numbers that `partSpan` reads as this span, or those next to it where none does. */
export function partsOf(start: number, length: number, size: number, parts: number): Span {
  const nearest = (value: number): number =>
    near((value * parts) / size).find((part) => (part * size) / parts === value) ?? (value * parts) / size;
  return { start: nearest(start), length: nearest(length) };
}
