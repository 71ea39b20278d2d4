/**
 * JSON's grammar over bytes. Each reader takes where a value starts and gives where it ends, or 0 where the bytes are
 * not JSON, end too early, or are something that the plain reader has to look at (deep nesting, NaN). Text ends in zero
 * bytes, which no token holds.
 */
import { COMMA, isDigit, MINUS, QUOTE, skipNumber, SMALL } from "./numbers";

export const COLON: u32 = 58;
export const OPEN_BRACKET: u32 = 91;
const BACKSLASH: u32 = 92;
export const CLOSE_BRACKET: u32 = 93;
export const OPEN_BRACE: u32 = 123;
export const CLOSE_BRACE: u32 = 125;
/** Deeper nesting is left to the plain reader, which knows where it ends. */
const DEEPEST = 64;

@inline
export function isSpace(byte: u32): bool {
  return byte == 32 || byte == 10 || byte == 13 || byte == 9;
}

@inline
export function skipSpace(at: usize): usize {
  let byte: u32 = load<u8>(at);
  while (isSpace(byte)) byte = load<u8>(++at);
  return at;
}

/** Whether the string read last has escapes. */
let hadEscape: bool = false;
export function hasEscape(): bool {
  return hadEscape;
}

/** `at`: after the opening quote. */
export function skipString(at: usize): usize {
  const quote = i8x16.splat(34);
  const backslash = i8x16.splat(92);
  const space = i8x16.splat(32);
  hadEscape = false;
  while (true) {
    const bytes = v128.load(at);
    const special = v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, space));
    const mask = i8x16.bitmask(special);
    if (mask == 0) {
      at += 16;
      continue;
    }
    at += ctz(mask);
    const byte: u32 = load<u8>(at);
    if (byte == QUOTE) return at + 1;
    if (byte != BACKSLASH) return 0;
    hadEscape = true;
    at = skipEscape(at + 1);
    if (at == 0) return 0;
  }
}

/** `at`: after the backslash. */
function skipEscape(at: usize): usize {
  const byte: u32 = load<u8>(at);
  // u and four hexadecimal digits
  if (byte == 117) {
    for (let digit = at + 1; digit <= at + 4; digit++) {
      const code: u32 = load<u8>(digit);
      if (!isDigit(code) && (code | SMALL) - 97 > 5) return 0;
    }
    return at + 5;
  }
  // " \ / b f n r t
  const isKnown =
    byte == QUOTE || byte == BACKSLASH || byte == 47 || byte == 98 || byte == 102 || byte == 110 || byte == 114 || byte == 116;
  return isKnown ? at + 1 : 0;
}

/** Any value; it ends before the white space after it. */
export function skipValue(at: usize, depth: i32): usize {
  const byte: u32 = load<u8>(at);
  if (byte == QUOTE) return skipString(at + 1);
  if (isDigit(byte) || byte == MINUS) return skipNumber(at);
  if (byte == OPEN_BRACKET) return depth < DEEPEST ? skipList(at + 1, depth + 1) : 0;
  if (byte == OPEN_BRACE) return depth < DEEPEST ? skipObject(at + 1, depth + 1) : 0;
  return skipWord(at);
}

/** true, false or null. */
export function skipWord(at: usize): usize {
  const word = load<u32>(at);
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4;
  return word == 0x736c6166 && load<u8>(at, 4) == 101 ? at + 5 : 0;
}

function skipList(at: usize, depth: i32): usize {
  at = skipSpace(at);
  if (load<u8>(at) == CLOSE_BRACKET) return at + 1;
  while (true) {
    at = skipValue(at, depth);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte: u32 = load<u8>(at++);
    if (byte == CLOSE_BRACKET) return at;
    if (byte != COMMA) return 0;
    at = skipSpace(at);
  }
}

function skipObject(at: usize, depth: i32): usize {
  at = skipSpace(at);
  if (load<u8>(at) == CLOSE_BRACE) return at + 1;
  while (true) {
    if (load<u8>(at) != QUOTE) return 0;
    at = skipName(at + 1);
    if (at == 0) return 0;
    at = skipValue(at, depth);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte: u32 = load<u8>(at++);
    if (byte == CLOSE_BRACE) return at;
    if (byte != COMMA) return 0;
    at = skipSpace(at);
  }
}

/** From after the opening quote of a member's name to its value. */
@inline
export function skipName(at: usize): usize {
  at = skipString(at);
  return at == 0 ? 0 : skipColon(at);
}

/** From the end of a member's name to its value. */
@inline
export function skipColon(at: usize): usize {
  if (load<u8>(at) != COLON) {
    at = skipSpace(at);
    if (load<u8>(at) != COLON) return 0;
  }
  at++;
  return load<u8>(at) <= 32 ? skipSpace(at) : at;
}
