/**
 * Lines of a folder of label files in columns. Files as nearly all are written (class and four plain numbers a line, none
 * twice) are read straight from their bytes; the others line by line (`label-lines.ts`), which also says what is wrong.
 */
import type { Box } from '../named-truth';
import type { SharesWitness } from '../conventions/witness';
import { boxOfNumbers } from '../conventions/read-box';
import type { ImageSize } from '../format';
import { GrowingFloat64, GrowingInt32 } from '../growing-columns';
import type { LineEnds } from '../line-ends';
import { quickNumber } from '../quick-number';
import type { RecordReporter } from '../reading';
import { decodeText } from '../text';
import type { LabelLine, LineRules } from './label-lines';
import { boxOfLine, labelLines, LARGEST_SHARE, witnessOf } from './label-lines';

/** Files of more lines are read line by line. */
const MOST_LINES = 1024;
const COLUMNS = 5;
const [LINE_FEED, RETURN, SPACE] = [0x0a, 0x0d, 0x20] as const;

/** Rows of a file. */
export interface RowRange {
  readonly firstRow: number;
  readonly rows: number;
}

export class LabelRows {
  readonly #rules: LineRules;
  readonly #line = new GrowingInt32();
  readonly #number = new GrowingFloat64();
  /** Four of each row; of rows that are kept as lines nothing. */
  readonly #values = new GrowingFloat64();
  readonly #lines = new Map<number, LabelLine>();
  readonly #texts = new RepeatedTexts();
  /** Of the file that is read. */
  readonly #found = new Float64Array(MOST_LINES * COLUMNS);

  constructor(rules: LineRules) {
    this.#rules = rules;
  }

  /** Throws `BadInput` where the file is none of numbers. */
  read(bytes: Uint8Array, file: string, ends: LineEnds, report: RecordReporter): RowRange {
    const firstRow = this.#line.length;
    const rows = this.#quickRows(bytes);
    if (rows > 0) {
      const last = bytes[bytes.length - 1];
      ends.addFile(file, last === LINE_FEED);
      for (let row = 0; row < rows; row++) this.#add(row + 1, this.#found, row * COLUMNS);
      return { firstRow, rows };
    }
    const { text } = decodeText(bytes);
    ends.add(text, file);
    const lines = labelLines(text, file, this.#rules, report);
    for (const line of lines) {
      this.#lines.set(this.#line.length, line);
      this.#add(line.line, [line.number, 0, 0, 0, 0], 0);
    }
    return { firstRow, rows: lines.length };
  }

  #add(line: number, columns: ArrayLike<number>, from: number): void {
    this.#line.push(line);
    this.#number.push(columns[from]!);
    for (let column = 1; column < COLUMNS; column++) this.#values.push(columns[from + column]!);
  }

  /** How many lines were found; 0 where the file is not of the usual shape. */
  #quickRows(bytes: Uint8Array): number {
    const found = this.#found;
    const { classes, convention } = this.#rules;
    const largest = convention.units === 'shares' ? LARGEST_SHARE : Infinity;
    this.#texts.clear();
    let rows = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (rows === MOST_LINES) return 0;
      const start = at;
      let hash = 0;
      for (let column = 0; column < COLUMNS; column++) {
        const from = at;
        for (; at < bytes.length && bytes[at]! > SPACE; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
        const value = quickNumber(bytes, from, at);
        if (!(column === 0 ? isClass(value, classes) : value <= largest)) return 0;
        found[rows * COLUMNS + column] = value;
        if (column < COLUMNS - 1 && bytes[at++] !== SPACE) return 0;
      }
      if (this.#texts.isKnown(hash, at - start)) return 0;
      rows++;
      while (bytes[at] === SPACE) at++;
      const isWindows = bytes[at] === RETURN;
      if (isWindows) at++;
      if (bytes[at] !== LINE_FEED && (isWindows || at < bytes.length)) return 0;
    }
    return rows;
  }

  lineOf(row: number): number {
    return this.#line.at(row);
  }

  /** Class, counted from 0. */
  numberOf(row: number): number {
    return this.#number.at(row);
  }

  /** The box of a row; null (and left out) where its numbers are no shares. */
  boxOf(row: number, size: ImageSize, file: string, report: RecordReporter): Box | null {
    const line = this.#lines.get(row);
    if (line) return boxOfLine(line, size, this.#rules, file, report);
    const values = this.#values;
    const at = row * 4;
    return boxOfNumbers(
      ...([values.at(at), values.at(at + 1), values.at(at + 2), values.at(at + 3)] as const),
      this.#rules.convention,
      size,
    );
  }

  /** What the lines say of their convention. */
  witness(): SharesWitness {
    const witness = witnessOf([[...this.#lines.values()]]);
    const values = this.#values.values;
    for (let row = 0, at = 0; row < this.#line.length; row++, at += 4)
      if (!this.#lines.has(row))
        witness.seeNumbers(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
    return witness;
  }
}

const isClass = (value: number, classes: number | null): boolean =>
  Number.isInteger(value) && value < (classes ?? Infinity);

/** Texts of one file by a number made of their bytes: two of one number are taken to be the same. */
class RepeatedTexts {
  /** Twice as many places as lines, so that few share one. */
  readonly #numbers = new Int32Array(2 * MOST_LINES);
  readonly #lengths = new Int32Array(2 * MOST_LINES);
  /** Files so far: what is of an earlier one is not there. */
  readonly #files = new Int32Array(2 * MOST_LINES);
  #file = 0;

  clear(): void {
    this.#file++;
  }

  isKnown(number: number, length: number): boolean {
    let place = (number ^ (number >>> 15)) & (this.#numbers.length - 1);
    while (this.#files[place] === this.#file) {
      if (this.#numbers[place] === number && this.#lengths[place] === length) return true;
      place = (place + 1) & (this.#numbers.length - 1);
    }
    this.#files[place] = this.#file;
    this.#numbers[place] = number;
    this.#lengths[place] = length;
    return false;
  }
}
