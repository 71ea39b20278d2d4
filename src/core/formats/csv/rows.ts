/** Rows of a CSV file of any size, as RFC 4180 has them, from pieces of bytes. Lines end in LF, CRLF or CR. */
import { BadInput } from '../../foundation/bad-input';
import type { Progress } from '../../foundation/cancellation';
import { withoutSeparatorLine } from './columns';
import { noteOpenEnd } from '../line-ends';
import type { RecordReporter } from '../reading';
import type { Source } from '../source';
import { decodeText, decodeUtf8, decodeWindows1252 } from '../text';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A row longer than this (characters) is no row: a quote somewhere does not end. */
const LONGEST_ROW = 1 << 22;
const DELIMITERS = [',', ';', '\t'];

export type TakeRow = (fields: readonly string[], line: number) => void;

export interface CsvFacts {
  readonly delimiter: string;
  /** Fields are separated by something else than commas: numbers may have a decimal comma. */
  readonly hasDecimalComma: boolean;
  /** The text is not UTF-8 and was read as Windows-1252. */
  readonly isGuessed: boolean;
  /** The last line does not end. Known when all was read. */
  readonly isOpen: boolean;
}

/** Splits text that arrives in pieces; quoted fields may hold anything. */
export class CsvSplitter {
  readonly #delimiter: string;
  readonly #take: TakeRow;
  readonly #file: string;
  #rest = '';
  #line = 1;

  constructor(delimiter: string, file: string, take: TakeRow) {
    this.#delimiter = delimiter;
    this.#file = file;
    this.#take = take;
  }

  push(text: string): void {
    this.#split(this.#rest + text, false);
  }

  /** Throws `BadInput` where a quoted field does not end. */
  end(): void {
    this.#split(this.#rest, true);
  }

  #split(text: string, isEnd: boolean): void {
    let at = 0;
    while (at < text.length) {
      const next = this.#row(text, at, isEnd);
      if (next < 0) break;
      at = next;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > LONGEST_ROW || (isEnd && this.#rest !== '')) this.#failQuote();
  }

  #failQuote(): never {
    throw new BadInput(
      'csv-invalid',
      'A quoted field does not end.',
      'Write the file again, or mend the line.',
      { file: this.#file, line: this.#line },
    );
  }

  /** Place after the row that starts at `start`; -1 where it does not end in `text`. */
  #row(text: string, start: number, isEnd: boolean): number {
    const fields: string[] = [];
    const firstLine = this.#line;
    let lines = 0;
    let at = start;
    for (;;) {
      let value: string;
      if (text[at] === '"') {
        let from = at + 1;
        value = '';
        for (;;) {
          const quote = text.indexOf('"', from);
          if (quote < 0 || (quote + 1 === text.length && !isEnd)) return -1;
          value += text.slice(from, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          value += '"';
          from = at + 1;
        }
        lines += value.split('\n').length - 1;
        // What follows a closing quote belongs to the field, as spreadsheets read it.
        const tail = this.#fieldEnd(text, at);
        value += text.slice(at, tail);
        at = tail;
      } else {
        const end = this.#fieldEnd(text, at);
        value = text.slice(at, end);
        at = end;
      }
      fields.push(value);
      if (at >= text.length) {
        if (!isEnd) return -1;
        break;
      }
      if (text[at] === this.#delimiter) {
        at++;
        continue;
      }
      if (text[at] === '\r') {
        if (at + 1 >= text.length && !isEnd) return -1;
        at += text[at + 1] === '\n' ? 2 : 1;
      } else at++;
      break;
    }
    this.#line += lines + 1;
    if (fields.some((field) => field.trim() !== '')) this.#take(fields, firstLine);
    return at;
  }

  #fieldEnd(text: string, from: number): number {
    let at = from;
    const delimiter = this.#delimiter.charCodeAt(0);
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === delimiter || code === 10 || code === 13) break;
    }
    return at;
  }
}

