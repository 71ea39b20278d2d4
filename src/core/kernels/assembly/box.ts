/**
 * The four numbers of a box. What is no digit in the 64 bytes from the first number on stands in one mask, whose lowest
 * bits say where a number's whole part ends and where the number does; with them dropped it is the next number's. So
 * only counting and dropping bits lies between one number and the next, and what stands there is checked beside it.
 * Numbers that are longer, negative or spelled otherwise are read one by one.
 */
import { CLOSE_BRACKET, skipSpace } from "./json";
import {
  alignedDigits,
  COMMA,
  divisorAt,
  eightsOf,
  foursOf,
  notDigitsOf64,
  POINT,
  readNumber,
  SMALL,
  ZERO,
} from "./numbers";

/** Most digits of a number that is read together with the three others. */
const MOST_DIGITS: u32 = 8;

/** What stood between the numbers of the box that was read one by one last: a comma, mostly with a space. */
const COMMA_SPACE: u32 = COMMA | (SMALL << 8);
let gapLength: u32 = 2;
let gapBytes: u32 = COMMA_SPACE;
/** Bits that these are of the two bytes after a number. */
let gapBits: u32 = 0xffff;

function learnGap(hasSpace: bool): void {
  gapLength = hasSpace ? 2 : 1;
  gapBytes = hasSpace ? COMMA_SPACE : COMMA;
  gapBits = hasSpace ? 0xffff : 0xff;
}

@inline
function isGap(at: usize): bool {
  return (<u32>load<u16>(at) & gapBits) == gapBytes;
}

/** Drops the end of a number's whole part from the mask where the number goes on after it. */
@inline
function fromEnd(at: usize, others: u64): u64 {
  if (load<u8>(at + <usize>ctz(others)) == POINT) others &= others - 1;
  return others;
}

/** Drops the end of a number, and the gap after it. */
@inline
function fromNext(others: u64): u64 {
  others &= others - 1;
  if (gapLength == 2) others &= others - 1;
  return others;
}

@inline
function place(others: u64): u32 {
  return <u32>ctz(others);
}

/**
 * Whether a number of JSON's grammar, short and without a sign, lies in [at + start, at + end), its whole part up to
 * `whole`. Asked one by one: a branch that is never taken costs less than a joined condition.
 */
@inline
function isShort(at: usize, start: u32, whole: u32, end: u32): bool {
  // Not from 1 to 8 digits before the point; too many with those after it; none after it.
  if (whole - start - 1 >= MOST_DIGITS) return false;
  if (end - start > MOST_DIGITS + 1) return false;
  if (end - whole == 1) return false;
  if (load<u8>(at + start) == ZERO) {
    if (whole - start > 1) return false;
  }
  return true;
}

/** The digits of such a number at the right end of a vector, in its right half. `whole` and `end`: masks from there on. */
@inline
function digits(at: usize, start: u32, whole: u64, end: u64): v128 {
  return alignedDigits(at + start, place(end) - start, place(whole) - start);
}

@inline
function divisors(left: u64, leftEnd: u64, right: u64, rightEnd: u64): v128 {
  const divisor = v128.load64_zero(divisorAt(place(leftEnd) - place(left)));
  return v128.load64_lane(divisorAt(place(rightEnd) - place(right)), divisor, 1);
}

@inline
function rightHalves(left: v128, right: v128): v128 {
  return i64x2.shuffle(left, right, 1, 3);
}

/** Reads the box whose first number starts at `at` into four f64 at `into`. What follows its bracket, or 0. */
@inline
export function readBox(at: usize, into: usize): usize {
  const x = notDigitsOf64(at);
  const xEnd = fromEnd(at, x);
  const y = fromNext(xEnd);
  const yEnd = fromEnd(at, y);
  const width = fromNext(yEnd);
  const widthEnd = fromEnd(at, width);
  const height = fromNext(widthEnd);
  const heightEnd = fromEnd(at, height);
  const yAt = place(xEnd) + gapLength;
  const widthAt = place(yEnd) + gapLength;
  const heightAt = place(widthEnd) + gapLength;
  const end = at + place(heightEnd);
  if (!isShort(at, 0, place(x), place(xEnd))) return readAnyBox(at, into);
  if (!isGap(at + place(xEnd))) return readAnyBox(at, into);
  if (!isShort(at, yAt, place(y), place(yEnd))) return readAnyBox(at, into);
  if (!isGap(at + place(yEnd))) return readAnyBox(at, into);
  if (!isShort(at, widthAt, place(width), place(widthEnd))) return readAnyBox(at, into);
  if (!isGap(at + place(widthEnd))) return readAnyBox(at, into);
  if (!isShort(at, heightAt, place(height), place(heightEnd))) return readAnyBox(at, into);
  if (load<u8>(end) != CLOSE_BRACKET) return readAnyBox(at, into);
  // All four folded and divided together.
  const first = foursOf(rightHalves(digits(at, 0, x, xEnd), digits(at, yAt, y, yEnd)));
  const second = foursOf(rightHalves(digits(at, widthAt, width, widthEnd), digits(at, heightAt, height, heightEnd)));
  const whole = eightsOf(first, second);
  const lower = f64x2.convert_low_i32x4_s(whole);
  const upper = f64x2.convert_low_i32x4_s(i64x2.shuffle(whole, whole, 1, 0));
  v128.store(into, f64x2.div(lower, divisors(x, xEnd, y, yEnd)));
  v128.store(into, f64x2.div(upper, divisors(width, widthEnd, height, heightEnd)), 16);
  return end + 1;
}

/** As `readBox`, number by number, in any spelling. */
function readAnyBox(at: usize, into: usize): usize {
  for (let part: usize = 0; part < 4; part++) {
    at = readNumber(skipSpace(at), into + (part << 3));
    if (at == 0) return 0;
    at = skipSpace(at);
    if (<u32>load<u8>(at) != (part < 3 ? COMMA : CLOSE_BRACKET)) return 0;
    at++;
    if (part == 0) learnGap(load<u8>(at) == SMALL);
  }
  return at;
}
