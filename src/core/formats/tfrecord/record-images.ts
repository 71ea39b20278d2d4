/** The encoded images within a TFRecord file, where they lie. */
import { normaliseFileName } from '../names';
import type { Source } from '../source';
import { KEYS } from './keys';
import { exampleOf, nameOfRecord } from './read-tfrecord';
import { readRecords } from './records';

export interface RecordImage {
  readonly name: string;
  /** First byte within the (inflated) file. */
  readonly offset: number;
  /** Valid during the call only. */
  readonly bytes: Uint8Array;
}

/**
 * Feeds the images of a file to `take`. `first`: number of its first record within its set of shards. Returns how many
 * records there were. Throws `BadInput` where the file is damaged or holds no Examples.
 */
export async function readRecordImages(
  source: Source,
  path: string,
  first: number,
  context: Parameters<typeof readRecords>[2],
  take: (image: RecordImage) => void,
): Promise<number> {
  let count = 0;
  await readRecords(source, path, context, (data, place) => {
    const example = exampleOf(data, source.nameOf(path), place);
    const encoded = example.get(KEYS.encoded);
    const name = normaliseFileName(nameOfRecord(example, first + count++));
    const [bytes] = encoded?.kind === 'bytes' ? encoded.values : [];
    if (!bytes || bytes.length === 0) return;
    take({ name, offset: place.byte + bytes.byteOffset - data.byteOffset, bytes });
  });
  return count;
}
