/** Members that results and annotations share, read straight from the bytes. */
import type { RecordId } from '../../dataset/dataset';
import type { BoxProblem } from '../box-checks';
import type { Box } from '../named-truth';
import type { JsonScanner } from '../json/scanner';
import { CLOSE_BRACKET, NINE, OPEN_BRACKET, QUOTE, ZERO } from '../json/scanner';
import { exactId, isBeyondExact } from './exact-id';

const MINUS = 45;
const BIG_N = 78;
const BIG_I = 73;
/** Of `null`. */
const SMALL_N = 110;

export class RecordFields {
  readonly #scanner: JsonScanner;
  /** Numbers in the record's `bbox`; -1 where it is none, or not only numbers. */
  #numbers = -1;
  #hasBox = false;
  x = 0;
  y = 0;
  width = 0;
  height = 0;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  /** Before each record. */
  clear(): void {
    this.#numbers = -1;
    this.#hasBox = false;
  }

  #isNumber(): boolean {
    const byte = this.#scanner.peek();
    return (byte >= ZERO && byte <= NINE) || byte === MINUS || byte === BIG_N || byte === BIG_I;
  }

  /** A number (NaN and infinities too), or null where the value is something else. */
  readNumber(): number | null {
    if (this.#isNumber()) return this.#scanner.readNumber();
    this.#scanner.skipValue();
    return null;
  }

  /** An id: a finite number (text of its digits where a double is not exact), or text that is not empty; else null. */
  readId(): RecordId | null {
    const scanner = this.#scanner;
    if (scanner.peek() === QUOTE) {
      const text = scanner.readString();
      return text === '' ? null : text;
    }
    const start = scanner.position;
    const id = this.readNumber();
    if (id === null || !Number.isFinite(id)) return null;
    return isBeyondExact(id) ? exactId(id, scanner.text(start, scanner.position)) : id;
  }

  readBox(): void {
    const scanner = this.#scanner;
    this.#numbers = -1;
    if (scanner.peek() !== OPEN_BRACKET) {
      this.#hasBox = scanner.bytes[scanner.position] !== SMALL_N;
      scanner.skipValue();
      return;
    }
    scanner.position++;
    let count = 0;
    let areNumbers = true;
    if (scanner.peek() === CLOSE_BRACKET) scanner.position++;
    else {
      do {
        if (this.#isNumber()) this.#set(count, scanner.readNumber());
        else {
          areNumbers = false;
          scanner.skipValue();
        }
        count++;
      } while (scanner.hasNext(CLOSE_BRACKET));
    }
    this.#hasBox = count > 0;
    if (areNumbers) this.#numbers = count;
  }

  #set(place: number, value: number): void {
    if (place === 0) this.x = value;
    else if (place === 1) this.y = value;
    else if (place === 2) this.width = value;
    else if (place === 3) this.height = value;
  }

  /** The record has a `bbox` that is not empty, whatever it holds. */
  get hasBox(): boolean {
    return this.#hasBox;
  }

  setBox([x, y, width, height]: Box): void {
    Object.assign(this, { x, y, width, height });
    this.#numbers = 4;
  }

  /** Why the record's box cannot be used; null where it can. */
  boxProblem(): BoxProblem | null {
    if (this.#numbers !== 4)
      return { code: 'box-invalid', message: 'A record has no box of four numbers and was left out.' };
    const { x, y, width, height } = this;
    if (!(Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(width) && Number.isFinite(height)))
      return {
        code: 'box-not-finite',
        message: 'A box holds something that is not a finite number; the record was left out.',
      };
    if (width < 0 || height < 0)
      return {
        code: 'box-negative',
        message: 'A box has a negative width or height; the record was left out.',
      };
    return null;
  }
}
