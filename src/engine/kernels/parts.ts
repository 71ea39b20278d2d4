/** A results file in parts that threads claim one by one; where its first record starts a part only guesses. */
import { readSync } from 'node:fs';
import { ENDING_CLOSED, ENDING_STOPPED } from '../../core/kernels/exports';
import { PADDING, SHAPE_BYTES, SHORTEST_RECORD, TABLE_BYTES } from '../../core/kernels/assembly/layout';
import { CELL, FILE, OVERLAP, PART_BYTES, PART_FIELDS, STEP, THREAD_MAPS } from './control';
import type { Kernels } from './instance';

/** Looked at before a part, for what stands before its first brace. */
const LOOK_BACK = 64;
const BUFFER_BYTES = LOOK_BACK + PART_BYTES + OVERLAP;
/** Most records that start within one part. */
export const MOST_RECORDS = Math.ceil(PART_BYTES / SHORTEST_RECORD) + 2;

/** A thread's own memory: two tables of ids, the maps from them, a buffer of text, the spelling, a part's images and classes. */
const TABLES = 0;
const TEXT = 4096;
const RECORDS = TEXT + BUFFER_BYTES + 2 * PADDING;
export const THREAD_BYTES = RECORDS + PADDING + SHAPE_BYTES + MOST_RECORDS * 8;

export const imageTable = (own: number): number => own + TABLES;
export const categoryTable = (own: number): number => own + TABLES + TABLE_BYTES;
/** Two u32: addresses of the maps from the thread's image and class indices to places and classes. */
export const threadMaps = (own: number): number => own + TABLES + 2 * TABLE_BYTES + THREAD_MAPS;

/** Part of the file, as float64 from `partTable` on. */
export interface Part {
  /** Offset of its first record, and of what follows its last one; -1 where none starts in it. */
  readonly start: number;
  readonly end: number;
  readonly records: number;
  /** Predictions, then images, then classes. */
  readonly address: number;
  /** Own memory of the thread that read it. */
  readonly owner: number;
  readonly emptyBoxes: number;
  readonly firstEmptyBox: number;
  /** The list ends in it. */
  readonly isLast: boolean;
}

export function partAt({ words, doubles }: Kernels, index: number): Part {
  const at = (words[CELL.partTable]! >>> 0) / 8 + index * PART_FIELDS;
  const [start, end, records, address, owner, emptyBoxes, firstEmptyBox, isLast] = doubles.subarray(
    at,
    at + PART_FIELDS,
  ) as unknown as [number, number, number, number, number, number, number, number];
  return { start, end, records, address, owner, emptyBoxes, firstEmptyBox, isLast: isLast === 1 };
}

/** Reads parts of one file for one thread. */
export class PartReader {
  readonly #kernels: Kernels;
  readonly #own: number;
  readonly #file: number;
  readonly #size: number;
  readonly #listStart: number;
  /** Offset in the file of the buffer's first byte, and bytes there. */
  #from = 0;
  #held = 0;

  /** The file is the one that the control page names: a descriptor is good in all threads. */
  constructor(kernels: Kernels, own: number) {
    this.#kernels = kernels;
    this.#own = own;
    const { doubles } = kernels;
    this.#file = doubles[FILE.descriptor]!;
    this.#size = doubles[FILE.size]!;
    this.#listStart = doubles[FILE.listStart]!;
    const { exports } = kernels;
    if (!exports.makeTable(imageTable(own)) || !exports.makeTable(categoryTable(own)))
      throw new RangeError('There is no room for tables of ids.');
    exports.useResultMemory(imageTable(own), categoryTable(own), own + RECORDS, MOST_RECORDS);
  }

  /** Parts as they come; false where one is not for the kernels. */
  readAll(): boolean {
    for (;;) {
      const index = this.claim();
      if (index < 0) return true;
      if (!this.read(index, null)) return false;
    }
  }

  /** The next part that nobody has; -1 where there is none, or where another thread met what is not for the kernels. */
  claim(): number {
    const { words } = this.#kernels;
    const index = Atomics.add(words, CELL.ticket, 1);
    return index >= words[CELL.parts]! || Atomics.load(words, CELL.refused) !== 0 ? -1 : index;
  }

  /** `start`: offset of the part's first record where it is known. */
  read(index: number, start: number | null): boolean {
    const { exports } = this.#kernels;
    const at = index * PART_BYTES;
    const isLast = at + PART_BYTES >= this.#size;
    const stop = isLast ? this.#size : at + PART_BYTES;
    const known = start ?? (index === 0 ? this.#listStart : null);
    this.#fill(Math.max(0, known ?? at - LOOK_BACK));
    const first = known ?? this.#guess(at);
    if (first >= stop || first < 0) {
      this.#note(index, [-1, -1, 0, 0, this.#own, 0, -1, 0]);
      return true;
    }
    if (!exports.beginPart()) return false;
    const end = this.#readRecords(first, stop);
    if (end < 0) return false;
    const address = exports.endPart() >>> 0;
    this.#note(index, [
      first,
      end,
      exports.partCount(),
      address,
      this.#own,
      exports.partEmptyBoxes(),
      exports.partFirstEmptyBox(),
      exports.resultEnding() === ENDING_CLOSED ? 1 : 0,
    ]);
    return true;
  }

  #note(index: number, fields: readonly number[]): void {
    const { words, doubles } = this.#kernels;
    doubles.set(fields, (words[CELL.partTable]! >>> 0) / 8 + index * PART_FIELDS);
  }

  #guess(at: number): number {
    const buffer = this.#own + TEXT;
    const found =
      this.#kernels.exports.guessRecord(buffer + at - this.#from, buffer, buffer + this.#held) >>> 0;
    return found < buffer + this.#held ? this.#from + found - buffer : -1;
  }

  /** From the record at offset `first` up to `stop`: where the next one is, or the closing bracket; -1: not for the kernels. */
  #readRecords(first: number, stop: number): number {
    const { exports } = this.#kernels;
    const buffer = this.#own + TEXT;
    let at = first;
    for (;;) {
      const goal = Math.min(stop, at + STEP);
      const end =
        exports.readResults(buffer + at - this.#from, buffer + goal - this.#from, this.#from, buffer) >>> 0;
      at = this.#from + end - buffer;
      const ending = exports.resultEnding();
      if (ending === ENDING_CLOSED) return at;
      if (ending === ENDING_STOPPED) {
        // Cut off by the end of the buffer, or not for the kernels, which shows with the record at the buffer's start.
        if (at === this.#from || this.#from + this.#held >= this.#size) return -1;
        this.#fill(at);
      } else if (at >= stop) return at;
    }
  }

  #fill(from: number): void {
    const { bytes } = this.#kernels;
    const buffer = this.#own + TEXT;
    const wanted = Math.min(BUFFER_BYTES, this.#size - from);
    let held = 0;
    while (held < wanted) {
      const read = readSync(this.#file, bytes, buffer + held, wanted - held, from + held);
      if (read === 0) break;
      held += read;
    }
    bytes.fill(0, buffer + held, buffer + held + PADDING);
    this.#from = from;
    this.#held = held;
  }
}
