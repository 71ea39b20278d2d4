/**
 * Splits a JSON document into records while its bytes arrive, so that no text and no tree of the whole file is ever held:
 * files over 512 MB read as small ones do. The records themselves go through `JSON.parse`, in batches, and are what it
 * says they are. The literals NaN and Infinity, which Python writes and JSON does not know, cost only their record.
 */
import { BadInput } from '../../foundation/bad-input';
import { decodeUtf8, decodeWindows1252 } from '../text';

/** Nesting deeper than this is no annotation file. */
const DEEPEST = 200;
/** Bytes of records parsed at once. */
const BATCH_BYTES = 1 << 22;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;
const COLON = 58;

export interface RecordSink {
  /** Arrays of records wanted, by member name of the top-level object; `null` is the top level itself. */
  readonly wanted: ReadonlySet<string | null>;
  /** A parsed record; `index` from 0 within its array. `undefined`: it holds NaN or Infinity, or bytes that are no text. */
  record(member: string | null, value: unknown, index: number): void;
  /** JSON text of every other member of the top-level object. */
  member?(name: string, text: string): void;
}

const isSpace = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9;

export class JsonRecordSplitter {
  readonly #sink: RecordSink;
  readonly #file: string;
  #buffer: Uint8Array = new Uint8Array(0);
  /** Offset of the buffer's first byte in the file. */
  #base = 0;
  #position = 0;
  #top: 'unknown' | 'array' | 'object' | 'lines' | 'ended' = 'unknown';
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Start of what is being read at the level of records or members; -1 for none. Buffer offset. */
  #start = -1;
  #batchStart = -1;
  #batchEnd = -1;
  #batchCount = 0;
  #index = 0;
  /** Name of the member being read, and the level at which its records stand (0: it is kept as text). */
  #member: string | null = null;
  #recordDepth = 0;
  #afterColon = false;

  constructor(file: string, sink: RecordSink) {
    this.#file = file;
    this.#sink = sink;
  }

