/** Files that are compressed as a whole (gzip, zlib) are read as what they hold. */
import { gunzipSync, inflateSync, createGunzip, createInflate } from 'node:zlib';
import { BadInput } from '../../core/foundation/bad-input';
import { LARGEST_TEXT } from '../../core/formats/source';

export type Compression = 'gzip' | 'zlib' | null;

/** Inflated bytes of a file that is read in pieces; more is a bomb. */
const LARGEST_INFLATED = 2 ** 40;
/** Inflated to compressed: text of coordinates reaches 30, zeros 1000. */
const LARGEST_RATIO = 500;
const RATIO_FROM = 1 << 26;

const ZLIB_LEVELS: readonly number[] = [0x01, 0x5e, 0x9c, 0xda];

/** By the first bytes: gzip's mark, or zlib's header with its checksum. */
export function compressionOf(head: Uint8Array): Compression {
  const first = head[0];
  const second = head[1];
  if (first === undefined || second === undefined) return null;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  return first === 0x78 && ZLIB_LEVELS.includes(second) && (first * 256 + second) % 31 === 0 ? 'zlib' : null;
}

const damaged = (file: string): BadInput =>
  new BadInput(
    'compression-damaged',
    'The compressed file is damaged or was cut off.',
    'Get the file again.',
    { file },
  );

const bomb = (file: string): BadInput =>
  new BadInput(
    'compression-too-large',
    'The compressed file would grow beyond all that is reasonable.',
    'Check where it comes from.',
    { file },
  );

/** Throws `BadInput` where the bytes are damaged or grow too large. */
export function inflateWhole(bytes: Uint8Array, compression: Compression, file: string): Uint8Array {
  if (compression === null) return bytes;
  try {
    const options = { maxOutputLength: LARGEST_TEXT };
    return compression === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw code === 'ERR_BUFFER_TOO_LARGE' ? bomb(file) : damaged(file);
  }
}

/** As much as the first compressed bytes give. */
export function inflateHead(bytes: Uint8Array, compression: Compression, length: number): Uint8Array {
  if (compression === null) return bytes;
  // A head ends within the data: what there is of it is taken, without its checksum.
  const options = { finishFlush: 2, maxOutputLength: 1 << 26 } as const;
  try {
    const all = compression === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
    return all.subarray(0, length);
  } catch {
    return new Uint8Array(0);
  }
}

/** Inflated pieces. Throws `BadInput` where the bytes are damaged or grow too large. */
export async function* inflatePieces(
  pieces: AsyncIterable<Uint8Array>,
  compression: Compression,
  file: string,
): AsyncGenerator<Uint8Array> {
  if (compression === null) {
    yield* pieces;
    return;
  }
  const inflate =
    compression === 'gzip' ? createGunzip({ chunkSize: 1 << 18 }) : createInflate({ chunkSize: 1 << 18 });
  let taken = 0;
  let given = 0;
  const failed: { error: Error | null } = { error: null };
  const feeding = (async () => {
    try {
      for await (const piece of pieces) {
        taken += piece.length;
        // It may wait in the stream for longer than the piece is good.
        if (!inflate.write(Uint8Array.from(piece)))
          await new Promise((resolve) => inflate.once('drain', resolve));
        if (inflate.destroyed) return;
      }
      inflate.end();
    } catch (error) {
      failed.error = error instanceof Error ? error : damaged(file);
      inflate.destroy();
    }
  })();
  try {
    for await (const piece of inflate) {
      const bytes = piece as Uint8Array;
      given += bytes.length;
      if (given > LARGEST_INFLATED || (given > RATIO_FROM && given > taken * LARGEST_RATIO)) throw bomb(file);
      yield bytes;
    }
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw failed.error ?? damaged(file);
  } finally {
    inflate.destroy();
  }
  await feeding;
  if (failed.error) throw failed.error;
}
