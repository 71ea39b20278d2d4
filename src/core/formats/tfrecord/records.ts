/** Records of a TFRecord file, one in memory at a time. Both checksums of every record are checked. */
import { BadInput } from '../../foundation/bad-input';
import type { Progress } from '../../foundation/cancellation';
import type { Source } from '../source';
import type { Checksum } from './crc32c';
import { crc32c, maskedCrc32c } from './crc32c';
import { FRAME_HEAD, FRAME_TAIL } from './frames';

/** A record longer than this is none: TensorFlow's own messages end at 2 GiB, and images are far smaller. */
export const LONGEST_RECORD = 1 << 30;

export interface RecordPlace {
  /** From 0. */
  readonly index: number;
  /** Offset of the record's data in the (uncompressed) file. */
  readonly byte: number;
}

/** Shorter records are not worth the way into a kernel. */
const WORTH_KERNEL = 4096;

class RecordSplitter {
  readonly #file: string;
  readonly #take: (data: Uint8Array, place: RecordPlace) => void;
  readonly #checksum: Checksum;
  /** The start of a record that goes on in the next piece; `#known` bytes of it are there. */
  #begun = new Uint8Array(1024);
  #known = 0;
  #offset = 0;
  #index = 0;

  constructor(file: string, checksum: Checksum, take: (data: Uint8Array, place: RecordPlace) => void) {
    this.#file = file;
    this.#checksum = checksum;
    this.#take = take;
  }

  push(piece: Uint8Array): void {
    let at = this.#known > 0 ? this.#finish(piece) : 0;
    while (at < piece.length) {
      const length = this.#lengthAt(piece, at);
      if (at + length > piece.length) break;
      this.#record(piece, at, at + length);
      at += length;
    }
    this.#keep(piece.subarray(at), piece.length - at);
  }

  /** Takes as much of the piece as the record that was begun needs, twice: to its length, then to its end. */
  #finish(piece: Uint8Array): number {
    let at = 0;
    for (;;) {
      const length = this.#lengthAt(this.#begun.subarray(0, this.#known), 0);
      const missing = Math.min(length - this.#known, piece.length - at);
      this.#keep(piece.subarray(at, at + missing), length);
      at += missing;
      if (this.#known < length) return at;
      if (length === FRAME_HEAD) continue;
      this.#record(this.#begun, 0, length);
      this.#known = 0;
      return at;
    }
  }

  /** `room`: bytes that the record will take, as far as that is known. */
  #keep(bytes: Uint8Array, room: number): void {
    const needed = Math.max(room, this.#known + bytes.length);
    if (needed > this.#begun.length) {
      // Never more at once than twice what is there: a length is no reason to allocate.
      const longer = new Uint8Array(Math.min(needed, 2 * (this.#known + bytes.length) + (1 << 22)));
      longer.set(this.#begun.subarray(0, this.#known));
      this.#begun = longer;
    }
    this.#begun.set(bytes, this.#known);
    this.#known += bytes.length;
  }

  /** Bytes of the whole frame at that place; those of its head where not even they are there. */
  #lengthAt(bytes: Uint8Array, at: number): number {
    if (at + FRAME_HEAD > bytes.length) return FRAME_HEAD;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEAD);
    if (view.getUint32(8, true) !== maskedCrc32c(bytes, at, at + 8))
      this.#fail(
        this.#index === 0
          ? 'The file is no TFRecord: the checksum of the first length does not fit.'
          : 'The length of a record does not fit its checksum.',
      );
    const length = Number(view.getBigUint64(0, true));
    if (length > LONGEST_RECORD) this.#fail('A record claims to be longer than 1 GiB.');
    return FRAME_HEAD + length + FRAME_TAIL;
  }

  #record(bytes: Uint8Array, start: number, end: number): void {
    const [from, to] = [start + FRAME_HEAD, end - FRAME_TAIL];
    const checksum = to - from < WORTH_KERNEL ? crc32c : this.#checksum;
    const view = new DataView(bytes.buffer, bytes.byteOffset + to, FRAME_TAIL);
    if (view.getUint32(0, true) !== maskedCrc32c(bytes, from, to, checksum))
      this.#fail('A record does not fit its checksum.');
    this.#take(bytes.subarray(from, to), { index: this.#index++, byte: this.#offset + FRAME_HEAD });
    this.#offset += end - start;
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
    if (this.#known > 0) this.#fail('The file ends in the middle of a record: it was cut off.');
  }
}

/** Feeds the records of a file to `take`; the data is valid during the call only. Throws `BadInput` where it is damaged. */
export async function readRecords(
  source: Source,
  path: string,
  { progress, checksum = crc32c }: { readonly progress: Progress; readonly checksum?: Checksum },
  take: (data: Uint8Array, place: RecordPlace) => void,
): Promise<void> {
  const splitter = new RecordSplitter(source.nameOf(path), checksum, take);
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