  /** Takes the next bytes. They are copied where they are still needed afterwards. */
  push(chunk: Uint8Array): void {
    const keepFrom =
      this.#batchStart >= 0 ? this.#batchStart : this.#start >= 0 ? this.#start : this.#position;
    const kept = this.#buffer.subarray(keepFrom);
    const joined = new Uint8Array(kept.length + chunk.length);
    joined.set(kept);
    joined.set(chunk, kept.length);
    this.#base += keepFrom;
    this.#position -= keepFrom;
    if (this.#start >= 0) this.#start -= keepFrom;
    if (this.#batchStart >= 0) {
      this.#batchStart -= keepFrom;
      this.#batchEnd -= keepFrom;
    }
    this.#buffer = joined;
    this.#scan();
  }

  /** Throws `BadInput` where the document is not complete. */
  end(): void {
    if (this.#top === 'unknown') throw this.#bad('json-empty', 'The file holds nothing.');
    if (this.#top === 'lines' && this.#depth === 0) this.#flush();
    else if (this.#top !== 'ended')
      throw this.#bad('json-truncated', 'The file ends in the middle: it was cut off or only half written.');
  }

  #bad(code: string, message: string, at = this.#position): BadInput {
    return new BadInput(code, message, 'Write the file again, or get it again from its source.', {
      file: this.#file,
      byte: this.#base + at,
    });
  }

  #scan(): void {
    const buffer = this.#buffer;
    const length = buffer.length;
    let p = this.#position;
    while (p < length) {
      const c = buffer[p]!;
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (c === BACKSLASH) this.#isEscaped = true;
        else if (c === QUOTE) {
          this.#isInString = false;
          if (this.#depth === 1 && this.#top === 'object' && !this.#afterColon) this.#endKey(p + 1);
        }
        p++;
        continue;
      }
      this.#position = p;
      if (c === QUOTE) this.#openString(p);
      else if (c === OPEN_BRACE || c === OPEN_BRACKET) this.#open(c, p);
      else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) this.#close(c, p);
      else if (c === COLON && this.#depth === 1 && this.#top === 'object') this.#afterColon = true;
      else if (c === COMMA && this.#depth === 1 && this.#top === 'object') this.#endMember(p);
      else if (!isSpace(c)) this.#scalar(c, p);
      p++;
    }
    this.#position = p;
  }

  #openString(p: number): void {
    if (this.#depth === this.#recordDepth && this.#recordDepth > 0 && this.#start < 0)
      throw this.#notRecords(p);
    if (this.#depth === 0) throw this.#bad('json-invalid', 'The file is not a JSON object or array.', p);
    if (this.#depth === 1 && this.#top === 'object' && this.#start < 0) this.#start = p;
    this.#isInString = true;
  }

  #scalar(c: number, p: number): void {
    if (this.#depth === 0) {
      if (p === 0 && this.#base === 0 && c === 0xef) return; // a byte order mark, three bytes
      if (this.#base + p < 3 && (c === 0xbb || c === 0xbf)) return;
      throw this.#bad(
        'json-invalid',
        this.#top === 'ended' ? 'Something follows the end of the JSON document.' : 'The file is not JSON.',
        p,
      );
    }
    if (this.#depth === this.#recordDepth && c !== COMMA && this.#start < 0) throw this.#notRecords(p);
    if (this.#depth === 1 && this.#top === 'object' && this.#afterColon && this.#start < 0 && c !== COMMA)
      this.#start = p;
  }

  #notRecords(p: number): BadInput {
    return this.#bad(
      'json-not-records',
      `${this.#member ?? 'The list'} holds something that is not a record.`,
      p,
    );
  }

  #open(c: number, p: number): void {
    if (this.#depth === 0) {
      this.#openTop(c, p);
      return;
    }
    const isMemberValue = this.#depth === 1 && this.#top === 'object';
    if (isMemberValue && !this.#afterColon) throw this.#bad('json-invalid', 'A member has no name.', p);
    if (isMemberValue && c === OPEN_BRACKET && this.#sink.wanted.has(this.#member)) {
      this.#recordDepth = 2;
      this.#index = 0;
    } else if (isMemberValue || (this.#depth === this.#recordDepth && this.#start < 0)) {
      if (this.#depth === this.#recordDepth && c !== OPEN_BRACE) throw this.#notRecords(p);
      if (this.#start < 0) this.#start = p;
    }
    this.#depth++;
    if (this.#depth > DEEPEST)
      throw this.#bad('json-too-deep', `The file is nested more than ${DEEPEST} levels deep.`, p);
  }

  #openTop(c: number, p: number): void {
    if (this.#top === 'ended')
      throw this.#bad('json-invalid', 'Something follows the end of the JSON document.', p);
    if (
      this.#top === 'unknown' &&
      c === OPEN_BRACE &&
      this.#sink.wanted.has(null) &&
      this.#sink.wanted.size === 1
    )
      this.#top = 'lines';
    if (this.#top === 'lines') {
      if (c !== OPEN_BRACE) throw this.#bad('json-invalid', 'A line holds no record.', p);
      this.#start = p;
    } else {
      this.#top = c === OPEN_BRACE ? 'object' : 'array';
      if (this.#top === 'array') {
        if (!this.#sink.wanted.has(null))
          throw this.#bad('json-not-records', 'The file holds a list where an object was expected.', p);
        this.#recordDepth = 1;
      }
    }
    this.#depth = 1;
  }

  #close(c: number, p: number): void {
    this.#depth--;
    if (this.#depth < 0) throw this.#bad('json-invalid', 'A bracket closes that never opened.', p);
    if (this.#depth === 0) this.#closeTop(c, p);
    else if (this.#depth === this.#recordDepth && this.#start >= 0) this.#endRecord(p + 1);
    else if (this.#recordDepth === 2 && this.#depth === 1) {
      this.#flush();
      this.#recordDepth = 0;
      this.#start = -1;
      this.#member = null;
    }
  }

  #closeTop(c: number, p: number): void {
    if (this.#top === 'lines') {
      this.#endRecord(p + 1);
      this.#flush();
      return;
    }
    if ((c === CLOSE_BRACE) !== (this.#top === 'object'))
      throw this.#bad('json-invalid', 'Brackets do not match.', p);
    if (this.#top === 'array') this.#flush();
    else this.#endMember(p);
    this.#top = 'ended';
  }

  #endKey(end: number): void {
    this.#member = JSON.parse(this.#text(this.#start, end)) as string;
    this.#start = -1;
  }

  #endMember(end: number): void {
    if (this.#afterColon && this.#start >= 0 && this.#member !== null) {
      const text = this.#text(this.#start, end).trim();
      if (this.#sink.wanted.has(this.#member))
        throw this.#bad('json-not-records', `“${this.#member}” is not a list.`, this.#start);
      this.#sink.member?.(this.#member, text);
    }
    this.#start = -1;
    this.#member = null;
    this.#afterColon = false;
  }

  #endRecord(end: number): void {
    if (this.#batchStart < 0) this.#batchStart = this.#start;
    this.#batchEnd = end;
    this.#batchCount++;
    this.#start = -1;
    if (end - this.#batchStart > BATCH_BYTES) this.#flush();
  }

  #text(start: number, end: number): string {
    const bytes = this.#buffer.subarray(start, end);
    return decodeUtf8(bytes) ?? decodeWindows1252(bytes);
  }

  #flush(): void {
    if (this.#batchCount === 0) return;
    const text = this.#text(this.#batchStart, this.#batchEnd);
    for (const value of this.#parseBatch(text)) {
      this.#sink.record(this.#member, value, this.#index);
      this.#index++;
    }
    this.#batchStart = -1;
    this.#batchEnd = -1;
    this.#batchCount = 0;
  }

  /** One value a record; `undefined` for one with a literal that JSON does not know. */
  #parseBatch(text: string): unknown[] {
    try {
      return JSON.parse(`[${text}]`) as unknown[];
    } catch {
      const lenient = parseWithoutNumbers(text);
      if (lenient?.length === this.#batchCount) return lenient;
      throw this.#bad('json-invalid', 'The file is not valid JSON.', this.#batchStart);
    }
  }
}

/** Marks a literal that is no number; a record that holds it anywhere is given as `undefined`. */
const MARK = '\u0000not-a-number';

function holdsMark(value: unknown): boolean {
  if (value === MARK) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsMark);
}

function parseWithoutNumbers(text: string): unknown[] | null {
  const replaced = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs, (token) =>
    token.startsWith('"') ? token : JSON.stringify(MARK),
  );
  try {
    return (JSON.parse(`[${replaced}]`) as unknown[]).map((value) => (holdsMark(value) ? undefined : value));
  } catch {
    return null;
  }
}
