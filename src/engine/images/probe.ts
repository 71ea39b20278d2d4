/** What an image file is: its size as stored, how it has to be turned, and a fingerprint to find it again. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import type { ImageFile } from './image-file';
import { decoderInput, readImage } from './image-file';

/** More pixels than this are refused: a small file can claim gigabytes. */
export const MOST_PIXELS = 1_000_000_000;

export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  readonly bytes: number;
}

/** Null where the file is no image that can be decoded. */
export async function probeImage(file: ImageFile): Promise<ImageFacts | null> {
  try {
    const input = await decoderInput(file);
    const { width, height, orientation } = await sharp(input, { limitInputPixels: MOST_PIXELS }).metadata();
    const bytes = typeof file === 'string' ? (await stat(file)).size : file.bytes;
    return { width, height, orientation: orientation ?? 1, bytes };
  } catch {
    return null;
  }
}

/** SHA-256 of an image's bytes, hexadecimal. Throws as `readImage`. */
export async function hashFile(file: ImageFile): Promise<string> {
  const hash = createHash('sha256');
  if (typeof file === 'string') await pipeline(createReadStream(file), hash);
  else hash.update(await readImage(file));
  return hash.digest('hex');
}