/** The separator under which the first line has most fields. */
export function delimiterOf(text: string): string {
  // What stands in quotes says nothing of it.
  const [line = ''] = text.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n|\r/, 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/** Fields of the first row, as far as a head of the file holds it. */
export function firstRow(text: string): readonly string[] {
  let first: readonly string[] = [];
  const [line = ''] = text.split(/\r\n|\n|\r/, 1);
  const splitter = new CsvSplitter(delimiterOf(text), '', (fields) => (first = fields));
  try {
    splitter.push(`${line}\n`);
    splitter.end();
  } catch {
    // A quoted field with a line break: not the head of a table that is known here.
  }
  return first;
}

/** Feeds the rows of a file to `take`, those of white space alone left out. Lines count from 1. */
export async function readRows(
  source: Source,
  path: string,
  progress: Progress,
  take: (fields: readonly string[], line: number, facts: CsvFacts) => void,
): Promise<CsvFacts> {
  const file = source.nameOf(path);
  let splitter: CsvSplitter | null = null;
  let facts: CsvFacts = { delimiter: ',', hasDecimalComma: false, isGuessed: false, isOpen: false };
  let rest = new Uint8Array(0);
  const feed = (bytes: Uint8Array): void => {
    if (splitter === null) {
      const { text, encoding, guessed } = decodeText(bytes);
      const rows = withoutSeparatorLine(text);
      const delimiter = delimiterOf(rows);
      facts = { delimiter, hasDecimalComma: delimiter !== ',', isGuessed: guessed, isOpen: false };
      if (encoding.startsWith('utf-16'))
        throw new BadInput(
          'encoding-unknown',
          'The file is UTF-16 and too large to be read so.',
          'Save it as UTF-8.',
          { file },
        );
      const linesBefore = rows === text ? 0 : 1;
      splitter = new CsvSplitter(delimiter, file, (fields, line) => take(fields, line + linesBefore, facts));
      splitter.push(rows);
      return;
    }
    const text = decodeUtf8(bytes);
    if (text === null) facts = { ...facts, isGuessed: true };
    splitter.push(text ?? decodeWindows1252(bytes));
  };
  const head = await source.head(path);
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) || head.includes(0)) {
    const { text } = decodeText(await source.whole(path));
    const delimiter = delimiterOf(text);
    const isOpen = text !== '' && !/[\r\n]$/.test(text);
    facts = { delimiter, hasDecimalComma: delimiter !== ',', isGuessed: false, isOpen };
    const whole = new CsvSplitter(delimiter, file, (fields, line) => take(fields, line, facts));
    whole.push(text);
    whole.end();
    return facts;
  }
  for await (const piece of source.pieces(path, progress)) {
    const cut = piece.lastIndexOf(LINE_FEED) + 1;
    const bytes = new Uint8Array(rest.length + cut);
    if (cut === 0) {
      const longer = new Uint8Array(rest.length + piece.length);
      longer.set(rest);
      longer.set(piece, rest.length);
      rest = longer;
      if (rest.length > LONGEST_ROW * 4)
        throw new BadInput('csv-invalid', 'The file has no lines.', 'Check that it is a CSV.', { file });
      continue;
    }
    bytes.set(rest);
    bytes.set(piece.subarray(0, cut), rest.length);
    rest = piece.slice(cut);
    feed(bytes);
  }
  if (rest.length > 0) feed(rest);
  facts = { ...facts, isOpen: rest.length > 0 && rest.at(-1) !== CARRIAGE_RETURN };
  (splitter as CsvSplitter | null)?.end();
  return facts;
}

/** A number's text with a point, where decimal commas are possible. */
export const withPoint = (text: string, { hasDecimalComma }: CsvFacts): string =>
  hasDecimalComma ? text.replace(',', '.') : text;

/** Names that a writer made harmless for spreadsheets come back as they were. */
export const readName = (text: string): string => text.trim().replace(/^'(?='*[=+\-@\t\r])/, '');

/** What is to be said of a file as a whole. */
export function noteFacts(report: RecordReporter, { isGuessed, isOpen }: CsvFacts, file: string): void {
  if (isGuessed)
    report.note('text-not-utf8', 'warning', 'The file is not UTF-8; its text was read as Windows-1252.', {
      file,
    });
  if (isOpen) noteOpenEnd(report, file);
}
