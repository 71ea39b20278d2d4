/** `label_map.pbtxt`: the text form of `StringIntLabelMap { repeated item { name, id, display_name, ... } }`. */
import { BadInput } from '../../foundation/bad-input';
import type { LabelMapEntry } from '../given-ids';
import { decodeText } from '../text';

type Token = { readonly kind: 'word' | 'text' | 'mark'; readonly value: string; readonly line: number };

/** Messages within messages; a label map has two levels. */
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

function tokenise(text: string, file: string): Token[] {
  const pattern =
    /(#[^\n]*)|(\s+)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([{}<>:;,[\]])|([A-Za-z0-9_.+-]+)/gy;
  const tokens: Token[] = [];
  let line = 1;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) {
      throw new BadInput(
        'label-map-invalid',
        `The label map cannot be read at ${JSON.stringify(text.slice(at, at + 20))}.`,
        'Mend the line, or write the map again.',
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

class LabelMapParser {
  readonly #tokens: readonly Token[];
  readonly #file: string;
  #at = 0;

  constructor(tokens: readonly Token[], file: string) {
    this.#tokens = tokens;
    this.#file = file;
  }

  items(): Map<string, string>[] {
    const items: Map<string, string>[] = [];
    while (this.#at < this.#tokens.length) {
      const name = this.#take('word');
      this.#skip(':');
      const fields = this.#message();
      if (name.value === 'item') items.push(fields);
    }
    return items;
  }

  #fail(token: Token | undefined): never {
    throw new BadInput(
      'label-map-invalid',
      token ? `The label map has “${token.value}” where it cannot be.` : 'The label map ends in the middle.',
      'Mend it, or write the map again.',
      {
        file: this.#file,
        ...(token ? { line: token.line } : {}),
      },
    );
  }

  #take(kind: Token['kind'], value?: string): Token {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== kind || (value !== undefined && token.value !== value)) return this.#fail(token);
    return token;
  }

  #skip(value: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'mark' || token.value !== value) return false;
    this.#at++;
    return true;
  }

  /** Fields of `{ ... }` or `< ... >`; of a repeated field the first stays, messages within are skipped over. */
  #message(depth = 0): Map<string, string> {
    if (depth > DEEPEST) this.#fail(this.#tokens[this.#at]);
    const opening = this.#take('mark');
    const closing = { '{': '}', '<': '>' }[opening.value] ?? this.#fail(opening);
    const fields = new Map<string, string>();
    while (!this.#skip(closing)) {
      if (this.#skip(',') || this.#skip(';')) continue;
      const name = this.#take('word').value;
      this.#skip(':');
      const next = this.#tokens[this.#at];
      if (next?.kind === 'mark' && (next.value === '{' || next.value === '<')) this.#message(depth + 1);
      else {
        const value = this.#value();
        if (!fields.has(name)) fields.set(name, value);
      }
    }
    return fields;
  }

  /** A scalar; strings that stand beside each other are one; lists are skipped over. */
  #value(): string {
    if (this.#skip('[')) {
      while (!this.#skip(']')) {
        if (this.#at >= this.#tokens.length) this.#fail(undefined);
        this.#at++;
      }
      return '';
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined || token.kind === 'mark') return this.#fail(token);
    if (token.kind === 'word') return token.value;
    let text = token.value;
    while (this.#tokens[this.#at]?.kind === 'text') text += this.#tokens[this.#at++]!.value;
    return text;
  }
}

/** Entries in file order. Throws `BadInput` where it is not a label map. Of repeated ids the first stays. */
export function readLabelMap(text: string, file: string): LabelMapEntry[] {
  const entries: LabelMapEntry[] = [];
  for (const fields of new LabelMapParser(tokenise(text, file), file).items()) {
    const id = Number(fields.get('id') ?? NaN);
    const name = fields.get('name') ?? fields.get('display_name');
    if (!Number.isSafeInteger(id) || id < 0 || name === undefined) {
      throw new BadInput(
        'label-map-invalid',
        'An item of the label map has no name or no id of 0 or more.',
        'Mend the item.',
        { file },
      );
    }
    if (!entries.some((entry) => entry.id === id)) entries.push({ id, name });
  }
  if (entries.length === 0)
    throw new BadInput(
      'label-map-invalid',
      'The label map has no items.',
      'Check that it is a label_map.pbtxt.',
      { file },
    );
  return entries;
}
