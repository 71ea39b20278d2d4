/**
 * Decimal text to doubles, correctly rounded: bit for bit what `JSON.parse` gives. Three ways, each exact or not taken:
 *  1. up to 15 characters: all digits at once in a vector, then one division (W. D. Clinger, 1990: exact while the digits
 *     and the power of ten are both exact doubles);
 *  2. up to 19 digits: Clinger where it holds, else one 64 x 128-bit product (D. Lemire, 2021, after M. Eisel), which is
 *     exact or says that it is not sure;
 *  3. everything else: the host's `Number(text)`.
 * Text ends in zero bytes, of which there are at least 64: no loop asks for the end.
 */
import {
  DIGIT_NINES,
  DIGIT_ZEROS,
  DIVISORS,
  EIGHTS_WEIGHTS,
  FIVES,
  FIVES_LOWEST,
  FOURS_WEIGHTS,
  POWERS,
  SHUFFLES,
} from "./layout";

@external("host", "toNumber")
declare function toNumber(start: usize, length: i32): f64;

export const QUOTE: u32 = 34;
export const PLUS: u32 = 43;
export const COMMA: u32 = 44;
export const MINUS: u32 = 45;
export const POINT: u32 = 46;
export const ZERO: u32 = 48;
const SMALL_E: u32 = 101;
/** Makes a capital letter small. */
export const SMALL: u32 = 32;

/** Characters that way 1 takes. */
const SHORT: u32 = 15;
/** Digits that a 64-bit whole number holds, whatever they are. */
const MOST_DIGITS: i32 = 19;
const LARGEST_EXACT: u64 = 9007199254740992;
const LARGEST_EXACT_POWER: i32 = 22;

/** Whether a number read since `forgetInfinite` was beyond the largest double; a short one never is. */
let hadInfinite: bool = false;
@inline
export function sawInfinite(): bool {
  return hadInfinite;
}
@inline
export function forgetInfinite(): void {
  hadInfinite = false;
}

/**
 * Once, before anything is read: powers of ten that a double holds exactly, and what vectors are read with (a constant
 * vector in code is built anew wherever it stands; from memory it is one load).
 */
export function fillNumberTables(): void {
  let value: f64 = 1;
  for (let exponent = 0; exponent <= LARGEST_EXACT_POWER; exponent++) {
    store<f64>(POWERS + (<usize>exponent << 3), value);
    value *= 10;
  }
  v128.store(DIGIT_ZEROS, i8x16.splat(48));
  v128.store(DIGIT_NINES, i8x16.splat(9));
  v128.store(FOURS_WEIGHTS, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  v128.store(EIGHTS_WEIGHTS, i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1));
  store<f64>(DIVISORS, 1);
  for (let length = 0; length < 16; length++) {
    for (let whole = 0; whole < 16; whole++) {
      for (let lane = 0; lane < 16; lane++) {
        const at = lane + length - 16;
        // Lanes left of the point come from one place further left; lanes out of range give 0.
        const from = whole < length && at <= whole ? at - 1 : at;
        store<u8>(shuffleOf(length, whole) + lane, <u8>from);
      }
    }
  }
}

@inline
function shuffleOf(length: u32, whole: u32): usize {
  return SHUFFLES + (<usize>((length << 4) | whole) << 4);
}

@inline
function power(exponent: i32): f64 {
  return load<f64>(POWERS + (<usize>exponent << 3));
}

@inline
export function isDigit(byte: u32): bool {
  return byte - ZERO < 10;
}

/** Bit per byte of [at, at + 16) that is a digit. */
@inline
function digitsOf(at: usize): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.le_u(i8x16.sub(v128.load(at), v128.load(DIGIT_ZEROS)), v128.load(DIGIT_NINES))));
}

/** Bit per byte of [at, at + 16) that is no digit. */
@inline
function notDigits(at: usize): u32 {
  return <u32>digitsOf(at) ^ 0xffff;
}

