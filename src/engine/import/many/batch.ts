/** Small files one after another in one buffer: opening, reading and closing is all that each of them costs. */
import { closeSync, openSync, readSync } from 'node:fs';

export const BATCH_BYTES = 1 << 20;
/** Files read before others get their turn. */
const MOST_FILES = 1024;
/** In place of its end: a file that is not in the batch, as it cannot be read or is too large for one. */
export const NOT_HELD = -1;

/** Where each file ends in the buffer, or `NOT_HELD`. */
export type Ends = readonly number[];

/**
 * Fills the buffer with files from the one at `from` on: whole, or their first `most` bytes. At least one is done. Bytes
 * are read until there are no more, whatever size the system says.
 */
export function fillBatch(files: readonly string[], from: number, buffer: Uint8Array, most: number): Ends {
  const ends: number[] = [];
  let at = 0;
  for (let index = from; index < files.length && ends.length < MOST_FILES; index++) {
    const room = buffer.length - at;
    if (room === 0 || (most < buffer.length && room < most)) break;
    const length = readInto(buffer, at, Math.min(room, most), files[index]!);
    const isCut = length === room && length < most;
    // There may be room for it in a batch of its own.
    if (isCut && at > 0) break;
    if (length !== NOT_HELD && !isCut) at += length;
    ends.push(length === NOT_HELD || isCut ? NOT_HELD : at);
  }
  return ends;
}

/** How many bytes were read, at most `most`; `NOT_HELD` where that failed. */
function readInto(buffer: Uint8Array, at: number, most: number, file: string): number {
  let handle = -1;
  try {
    handle = openSync(file, 'r');
    let length = 0;
    while (length < most) {
      const read = readSync(handle, buffer, at + length, most - length, null);
      if (read === 0) break;
      length += read;
    }
    return length;
  } catch {
    return NOT_HELD;
  } finally {
    if (handle >= 0) closeSync(handle);
  }
}
