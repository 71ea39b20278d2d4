/**
 * Corners as decimal text. Formats with corners are read as other tools read them: width = xmax - xmin in doubles. Not
 * every width can be written so: with x = 0.1 no double xmax gives a width of 0.2. Such a corner is written as the exact
 * decimal sum with more digits than a double has; others read the nearest double, and here a number with that many
 * digits is subtracted as a decimal. So every box comes back bit for bit.
 */

/** A double's shortest text has at most 17 significant digits. */
export const DIGITS_OF_DOUBLE = 17;
/** Longer numbers are nobody's coordinates; their digits are not worth exact arithmetic. */
const LONGEST = 400;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Whether a text is digits and at most one point, as most are: `Number` reads that alike. */
function isPlain(text: string): boolean {
  let points = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) points++;
    else if (code < 48 || code > 57) return false;
  }
  return points < 2 && text.length > points;
}

/** The number of a decimal text, or NaN: `Number` also reads '', '0x10' and the like. */
export function parseDecimal(text: string): number {
  if (isPlain(text)) return Number(text);
  const plain = text.trim();
  return DECIMAL.test(plain) && /\d/.test(plain) ? Number(plain) : NaN;
}

/** digits * 10^exponent */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

export function decimalOf(text: string): Decimal | null {
  const match = text.length <= LONGEST ? DECIMAL.exec(text.trim()) : null;
  if (!match) return null;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > 2 * LONGEST) return null;
  const digits = BigInt(`0${whole}${fraction}`);
  return { digits: sign === '-' ? -digits : digits, exponent };
}

export function add(left: Decimal, right: Decimal, sign: 1n | -1n): Decimal {
  const exponent = Math.min(left.exponent, right.exponent);
  const raise = (value: Decimal): bigint => value.digits * 10n ** BigInt(value.exponent - exponent);
  return { digits: raise(left) + sign * raise(right), exponent };
}

function significantDigits(text: string): number {
  const [mantissa = ''] = text.toLowerCase().split('e');
  return mantissa.replace(/[^\d]/g, '').replace(/^0+/, '').length;
}

/** Whether a text has more digits than a double, and so stands for the decimal that it is. */
export const isLong = (text: string): boolean =>
  text.length > DIGITS_OF_DOUBLE && significantDigits(text) > DIGITS_OF_DOUBLE;

export const half = ({ digits, exponent }: Decimal): Decimal => ({
  digits: digits * 5n,
  exponent: exponent - 1,
});

/**
 * The length between two corners, of their texts, and `more` where the far one belongs to it. Not finite where one is not.
 */
export function lengthBetween(start: string, end: string, more: 0 | 1 = 0): number {
  const difference = parseDecimal(end) - parseDecimal(start) + more;
  if (!Number.isFinite(difference)) return NaN;
  if (!isLong(start) && !isLong(end)) return difference;
  const from = decimalOf(start);
  const to = decimalOf(end);
  if (!from || !to) return difference;
  const { digits, exponent } = add(add(to, from, -1n), { digits: BigInt(more), exponent: 0 }, 1n);
  return Number(`${digits}e${exponent}`);
}

/** Text of the corner `length` after `start`, from which `lengthBetween` gives `length` back, exactly. */
export function farCorner(start: number, length: number): string {
  const sum = start + length;
  if (sum - start === length) return String(sum);
  const exact = add(decimalOf(String(start))!, decimalOf(String(length))!, 1n);
  return plainText(exact);
}

/** Without exponent, and with zeros at the end to more digits than a double has. */
export function plainText({ digits, exponent }: Decimal): string {
  const isNegative = digits < 0n;
  let text = String(isNegative ? -digits : digits);
  let places = -exponent;
  if (places < 0) {
    text += '0'.repeat(-places);
    places = 0;
  }
  const missing = Math.max(0, DIGITS_OF_DOUBLE + 1 - text.length);
  text = `${text}${'0'.repeat(missing)}`;
  places += missing;
  const padded = text.padStart(places + 1, '0');
  const whole = padded.slice(0, padded.length - places);
  const fraction = padded.slice(padded.length - places);
  return `${isNegative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
