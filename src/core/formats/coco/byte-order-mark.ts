import type { JsonScanner } from '../json/scanner';

/** At the start of a file: passes over UTF-8's byte order mark, and refuses UTF-16 by its name. */
export function passByteOrderMark(scanner: JsonScanner): void {
  if (scanner.offset() !== 0) return;
  const { bytes, end } = scanner;
  const [first, second, third] = bytes;
  if (first === 0xef) {
    if (end < 3) scanner.fail(end);
    if (second === 0xbb && third === 0xbf) scanner.position = 3;
    return;
  }
  if (end < 2) return;
  const isWide =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0;
  if (isWide) scanner.failAt('json-encoding', 'The file is UTF-16; JSON has to be UTF-8.');
}