/** Bit per byte of [at, at + 64) that is no digit. */
@inline
export function notDigitsOf64(at: usize): u64 {
  return ~(digitsOf(at) | (digitsOf(at + 16) << 16) | (digitsOf(at + 32) << 32) | (digitsOf(at + 48) << 48));
}

/**
 * The digits of a number of `length` characters, the first `whole` of them before a point (all where there is none), at
 * the right end of a vector: the point is squeezed out.
 */
@inline
export function alignedDigits(at: usize, length: u32, whole: u32): v128 {
  const digits = i8x16.sub(v128.load(at), v128.load(DIGIT_ZEROS));
  return i8x16.swizzle(digits, v128.load(shuffleOf(length, whole)));
}

/** Address of what the digits are divided by where `rest` characters, the point among them, follow the whole part. */
@inline
export function divisorAt(rest: u32): usize {
  return DIVISORS + (<usize>rest << 3);
}

/** Digits to groups of four: i32 each. */
@inline
export function foursOf(digits: v128): v128 {
  const pairs = i16x8.add(i16x8.mul(v128.and(digits, i16x8.splat(255)), i16x8.splat(10)), i16x8.shr_u(digits, 8));
  return i32x4.dot_i16x8_s(pairs, v128.load(FOURS_WEIGHTS));
}

/** Two vectors of groups of four to groups of eight: i32 each. */
@inline
export function eightsOf(first: v128, second: v128): v128 {
  return i32x4.dot_i16x8_s(i16x8.narrow_i32x4_u(first, second), v128.load(EIGHTS_WEIGHTS));
}

/** The number in the bytes [at, at + length), length at most 15; see `alignedDigits`. */
@inline
function shortNumber(at: usize, length: u32, whole: u32): f64 {
  const fours = foursOf(alignedDigits(at, length, whole));
  const eights = eightsOf(fours, fours);
  const digits = <i64>i32x4.extract_lane(eights, 0) * 100000000 + <i64>i32x4.extract_lane(eights, 1);
  return <f64>digits / load<f64>(divisorAt(length - whole));
}

/** Reads the number that starts at `at` into `into`; its end, or 0 where there is none in JSON's grammar. */
@inline
export function readNumber(at: usize, into: usize): usize {
  return load<u8>(at) == MINUS ? readNegative(at, into) : readPositive(at, into);
}

function readNegative(at: usize, into: usize): usize {
  const end = isDigit(load<u8>(at, 1)) ? readPositive(at + 1, into) : 0;
  store<f64>(into, -load<f64>(into));
  return end;
}

/** As `readNumber`, for what mostly has no sign: its places wait for no byte. */
@inline
export function readPositive(at: usize, into: usize): usize {
  let others = notDigits(at) | 0x10000;
  const whole: u32 = ctz(others);
  if (load<u8>(at + whole) == POINT) others &= others - 1;
  const length: u32 = ctz(others | 0x10000);
  const end = at + length;
  const isShort = whole != 0 && length <= SHORT && length - whole != 1 && (load<u8>(end) | SMALL) != SMALL_E;
  if (!isShort || (load<u8>(at) == ZERO && whole > 1)) return readLongNumber(at, into);
  store<f64>(into, shortNumber(at, length, whole));
  return end;
}

/** As `readNumber`, without the value. */
@inline
export function skipNumber(at: usize): usize {
  const start = at + <usize>(load<u8>(at) == MINUS);
  const others = notDigits(start);
  const whole: u32 = ctz(others | 0x10000);
  const hasPoint = whole < 16 && load<u8>(start + whole) == POINT;
  const length: u32 = hasPoint ? ctz((others & (others - 1)) | 0x10000) : whole;
  const end = start + length;
  const isShort = whole != 0 && length < 16 && (load<u8>(end) | SMALL) != SMALL_E;
  if (!isShort || (load<u8>(start) == ZERO && whole > 1) || (hasPoint && length == whole + 1)) {
    return readLongNumber(at, 0);
  }
  return end;
}

