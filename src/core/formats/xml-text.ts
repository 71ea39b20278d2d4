import { decodeText } from './text';

const DECLARED_ENCODING = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/** `<?xml` */
const START = [0x3c, 0x3f, 0x78, 0x6d, 0x6c];

function declaredEncoding(bytes: Uint8Array): string | null {
  if (!START.every((code, at) => bytes[at] === code)) return null;
  return DECLARED_ENCODING.exec(String.fromCharCode(...bytes.subarray(0, 200)))?.[1] ?? null;
}

/** Text of an XML file by its mark or its declaration; Windows-1252 where it is not in that. */
export function decodeXml(bytes: Uint8Array): { readonly text: string; readonly isGuessed: boolean } {
  const { text, guessed } = decodeText(bytes, declaredEncoding(bytes));
  return { text: text.replace(/^\ufeff/, ''), isGuessed: guessed };
}
