/**
 * Elements of an XML document as programs write most of them, straight from its bytes: ASCII, elements, text, at most one
 * plain attribute. The general way (`xml-tree.ts`) takes many times as long. Whatever is unusual is left to it, and so is
 * whatever is wrong: of such a document nothing is said here but that it was not read.
 */

const MOST_ELEMENTS = 1 << 16;
/** Levels within one another. */
const DEEPEST = 16;

const [TAB, LINE_FEED, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20] as const;
const [LESS, SLASH, GREATER, EQUALS, QUOTE, QUESTION] = [0x3c, 0x2f, 0x3e, 0x3d, 0x22, 0x3f] as const;

/** What a byte can be part of. */
const [IN_TEXT, STARTS_NAME, IN_NAME, IN_VALUE] = [1, 2, 4, 8] as const;
const KINDS = kindsOfBytes();

function kindsOfBytes(): Uint8Array {
  const kinds = new Uint8Array(256);
  kinds[TAB] = IN_TEXT;
  for (let code: number = SPACE; code < 127; code++) {
    const letter = String.fromCharCode(code);
    // No entity, and not the `]]>` that text must not hold.
    kinds[code] =
      ('<&]'.includes(letter) ? 0 : IN_TEXT) |
      (/[A-Za-z_]/.test(letter) ? STARTS_NAME : 0) |
      (/[\w.-]/.test(letter) ? IN_NAME : 0) |
      (/[\w .,:/-]/.test(letter) ? IN_VALUE : 0);
  }
  return kinds;
}

/** Declarations that say what is so without one. */
const DECLARATIONS = ['', " encoding='utf-8'", " encoding='UTF-8'", " encoding='ascii'"]
  .flatMap((encoding) => [`<?xml version='1.0'${encoding}?>`, `<?xml version='1.0'${encoding} ?>`])
  .flatMap((text) => [text, text.replaceAll("'", '"')])
  .map(bytesOf);

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Names that mean something to a reader, numbered from 1 in their order; 0 is any other. */
export class ElementNames {
  readonly #names: readonly Uint8Array[];
  readonly #numbers = new Uint8Array(256);
  readonly #hashes = new Int32Array(256);

  constructor(names: readonly string[]) {
    this.#names = names.map(bytesOf);
    this.#names.forEach((name, index) => {
      const hash = hashOf(name, 0, name.length);
      let place = hash & 0xff;
      while (this.#numbers[place] !== 0) place = (place + 1) & 0xff;
      this.#hashes[place] = hash;
      this.#numbers[place] = index + 1;
    });
  }

  /** `hash`: of the bytes from `from` up to `to`. */
  numberOf(bytes: Uint8Array, from: number, to: number, hash: number): number {
    let place = hash & 0xff;
    while (this.#numbers[place] !== 0 && this.#hashes[place] !== hash) place = (place + 1) & 0xff;
    const number = this.#numbers[place]!;
    if (number === 0) return 0;
    const name = this.#names[number - 1]!;
    return name.length === to - from && startsWith(bytes, from, name) ? number : 0;
  }
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  return hash;
}

function startsWith(bytes: Uint8Array, from: number, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at++) if (bytes[from + at] !== start[at]) return false;
  return true;
}

/** What `read` found, in the order of the opening tags; it is written over by the next document. */
export class QuickXml {
  readonly name = new Uint8Array(MOST_ELEMENTS);
  /** 0 is the root. */
  readonly depth = new Uint8Array(MOST_ELEMENTS);
  /** Line of the opening tag, from 1. */
  readonly line = new Int32Array(MOST_ELEMENTS);
  /** Bytes of the text without the white space about it; -1 where the element holds elements. */
  readonly from = new Int32Array(MOST_ELEMENTS);
  readonly to = new Int32Array(MOST_ELEMENTS);
  readonly #names: ElementNames;
  readonly #open = new Int32Array(DEEPEST);
  readonly #nameFrom = new Int32Array(DEEPEST);
  readonly #nameTo = new Int32Array(DEEPEST);

