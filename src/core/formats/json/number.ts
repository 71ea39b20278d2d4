/**
 * Decimal digits to the nearest double, without text: exact where it answers, and it says where it cannot.
 */

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Veltkamp's constant: splits a double into two halves of 26 bits. */
const SPLIT = 134_217_729;
/** Wider than the error of the correction term below (two roundings of 2^-53 each). */
const ABOVE = 1 + 2 ** -48;
const BELOW = 1 - 2 ** -48;

/** Digits of the first part of a mantissa. */
export const HIGH_DIGITS = 15;
/** Digits that the second part may have. */
export const LOW_DIGITS = 4;

/**
 * (high * 10^lowDigits + low) * 10^exponent, correctly rounded, or NaN where that is not certain and the text must be
 * converted instead. `high` has at most 15 digits, `low` exactly `lowDigits`, at most 4.
 *
 * Up to 15 digits one multiplication or division of exact values is correctly rounded (W. D. Clinger, 1990). With 16 to
 * 19 digits the quotient is formed as an unevaluated sum of two doubles (T. J. Dekker, 1971), and is accepted only where
 * both ends of its error interval round to the same double (A. Ziv, 1991).
 */
export function decimalToDouble(high: number, low: number, lowDigits: number, exponent: number): number {
  if (exponent < -22 || exponent > 22) return high === 0 && low === 0 ? 0 : NaN;
  if (lowDigits === 0) {
    if (exponent === 0) return high;
    return exponent < 0 ? high / POWERS[-exponent]! : high * POWERS[exponent]!;
  }
  if (lowDigits > LOW_DIGITS || exponent > 0) return NaN;

  // high * 10^lowDigits as product + productError, exactly.
  const scale = POWERS[lowDigits]!;
  const product = high * scale;
  const productError = multiplicationError(high, scale, product);
  // The whole mantissa as head + tail, exactly (all are whole numbers far below 2^106).
  const head = product + low;
  const added = head - product;
  const tail = product - (head - added) + (low - added) + productError;
  if (exponent === 0) return tail === 0 ? head : accept(head, tail);

  const divisor = POWERS[-exponent]!;
  const quotient = head / divisor;
  const back = quotient * divisor;
  const remainder = head - back - multiplicationError(quotient, divisor, back);
  return accept(quotient, (remainder + tail) / divisor);
}

/** main + correction where the correction's error cannot change the rounding, else NaN. */
function accept(main: number, correction: number): number {
  const upper = main + correction * ABOVE;
  const lower = main + correction * BELOW;
  return upper === lower ? upper : NaN;
}

/** left * right - product, exactly. */
function multiplicationError(left: number, right: number, product: number): number {
  const leftScaled = left * SPLIT;
  const leftHigh = leftScaled - (leftScaled - left);
  const leftLow = left - leftHigh;
  const rightScaled = right * SPLIT;
  const rightHigh = rightScaled - (rightScaled - right);
  const rightLow = right - rightHigh;
  return leftLow * rightLow - (product - leftHigh * rightHigh - leftLow * rightHigh - leftHigh * rightLow);
}
