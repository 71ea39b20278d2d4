/**
 * Gzip (and zlib) cannot be entered in its middle: a file that is compressed as a whole is inflated once, into memory, and kept while
 * its images are asked for. One at a time, and only up to a size: larger ones have to be zip or plain tar.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { BadInput } from '../../core/foundation/bad-input';
import { compressionOf, inflatePieces } from '../import/compressed';

export const LARGEST_INFLATED = 256 * 2 ** 20;
const KEPT_MS = 60_000;

interface Kept {
  /** Path, size and time of change. */
  readonly key: string;
  readonly bytes: Promise<Buffer>;
}

let kept: Kept | null = null;
let release: NodeJS.Timeout | undefined;

async function inflateFile(file: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let head: Uint8Array = new Uint8Array(0);
  for await (const piece of createReadStream(file, { end: 1 })) head = piece as Uint8Array;
  const pieces = createReadStream(file, { highWaterMark: 1 << 20 });
  for await (const part of inflatePieces(pieces, compressionOf(head), file)) {
    length += part.length;
    if (length > LARGEST_INFLATED)
      throw new BadInput(
        'archive-too-large',
        `${file} is compressed as a whole and inflates to more than 256 MiB: its images cannot be reached one by one.`,
        'Make it a zip archive or a tar that is not compressed, and choose that.',
        { file },
      );
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

/** All of a gzipped file, inflated. Throws `BadInput` where it is damaged or too large for that. */
export async function inflatedHolder(file: string): Promise<Buffer> {
  const { size, mtimeMs } = await stat(file);
  const key = `${file}\n${size}\n${mtimeMs}`;
  if (kept?.key !== key) {
    const bytes = inflateFile(file);
    kept = { key, bytes };
    bytes.catch(() => {
      if (kept?.key === key) kept = null;
    });
  }
  clearTimeout(release);
  release = setTimeout(() => (kept = null), KEPT_MS);
  release.unref();
  return kept.bytes;
}