  constructor(names: ElementNames) {
    this.#names = names;
  }

  /** How many elements the document has; 0 where it is not of the usual shape. */
  read(bytes: Uint8Array): number {
    const { length } = bytes;
    let at = 0;
    let line = 1;
    let depth = 0;
    let count = 0;
    if (bytes[1] === QUESTION) {
      const declaration = DECLARATIONS.find((start) => startsWith(bytes, 0, start));
      if (!declaration) return 0;
      at = declaration.length;
    }
    while (at < length) {
      const textFrom = at;
      for (; at < length; at++) {
        const byte = bytes[at]!;
        if ((KINDS[byte]! & IN_TEXT) !== 0) continue;
        if (byte === LINE_FEED) line++;
        // Other ends of lines are other text.
        else if (byte !== RETURN || bytes[at + 1] !== LINE_FEED) break;
      }
      if (depth === 0 && !isBlank(bytes, textFrom, at)) return 0;
      if (at === length) break;
      if (bytes[at++] !== LESS || (depth === 0 && count > 0)) return 0;
      if (bytes[at] === SLASH) {
        if (depth-- === 0) return 0;
        const end = this.#endOfName(bytes, at + 1, depth);
        if (end === 0 || bytes[end] !== GREATER) return 0;
        if (this.#open[depth] === count - 1) this.#setText(bytes, count - 1, textFrom, at - 1);
        at = end + 1;
        continue;
      }
      if (count === MOST_ELEMENTS || depth === DEEPEST || (KINDS[bytes[at] ?? 0]! & STARTS_NAME) === 0)
        return 0;
      const nameFrom = at;
      let hash = 0;
      for (; at < length && (KINDS[bytes[at]!]! & IN_NAME) !== 0; at++)
        hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
      this.name[count] = this.#names.numberOf(bytes, nameFrom, at, hash);
      this.depth[count] = depth;
      this.line[count] = line;
      this.from[count] = -1;
      this.#nameFrom[depth] = nameFrom;
      this.#nameTo[depth] = at;
      if (bytes[at] === SPACE && (at = endOfAttribute(bytes, at + 1)) === 0) return 0;
      if (bytes[at] === SLASH) this.from[count] = this.to[count] = at++;
      else this.#open[depth++] = count;
      if (bytes[at++] !== GREATER) return 0;
      count++;
    }
    return depth === 0 ? count : 0;
  }

  /** Where the end tag's name ends, if it is that of the element at `depth`; else 0. */
  #endOfName(bytes: Uint8Array, from: number, depth: number): number {
    const to = this.#nameTo[depth]!;
    let at = from;
    for (let name = this.#nameFrom[depth]!; name < to; name++) if (bytes[at++] !== bytes[name]) return 0;
    return at;
  }

  #setText(bytes: Uint8Array, element: number, from: number, to: number): void {
    let [start, end] = [from, to];
    while (start < end && bytes[start]! <= SPACE) start++;
    while (start < end && bytes[end - 1]! <= SPACE) end--;
    this.from[element] = start;
    this.to[element] = end;
  }
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! > SPACE) return false;
  return true;
}

/** Where an attribute of plain letters ends; 0 where it is another. */
function endOfAttribute(bytes: Uint8Array, from: number): number {
  let at = from;
  if ((KINDS[bytes[at] ?? 0]! & STARTS_NAME) === 0) return 0;
  while ((KINDS[bytes[at] ?? 0]! & IN_NAME) !== 0) at++;
  if (bytes[at] !== EQUALS || bytes[at + 1] !== QUOTE) return 0;
  at += 2;
  while ((KINDS[bytes[at] ?? 0]! & IN_VALUE) !== 0) at++;
  return bytes[at] === QUOTE ? at + 1 : 0;
}
