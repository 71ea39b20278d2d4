/** What an image file is: its size as stored, how it has to be turned, and a fingerprint to find it again. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';

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
export async function probeImage(file: string): Promise<ImageFacts | null> {
  try {
    const { width, height, orientation } = await sharp(file, { limitInputPixels: MOST_PIXELS }).metadata();
    const { size } = await stat(file);
    return { width, height, orientation: orientation ?? 1, bytes: size };
  } catch {
    return null;
  }
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
