/** Ids that a double does not hold: whole numbers of more than 53 bits, as hashes are, stay apart as text of their digits. */
import type { RecordId } from '../../dataset/dataset';
import { CLOSE_BRACE, COLON, JsonScanner, OPEN_BRACE } from '../json/scanner';
import { encodeUtf8 } from '../text';

/** Whether other whole numbers may be read as this one. */
export const isBeyondExact = (id: number): boolean => Math.abs(id) > Number.MAX_SAFE_INTEGER;

/** The number, or its digits where it is a whole number beyond what a double tells from its neighbours. `text`: as written. */
export function exactId(id: number, text: string): RecordId {
  return isBeyondExact(id) && /^-?\d+$/.test(text) ? text : id;
}

/** A record with its id exact. `text`: the JSON object that it was parsed from. */
export function withExactId(
  record: Readonly<Record<string, unknown>>,
  text: string,
): Readonly<Record<string, unknown>> {
  const { id } = record;
  if (typeof id !== 'number' || !isBeyondExact(id)) return record;
  return { ...record, id: exactId(id, writtenId(text)) };
}

/** How the last member `id` of an object is written. */
function writtenId(text: string): string {
  let written = '';
  const scanner = new JsonScanner('');
  // Called again once all bytes are there, where the first piece of them was too short.
  const step = (): boolean => {
    if (written !== '') return false;
    scanner.expect(OPEN_BRACE);
    do {
      scanner.peek();
      const name = scanner.readString();
      scanner.expect(COLON);
      scanner.peek();
      const start = scanner.position;
      scanner.skipValue();
      if (name === 'id') written = scanner.text(start, scanner.position);
    } while (scanner.hasNext(CLOSE_BRACE));
    return false;
  };
  scanner.push(encodeUtf8(text), step);
  scanner.complete(step);
  return written;
}
