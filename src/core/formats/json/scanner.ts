/**
 * Reads JSON from bytes that arrive in pieces. A step that meets the end of what is there throws `Insufficient`; the
 * caller goes back to where the step began and tries again with more. So the working buffer holds one record, never the
 * file, and files over 512 MB (JavaScript's longest text) read as small ones do.
 *
 * The grammar is RFC 8259's, and numbers are bit for bit those of `JSON.parse`; beyond it only the literals NaN,
 * Infinity and -Infinity are taken, which Python writes.
 */
import { BadInput } from '../../foundation/bad-input';
import { decodeUtf8, decodeWindows1252 } from '../text';
import { DEEPEST_VALUES } from '../limits';
import { decimalToDouble, HIGH_DIGITS } from './number';

export const QUOTE = 34;
export const COMMA = 44;
const MINUS = 45;
const POINT = 46;
export const ZERO = 48;
export const NINE = 57;
export const COLON = 58;
export const OPEN_BRACKET = 91;
const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

/** A single record (or other member) longer than this is no annotation. */
const LONGEST = 1 << 28;
/** Bytes taken over at once; keeps the buffer small when a whole file arrives in one piece. */
const PIECE = 1 << 22;

/** Thrown where the bytes at hand end within a step. One instance: it says nothing but that. */
class Insufficient extends Error {
  override readonly name = 'Insufficient';
}
const INSUFFICIENT = new Insufficient();

const TRUE = [116, 114, 117, 101];
const FALSE = [102, 97, 108, 115, 101];
const NULL = [110, 117, 108, 108];
const NAN = [78, 97, 78];
const INFINITY = [73, 110, 102, 105, 110, 105, 116, 121];

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

export class JsonScanner {
  readonly #file: string;
  /** Bytes at hand; one more than `end`, always 0, which no token holds: loops stop there without asking. */
  bytes = new Uint8Array(1024);
  end = 0;
  position = 0;
  /** Offset in the file of `bytes[0]`. */
  #base = 0;
  #isComplete = false;
  /** Bytes that have to be there before the next try. */
  #wanted = 0;
  /** Whether a literal that JSON does not know was read since the caller last set it to false. */
  sawLiteral = false;
  /** Whether some text was not UTF-8 and was read as Windows-1252. */
  sawOtherEncoding = false;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Feeds a piece of any length. `step` reads one record or the like and moves on; it is called as long as it says true
   * and the bytes suffice. What it keeps must not change before it is through: it may be called again for the same bytes.
   */
  push(chunk: Uint8Array, step: () => boolean): void {
    for (let from = 0; from < chunk.length; from += PIECE) {
      this.#append(chunk.subarray(from, from + PIECE));
      // A record longer than what is there is tried again only with twice as much: the work stays linear.
      if (this.end - this.position >= this.#wanted) this.#run(step);
    }
  }

  /** Nothing follows: the end of the bytes is the end of the file. */
  complete(step: () => boolean): void {
    this.#isComplete = true;
    this.#run(step);
  }

  #run(step: () => boolean): void {
    let start = this.position;
    this.#wanted = 0;
    try {
      while (step()) start = this.position;
    } catch (error) {
      if (error !== INSUFFICIENT) throw error;
      this.position = start;
      this.#wanted = 2 * (this.end - start);
    }
  }

