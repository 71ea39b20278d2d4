/**
 * Protocol buffers' text form, without a schema: names, values and messages as they stand, each with its line.
 * Grammar: https://protobuf.dev/reference/protobuf/textformat-spec/; extensions and `Any` in brackets are skipped over.
 */
import { BadInput } from '../../foundation/bad-input';
import { decodeText } from '../text';

/** A message as it is written: fields in order, repeated ones each for itself. */
export interface TextMessage {
  readonly fields: readonly TextField[];
  /** Line of its opening, from 1. */
  readonly line: number;
}

export interface TextField {
  readonly name: string;
  readonly value: TextValue;
  readonly line: number;
}

/** Text is a quoted string; a word is a number, a truth value or a name of an enumeration. */
export type TextValue =
  | { readonly kind: 'text' | 'word'; readonly value: string }
  | { readonly kind: 'message'; readonly value: TextMessage };

type Token = { readonly kind: 'word' | 'text' | 'mark'; readonly value: string; readonly line: number };

/** What a file is called in messages, and the code of its faults. */
export interface TextSource {
  readonly file: string;
  /** As in: the label map ends in the middle. */
  readonly noun: string;
  readonly code: string;
}

/** Messages within messages. */
const DEEPEST = 100;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Numeric escapes are bytes of UTF-8: protobuf's own writer puts everything beyond ASCII so (`\303\251` is é). */
function unescape(text: string): string {
  const withBytes = /(?:\\(?:[xX][0-9A-Fa-f]{1,2}|[0-7]{1,3}))+|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\./gs;
  return text.replace(withBytes, (escape) => {
    const code = escape[1]!;
    if (/[xX0-7]/.test(code)) return decodeText(bytesOfEscapes(escape)).text;
    if ((code === 'u' || code === 'U') && escape.length > 2) {
      const point = parseInt(escape.slice(2), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    return ESCAPES[code] ?? code;
  });
}

const bytesOfEscapes = (escapes: string): Uint8Array =>
  Uint8Array.from(escapes.split('\\').slice(1), (code) =>
    /^[xX]/.test(code) ? parseInt(code.slice(1), 16) : parseInt(code, 8),
  );

function tokenise(text: string, { file, noun, code }: TextSource): Token[] {
  const pattern =
    /(#[^\n]*)|(\s+)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([{}<>:;,[\]])|([A-Za-z0-9_.+-]+)/gy;
  const tokens: Token[] = [];
  let line = 1;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) {
      throw new BadInput(
        code,
        `The ${noun} cannot be read at ${JSON.stringify(text.slice(at, at + 20))}.`,
        'Mend the line, or write the file again.',
        { file, line },
      );
    }
    const [whole, , , quoted, mark, word] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: unescape(quoted.slice(1, -1)), line });
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark, line });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word, line });
    line += whole.split('\n').length - 1;
  }
  return tokens;
}

class TextParser {
  readonly #tokens: readonly Token[];
  readonly #source: TextSource;
  #at = 0;

  constructor(text: string, source: TextSource) {
    this.#tokens = tokenise(text, source);
    this.#source = source;
  }

  whole(): TextMessage {
    const fields: TextField[] = [];
    while (this.#at < this.#tokens.length) this.#field(fields, 0);
    return { fields, line: 1 };
  }

  #fail(token: Token | undefined): never {
    const { file, noun, code } = this.#source;
    throw new BadInput(
      code,
      token ? `The ${noun} has “${token.value}” where it cannot be.` : `The ${noun} ends in the middle.`,
      'Mend it, or write the file again.',
      { file, ...(token ? { line: token.line } : {}) },
    );
  }

  #take(kind: Token['kind']): Token {
    const token = this.#tokens[this.#at++];
    return token?.kind === kind ? token : this.#fail(token);
  }

  #isNext(value: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'mark' && token.value === value;
  }

  #skip(value: string): boolean {
    const isThere = this.#isNext(value);
    if (isThere) this.#at++;
    return isThere;
  }

  /** `name: value`, `name { ... }`, `name: [value, ...]`; one field for each value. */
  #field(into: TextField[], depth: number): void {
    if (this.#skip(',') || this.#skip(';')) return;
    const isExtension = this.#skip('[');
    if (isExtension) this.#passList();
    const { value: name, line } = isExtension ? { value: '', line: 0 } : this.#take('word');
    const hasColon = this.#skip(':');
    const values: TextValue[] = [];
    if (hasColon && this.#skip('[')) {
      while (!this.#skip(']')) {
        if (this.#skip(',')) continue;
        values.push(this.#value(depth));
      }
    } else values.push(this.#value(depth));
    if (!isExtension) for (const value of values) into.push({ name, value, line });
  }

  #passList(): void {
    while (!this.#skip(']')) if (this.#tokens[this.#at++] === undefined) this.#fail(undefined);
  }

  #value(depth: number): TextValue {
    if (this.#isNext('{') || this.#isNext('<')) return { kind: 'message', value: this.#message(depth + 1) };
    const token = this.#tokens[this.#at++];
    if (token === undefined || token.kind === 'mark') return this.#fail(token);
    if (token.kind === 'word') return { kind: 'word', value: token.value };
    // Strings that stand beside each other are one.
    let value = token.value;
    while (this.#tokens[this.#at]?.kind === 'text') value += this.#tokens[this.#at++]!.value;
    return { kind: 'text', value };
  }

  #message(depth: number): TextMessage {
    const opening = this.#take('mark');
    if (depth > DEEPEST) this.#fail(opening);
    const closing = opening.value === '{' ? '}' : '>';
    const fields: TextField[] = [];
    while (!this.#skip(closing)) {
      if (this.#at >= this.#tokens.length) this.#fail(undefined);
      this.#field(fields, depth);
    }
    return { fields, line: opening.line };
  }
}

/** Reads a whole file as one message. Throws `BadInput` with the line where it is not of this form. */
export function readTextMessage(text: string, source: TextSource): TextMessage {
  return new TextParser(text, source).whole();
}

/** The first scalar of that name, as it is written; undefined where there is none. */
export function scalarOf({ fields }: TextMessage, name: string): string | undefined {
  for (const field of fields)
    if (field.name === name && field.value.kind !== 'message') return field.value.value;
  return undefined;
}

/** All messages of that name, in order. */
export function messagesOf({ fields }: TextMessage, name: string): TextMessage[] {
  return fields.flatMap((field) =>
    field.name === name && field.value.kind === 'message' ? [field.value.value] : [],
  );
}

/** The first message along a path of names; undefined where the path ends. */
export function messageAt(message: TextMessage, ...path: readonly string[]): TextMessage | undefined {
  let at: TextMessage | undefined = message;
  for (const name of path) at = at && messagesOf(at, name)[0];
  return at;
}
