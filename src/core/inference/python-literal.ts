/** Python literals as tools write them into a model's metadata: `{0: 'RBC', 1: "it's"}`, `[640, 640]`, `True`, `None`. */

export type PythonValue =
  null | boolean | number | string | readonly PythonValue[] | ReadonlyMap<PythonValue, PythonValue>;

/** Lists within lists; metadata has two or three levels. */
const DEEPEST = 32;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

class LiteralParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): PythonValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new SyntaxError('more follows');
    return value;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #skip(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#skip(mark)) throw new SyntaxError(`no ${mark}`);
  }

  #value(depth: number): PythonValue {
    if (depth > DEEPEST) throw new SyntaxError('too deep');
    this.#space();
    const mark = this.#text[this.#at];
    if (mark === '{') return this.#mapping(depth);
    if (mark === '[' || mark === '(') return this.#list(mark === '[' ? ']' : ')', depth);
    if (mark === "'" || mark === '"') return this.#string();
    return this.#word();
  }

  #mapping(depth: number): ReadonlyMap<PythonValue, PythonValue> {
    const entries = new Map<PythonValue, PythonValue>();
    this.#at++;
    while (!this.#skip('}')) {
      const key = this.#value(depth + 1);
      this.#expect(':');
      entries.set(key, this.#value(depth + 1));
      if (this.#skip(',')) continue;
      this.#expect('}');
      break;
    }
    return entries;
  }

  #list(closing: string, depth: number): readonly PythonValue[] {
    const items: PythonValue[] = [];
    this.#at++;
    while (!this.#skip(closing)) {
      items.push(this.#value(depth + 1));
      if (this.#skip(',')) continue;
      this.#expect(closing);
      break;
    }
    return items;
  }

  #string(): string {
    const quote = this.#text[this.#at++]!;
    let text = '';
    for (;;) {
      const mark = this.#text[this.#at++];
      if (mark === undefined) throw new SyntaxError('a string does not end');
      if (mark === quote) return text;
      text += mark === '\\' ? this.#escape() : mark;
    }
  }

  #escape(): string {
    const code = this.#text[this.#at++] ?? '';
    const digits = { x: 2, u: 4, U: 8 }[code];
    if (digits === undefined) return ESCAPES[code] ?? code;
    const point = parseInt(this.#text.slice(this.#at, (this.#at += digits)), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  }

  #word(): PythonValue {
    const word = /^[-+.\w]+/.exec(this.#text.slice(this.#at, this.#at + 400))?.[0];
    if (word === undefined) throw new SyntaxError('no value');
    this.#at += word.length;
    if (word === 'None' || word === 'null') return null;
    if (word === 'True' || word === 'true') return true;
    if (word === 'False' || word === 'false') return false;
    const number = Number(word);
    if (Number.isNaN(number)) throw new SyntaxError('no number');
    return number;
  }
}

/** The value, JSON's included; undefined where the text is no literal. */
export function readPythonLiteral(text: string): PythonValue | undefined {
  try {
    return new LiteralParser(text).whole();
  } catch {
    return undefined;
  }
}
