/** Names of members, recognised from their bytes. */
import type { JsonScanner } from './scanner';
import { COLON, QUOTE } from './scanner';

export class JsonKeys {
  readonly #names: readonly string[];
  readonly #bytes: readonly (readonly number[])[];

  /** `names`: ASCII. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#bytes = names.map((name) => Array.from({ length: name.length }, (_, at) => name.charCodeAt(at)));
  }

  /** Reads `"name":` that starts here; its index among the names, or -1. */
  read(scanner: JsonScanner): number {
    if (scanner.peek() !== QUOTE) scanner.fail();
    const start = scanner.position;
    const isEscaped = scanner.skipString();
    const key = isEscaped
      ? this.#names.indexOf(JSON.parse(scanner.text(start, scanner.position)) as string)
      : this.#find(scanner.bytes, start + 1, scanner.position - 1);
    scanner.expect(COLON);
    return key;
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    for (let key = 0; key < this.#bytes.length; key++) {
      const name = this.#bytes[key]!;
      if (name.length !== length) continue;
      let at = 0;
      while (at < length && bytes[start + at] === name[at]) at++;
      if (at === length) return key;
    }
    return -1;
  }
}