  #append(piece: Uint8Array): void {
    const kept = this.end - this.position;
    if (kept > LONGEST) this.failAt('json-too-long', 'A record is longer than any annotation can be.', 0);
    const needed = kept + piece.length + 1;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
      larger.set(this.bytes.subarray(this.position, this.end));
      this.bytes = larger;
    } else this.bytes.copyWithin(0, this.position, this.end);
    this.bytes.set(piece, kept);
    this.#base += this.position;
    this.position = 0;
    this.end = kept + piece.length;
    this.bytes[this.end] = 0;
  }

  /** Offset in the file. */
  offset(position = this.position): number {
    return this.#base + position;
  }

  failAt(code: string, message: string, position = this.position): never {
    throw new BadInput(code, message, 'Write the file again, or get it again from its source.', {
      file: this.#file,
      byte: this.offset(position),
    });
  }

  /** The byte here cannot be: the bytes at hand end, or the file is not JSON. */
  fail(position = this.position): never {
    if (position < this.end) {
      this.failAt('json-invalid', `The file is not valid JSON at byte ${this.offset(position)}.`, position);
    }
    if (!this.#isComplete) throw INSUFFICIENT;
    this.failAt(
      'json-truncated',
      'The file ends in the middle: it was cut off or only half written.',
      position,
    );
  }

  /** Skips white space; the byte that follows, 0 where the bytes at hand end. */
  peekOrEnd(): number {
    const { bytes } = this;
    let at = this.position;
    let byte = bytes[at]!;
    while (byte === 32 || byte === 10 || byte === 13 || byte === 9) byte = bytes[++at]!;
    this.position = at;
    return byte;
  }

  /** Skips white space; the byte that follows. */
  peek(): number {
    const byte = this.peekOrEnd();
    if (byte === 0) this.fail();
    return byte;
  }

  expect(byte: number): void {
    if (this.peek() !== byte) this.fail();
    this.position++;
  }

  /** After an element: true for a comma, false for the closing byte. */
  hasNext(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) this.fail();
    this.position++;
    return byte === COMMA;
  }

  /** Skips a string that starts here; true where it holds escapes. */
  skipString(): boolean {
    const { bytes } = this;
    let at = this.position + 1;
    let isEscaped = false;
    for (;;) {
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte < 32) this.fail(at);
      if (byte === BACKSLASH) {
        isEscaped = true;
        at = this.#skipEscape(at + 1);
      } else at++;
    }
    this.position = at + 1;
    return isEscaped;
  }

  #skipEscape(at: number): number {
    const byte = this.bytes[at]!;
    if (byte === 117) {
      for (let digit = at + 1; digit <= at + 4; digit++) {
        const code = this.bytes[digit]! | 32;
        if (!isDigit(this.bytes[digit]!) && !(code >= 97 && code <= 102)) this.fail(digit);
      }
      return at + 5;
    }
    // " \ / b f n r t
    if (!(byte === 34 || byte === 92 || byte === 47 || byte === 98 || byte === 102)) {
      if (!(byte === 110 || byte === 114 || byte === 116)) this.fail(at);
    }
    return at + 1;
  }

  readString(): string {
    const start = this.position;
    const isEscaped = this.skipString();
    if (isEscaped) return JSON.parse(this.text(start, this.position)) as string;
    return this.text(start + 1, this.position - 1);
  }

  /** Text of the bytes [start, end). */
  text(start: number, end: number): string {
    const bytes = this.bytes.subarray(start, end);
    const text = decodeUtf8(bytes);
    if (text !== null) return text;
    this.sawOtherEncoding = true;
    return decodeWindows1252(bytes);
  }

  #literal(letters: readonly number[]): void {
    const start = this.position;
    for (const [index, letter] of letters.entries()) {
      if (this.bytes[start + index] !== letter) this.fail(start + index);
    }
    this.position = start + letters.length;
  }

  /** NaN, Infinity, or what follows a minus; the value. */
  #readLiteralNumber(isNegative: boolean): number {
    const byte = this.bytes[this.position]!;
    if (byte === NAN[0] && !isNegative) this.#literal(NAN);
    else if (byte === INFINITY[0]) this.#literal(INFINITY);
    else this.fail();
    this.sawLiteral = true;
    return byte === NAN[0] ? NaN : isNegative ? -Infinity : Infinity;
  }

  /** A number that starts here; NaN and the infinities for their literals (and infinities for what overflows). */
  readNumber(): number {
    const { bytes } = this;
    const start = this.position;
    let at = start;
    let byte = bytes[at]!;
    const isNegative = byte === MINUS;
    if (isNegative) byte = bytes[++at]!;
    if (!isDigit(byte)) {
      this.position = at;
      return this.#readLiteralNumber(isNegative);
    }
    // The first 15 significant digits, and those after them.
    let high = 0;
    let low = 0;
    let digits = 0;
    if (byte === ZERO) {
      byte = bytes[++at]!;
      if (isDigit(byte)) this.fail(at);
    } else {
      do {
        if (digits < HIGH_DIGITS) high = high * 10 + (byte - ZERO);
        else low = low * 10 + (byte - ZERO);
        digits++;
        byte = bytes[++at]!;
      } while (byte >= ZERO && byte <= NINE);
    }
    let exponent = 0;
    if (byte === POINT) {
      byte = bytes[++at]!;
      if (!isDigit(byte)) this.fail(at);
      const from = at;
      do {
        if (digits < HIGH_DIGITS) high = high * 10 + (byte - ZERO);
        else low = low * 10 + (byte - ZERO);
        if (digits > 0 || byte !== ZERO) digits++;
        byte = bytes[++at]!;
      } while (byte >= ZERO && byte <= NINE);
      exponent = from - at;
    }
    if (byte === 101 || byte === 69) {
      this.position = at;
      exponent += this.#readExponent();
      at = this.position;
    } else this.position = at;
    if (at >= this.end) this.fail(at);
    const value = decimalToDouble(high, low, digits > HIGH_DIGITS ? digits - HIGH_DIGITS : 0, exponent);
    if (value !== value) return Number(this.text(start, at));
    return isNegative ? -value : value;
  }

  #readExponent(): number {
    const { bytes } = this;
    let at = this.position + 1;
    let byte = bytes[at]!;
    const isNegative = byte === MINUS;
    if (isNegative || byte === 43) byte = bytes[++at]!;
    if (!isDigit(byte)) this.fail(at);
    let value = 0;
    do {
      if (value < 100_000) value = value * 10 + (byte - ZERO);
      byte = bytes[++at]!;
    } while (isDigit(byte));
    this.position = at;
    return isNegative ? -value : value;
  }

  /** Skips the value that starts here, of whatever kind, checking its grammar. */
  skipValue(depth = 0): void {
    const byte = this.peek();
    if (byte === QUOTE) this.skipString();
    else if (byte === OPEN_BRACE) this.#skipObject(depth);
    else if (byte === OPEN_BRACKET) this.#skipArray(depth);
    else if (byte === TRUE[0]) this.#literal(TRUE);
    else if (byte === FALSE[0]) this.#literal(FALSE);
    else if (byte === NULL[0]) this.#literal(NULL);
    else this.readNumber();
  }

  #enter(depth: number): void {
    if (depth >= DEEPEST_VALUES) {
      this.failAt('json-too-deep', `The file is nested more than ${DEEPEST_VALUES} levels deep.`);
    }
    this.position++;
  }

  #skipObject(depth: number): void {
    this.#enter(depth);
    if (this.peek() === CLOSE_BRACE) {
      this.position++;
      return;
    }
    do {
      if (this.peek() !== QUOTE) this.fail();
      this.skipString();
      this.expect(COLON);
      this.skipValue(depth + 1);
    } while (this.hasNext(CLOSE_BRACE));
  }

  #skipArray(depth: number): void {
    this.#enter(depth);
    if (this.peek() === CLOSE_BRACKET) {
      this.position++;
      return;
    }
    do this.skipValue(depth + 1);
    while (this.hasNext(CLOSE_BRACKET));
  }

  /** Skips the value that starts here; its JSON text, with null for literals that JSON does not know. */
  readText(): string {
    this.peek();
    const start = this.position;
    this.skipValue();
    const text = this.text(start, this.position);
    return this.sawLiteral ? withoutLiterals(text) : text;
  }

  /** As `readText`, and whether there were such literals. */
  readTextAndLiteral(): { readonly text: string; readonly hasLiteral: boolean } {
    this.sawLiteral = false;
    const text = this.readText();
    return { text, hasLiteral: this.sawLiteral };
  }
}

/** JSON text with null for NaN, Infinity and -Infinity outside of strings. */
function withoutLiterals(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/gs, (token) =>
    token.startsWith('"') ? token : 'null',
  );
}
