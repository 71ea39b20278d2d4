/** Texts made from bytes of ASCII: of a folder of label files most come again and again, and are made once. */

/** Longer ones are names of files: each is another. */
const LONGEST_KEPT = 24;
const PLACES = 4096;

export class ShortTexts {
  readonly #kept = new Array<string>(PLACES).fill('');

  /** Text of the bytes from `from` up to `to`, which are all below 128. */
  of(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length === 0) return '';
    if (length > LONGEST_KEPT) return textOf(bytes, from, to);
    let hash = length;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const place = (hash ^ (hash >>> 12)) & (PLACES - 1);
    const kept = this.#kept[place]!;
    if (isText(kept, bytes, from, length)) return kept;
    return (this.#kept[place] = textOf(bytes, from, to));
  }
}

function isText(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));
