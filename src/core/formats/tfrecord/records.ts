/** Records of a TFRecord file, one in memory at a time. Both checksums of every record are checked. */
import { BadInput } from '../../foundation/bad-input';
import type { Progress } from '../../foundation/cancellation';
import type { Source } from '../source';
import { maskedCrc32c } from './crc32c';
import { FRAME_HEAD, FRAME_TAIL } from './frames';

/** A record longer than this is none: TensorFlow's own messages end at 2 GiB, and images are far smaller. */
export const LONGEST_RECORD = 1 << 30;

export interface RecordPlace {
  /** From 0. */
  readonly index: number;
  /** Offset of the record's data in the (uncompressed) file. */
  readonly byte: number;
}

class RecordSplitter {
  readonly #file: string;
  readonly #take: (data: Uint8Array, place: RecordPlace) => void;
  /** Bytes that did not make a whole record yet. */
  #kept: Uint8Array[] = [];
  #keptLength = 0;
  /** Bytes needed before the next try. */
  #needed = FRAME_HEAD;
  #offset = 0;
  #index = 0;

  constructor(file: string, take: (data: Uint8Array, place: RecordPlace) => void) {
    this.#file = file;
    this.#take = take;
  }

  push(piece: Uint8Array): void {
    if (this.#keptLength + piece.length < this.#needed) {
      this.#keep(piece);
      return;
    }
    let bytes = piece;
    if (this.#keptLength > 0) {
      bytes = new Uint8Array(this.#keptLength + piece.length);
      let at = 0;
      for (const part of this.#kept) {
        bytes.set(part, at);
        at += part.length;
      }
      bytes.set(piece, at);
      this.#kept = [];
      this.#keptLength = 0;
    }
    this.#keep(bytes.subarray(this.#split(bytes)));
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#kept.push(bytes.slice());
    this.#keptLength += bytes.length;
  }

  /** Takes all whole records; the answer is where the rest starts. */
  #split(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (;;) {
      this.#needed = FRAME_HEAD;
      if (at + FRAME_HEAD > bytes.length) break;
      if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes, at, at + 8))
        this.#fail(
          this.#index === 0
            ? 'The file is no TFRecord: the checksum of the first length does not fit.'
            : 'The length of a record does not fit its checksum.',
        );
      const length = Number(view.getBigUint64(at, true));
      if (length > LONGEST_RECORD) this.#fail('A record claims to be longer than 1 GiB.');
      const from = at + FRAME_HEAD;
      const end = from + length + FRAME_TAIL;
      if (end > bytes.length) {
        this.#needed = end - at;
        break;
      }
      if (view.getUint32(from + length, true) !== maskedCrc32c(bytes, from, from + length))
        this.#fail('A record does not fit its checksum.');
      this.#take(bytes.subarray(from, from + length), {
        index: this.#index++,
        byte: this.#offset + FRAME_HEAD,
      });
      this.#offset += end - at;
      at = end;
    }
    return at;
  }

  #fail(message: string): never {
    throw new BadInput('tfrecord-invalid', message, 'Get the file again, or write it again.', {
      file: this.#file,
      record: this.#index,
      byte: this.#offset,
    });
  }

  /** Throws `BadInput` where the file ends within a record. */
  end(): void {
    if (this.#keptLength > 0) this.#fail('The file ends in the middle of a record: it was cut off.');
  }
}

/** Feeds the records of a file to `take`; the data is valid during the call only. Throws `BadInput` where it is damaged. */
export async function readRecords(
  source: Source,
  path: string,
  progress: Progress,
  take: (data: Uint8Array, place: RecordPlace) => void,
): Promise<void> {
  const splitter = new RecordSplitter(source.nameOf(path), take);
  for await (const piece of source.pieces(path, progress)) splitter.push(piece);
  splitter.end();
}

const SHARD = /^(.*)-(\d{5})-of-(\d{5})$/;

/** Files of one set: shards together, in order. Throws `BadInput` where a shard is missing. */
export function shardSets(
  source: Source,
  paths: readonly string[],
): { readonly name: string; readonly paths: string[] }[] {
  const sets = new Map<string, string[]>();
  const counts = new Map<string, number>();
  for (const path of paths) {
    const [, name, , count] = SHARD.exec(path) ?? [];
    const key = name === undefined ? path : `${name}-of-${count}`;
    if (count !== undefined) counts.set(key, Number(count));
    sets.set(key, [...(sets.get(key) ?? []), path]);
  }
  return [...sets].map(([key, members]) => {
    const count = counts.get(key);
    members.sort();
    if (count !== undefined && members.length !== count && !source.isSingle)
      throw new BadInput(
        'shard-missing',
        `Of ${count} shards of ${key} only ${members.length} are there.`,
        'Put the missing ones beside them, or give one file alone.',
        { file: source.name },
      );
    return { name: key.replace(/-of-\d{5}$/, ''), paths: members };
  });
}
