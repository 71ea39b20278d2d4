/** The start of a file as text, from which it is recognised. */
import type { FileHead } from './format';
import type { Source } from './source';
import { HEAD_LENGTH } from './source';
import { decodeText } from './text';

export async function headOf(source: Source, path: string): Promise<FileHead> {
  const bytes = await source.head(path);
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const isWhole = bytes.length < HEAD_LENGTH;
  return { path, bytes, text: textOfHead(isWhole ? bytes : even, isWhole), isWhole };
}

/** A head may end within a character. */
function textOfHead(bytes: Uint8Array, isWhole: boolean): string {
  let end = bytes.length;
  if (!isWhole) for (let back = 0; back < 3 && end > 0 && (bytes[end - 1]! & 0x80) !== 0; back++) end--;
  const { text } = decodeText(bytes.subarray(0, end));
  return withPlainLetters(text.replace(/^\ufeff/, ''));
}

/** JSON may write the letters of its members as `\u0069`; a file is recognised by their names. */
function withPlainLetters(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  return text.replace(/\\u00([2-7][0-9a-f])/gi, (escape, code: string) => {
    const letter = String.fromCharCode(Number.parseInt(code, 16));
    return /\w/.test(letter) ? letter : escape;
  });
}