/** As `readNumber`, for what is long, has an exponent, or is no number; with `into` 0 the value goes nowhere. */
export function readLongNumber(at: usize, into: usize): usize {
  const start = at;
  let byte: u32 = load<u8>(at);
  const isNegative = byte == MINUS;
  if (isNegative) byte = load<u8>(++at);
  if (!isDigit(byte)) return 0;
  if (byte == ZERO && isDigit(load<u8>(at + 1))) return 0;
  let mantissa: u64 = 0;
  // Significant ones: leading zeros are none.
  let digits = 0;
  while (isDigit(byte)) {
    mantissa = mantissa * 10 + <u64>(byte - ZERO);
    if (mantissa != 0) digits++;
    byte = load<u8>(++at);
  }
  let exponent = 0;
  if (byte == POINT) {
    byte = load<u8>(++at);
    if (!isDigit(byte)) return 0;
    while (isDigit(byte)) {
      mantissa = mantissa * 10 + <u64>(byte - ZERO);
      if (mantissa != 0) digits++;
      exponent--;
      byte = load<u8>(++at);
    }
  }
  let isSure = digits <= MOST_DIGITS;
  if ((byte | SMALL) == SMALL_E) {
    byte = load<u8>(++at);
    const isDivided = byte == MINUS;
    if (isDivided || byte == PLUS) byte = load<u8>(++at);
    if (!isDigit(byte)) return 0;
    let written = 0;
    while (isDigit(byte)) {
      if (written < 10000) written = written * 10 + <i32>(byte - ZERO);
      byte = load<u8>(++at);
    }
    if (written >= 10000) isSure = false;
    exponent += isDivided ? -written : written;
  }
  if (into == 0) return at;
  let value: f64 = isSure ? decimal(mantissa, exponent) : NaN;
  if (isNaN(value)) value = toNumber(start, <i32>(at - start));
  else if (isNegative) value = -value;
  if (value - value != 0) hadInfinite = true;
  store<f64>(into, value);
  return at;
}

/** mantissa * 10^exponent, or NaN where neither way is sure. */
function decimal(mantissa: u64, exponent: i32): f64 {
  if (mantissa == 0) return 0;
  if (mantissa <= LARGEST_EXACT && exponent >= -LARGEST_EXACT_POWER && exponent <= LARGEST_EXACT_POWER) {
    return exponent < 0 ? <f64>mantissa / power(-exponent) : <f64>mantissa * power(exponent);
  }
  return exponent <= 0 && exponent >= FIVES_LOWEST ? product(mantissa, exponent) : NaN;
}

/** Upper half of a 128-bit product. */
@inline
function upperProduct(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/**
 * mantissa * 10^exponent by Eisel and Lemire, for exponents that the table has; NaN where rounding is not sure or the
 * result is not a normal double. (D. Lemire, "Number parsing at a gigabyte per second", 2021, algorithm 1.)
 */
function product(mantissa: u64, exponent: i32): f64 {
  const zeros = clz(mantissa);
  const normal = mantissa << zeros;
  const five = FIVES + (<usize>-exponent << 4);
  let lower = normal * load<u64>(five, 8);
  let upper = upperProduct(normal, load<u64>(five, 8));
  if ((upper & 0x1ff) == 0x1ff) {
    const carry = upperProduct(normal, load<u64>(five));
    lower += carry;
    if (carry > lower) upper++;
  }
  if (lower == 0xffffffffffffffff && exponent < -27) return NaN;
  const top = upper >> 63;
  const shift = top + 9;
  let bits = upper >> shift;
  // floor(exponent * log2(10)) in fixed point.
  let binary = <i64>((217706 * exponent) >> 16) + 63 + <i64>top - <i64>zeros + 1023;
  if (binary <= 0) return NaN;
  // Exactly half-way: to even.
  if (lower <= 1 && exponent >= -4 && (bits & 3) == 1 && bits << shift == upper) bits &= ~1;
  bits += bits & 1;
  bits >>= 1;
  if (bits >= 1 << 53) {
    bits = 1 << 52;
    binary++;
  }
  return reinterpret<f64>((bits & 0xfffffffffffff) | (<u64>binary << 52));
}
