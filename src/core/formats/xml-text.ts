import { decodeText } from './text';

const DECLARED_ENCODING = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/** Text of an XML file by its mark or its declaration; Windows-1252 where it is not in that. */
export function decodeXml(bytes: Uint8Array): { readonly text: string; readonly isGuessed: boolean } {
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const { text, guessed } = decodeText(bytes, DECLARED_ENCODING.exec(head)?.[1] ?? null);
  return { text: text.replace(/^\ufeff/, ''), isGuessed: guessed };
}
