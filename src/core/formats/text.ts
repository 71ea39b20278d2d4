/**
 * Bytes to text and back. `TextDecoder` and `TextEncoder` are the WHATWG Encoding standard's and exist wherever this
 * code runs; the compiler's ES2023 library does not know them, so their shape is declared here.
 */
declare const TextDecoder: new (
  label?: string,
  options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Takes one byte order mark away. */
const unmarkedUtf8 = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

export interface DecodedText {
  /** Without a byte order mark. */
  readonly text: string;
  /** Label of the encoding that was used, lower case. */
  readonly encoding: string;
  /** The bytes are not what they should be (UTF-8, or the declared encoding) and were read as Windows-1252. */
  readonly guessed: boolean;
}

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text of UTF-8 bytes, or null where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Text of bytes under the named encoding, or null where the name is unknown or the bytes are not in it. */
function decodeAs(bytes: Uint8Array, label: string): string | null {
  try {
    // A decoder takes longer to make than a small file to decode.
    const decoder = label === 'utf-8' ? unmarkedUtf8 : new TextDecoder(label, { fatal: true });
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Windows-1252 gives every byte a character, so it never fails. */
export function decodeWindows1252(bytes: Uint8Array): string {
  return new TextDecoder('windows-1252').decode(bytes);
}

function byteOrderMark(bytes: Uint8Array): { encoding: string; length: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  // UTF-16 without a mark: text of these formats starts with an ASCII character.
  if (bytes.length >= 2 && bytes[0] === 0 && bytes[1] !== 0) return { encoding: 'utf-16be', length: 0 };
  if (bytes.length >= 2 && bytes[0] !== 0 && bytes[1] === 0) return { encoding: 'utf-16le', length: 0 };
  return null;
}

/**
 * Text of a whole small file: by its byte order mark, else by the `declared` encoding (any label of the WHATWG
 * Encoding standard: `gbk`, `iso-8859-1`, ...), else UTF-8, else Windows-1252 with `guessed`.
 */
export function decodeText(bytes: Uint8Array, declared: string | null = null): DecodedText {
  const mark = byteOrderMark(bytes);
  const body = mark ? bytes.subarray(mark.length) : bytes;
  const encoding = (mark?.encoding ?? declared ?? 'utf-8').toLowerCase();
  const text = decodeAs(body, encoding);
  if (text !== null) return { text, encoding, guessed: false };
  return { text: decodeWindows1252(body), encoding: 'windows-1252', guessed: true };
}
