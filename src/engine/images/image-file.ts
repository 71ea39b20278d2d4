/**
 * Where the bytes of an image lie: a file of their own, or a part of a larger one that holds many (an archive, a TFRecord).
 * A part is read where it lies; nothing is unpacked to disk.
 */
import { constants } from 'node:fs';
import { copyFile, open, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { BadInput } from '../../core/foundation/bad-input';
import { unreadable } from '../import/files';
import { inflatedHolder } from './inflated-holder';

/** Larger ones are no images, whatever their holder says: a length is no reason to allocate. */
export const LARGEST_HELD = 512 * 2 ** 20;

/** `gzip`: the holder is compressed as a whole, and the offset is one of what it inflates to. */
export type Packing = 'stored' | 'deflated' | 'gzip';

/** A part of a file that is one encoded image. Plain data: it goes to threads and processes as it is. */
export interface HeldImage {
  /** Absolute path of the file that holds it. */
  readonly holder: string;
  readonly packing: Packing;
  /** First byte within the holder. */
  readonly offset: number;
  /** Bytes within the holder. */
  readonly length: number;
  /** Bytes of the image: more than `length` where it is deflated. */
  readonly bytes: number;
  /** CRC-32 of the image's bytes: tells that the holder is not what it was when it was searched. */
  readonly checksum: number;
  /** As its holder calls it. */
  readonly name: string;
}

/** The path of a file, or a part of one. */
export type ImageFile = string | HeldImage;

const LETTERS: Readonly<Record<Packing, string>> = { stored: 's', deflated: 'd', gzip: 'g' };
const PACKINGS: Readonly<Record<string, Packing>> = { s: 'stored', d: 'deflated', g: 'gzip' };

/**
 * A held image as a location below a root: `HOLDER//PACKING+OFFSET+LENGTH+BYTES+CHECKSUM//NAME`, with the numbers in
 * hexadecimal. No path of a file that was found by walking folders has `//` in it.
 */
export function locationOf(below: string, held: Omit<HeldImage, 'holder'>): string {
  const numbers = [held.offset, held.length, held.bytes, held.checksum].map((number) => number.toString(16));
  return `${below}//${LETTERS[held.packing]}+${numbers.join('+')}//${held.name}`;
}

/** What a location says; the holder is the path below the root. Null where it is the path of a file, or says nonsense. */
export function readLocation(location: string): HeldImage | null {
  const [holder, place, ...name] = location.split('//');
  const [letter, ...digits] = place?.split('+') ?? [];
  const packing = PACKINGS[letter ?? ''];
  const numbers = digits.map((text) => (/^[0-9a-f]{1,13}$/.test(text) ? parseInt(text, 16) : NaN));
  const [offset, length, bytes, checksum] = numbers;
  if (!holder || packing === undefined || numbers.length !== 4 || !numbers.every(Number.isSafeInteger))
    return null;
  if (length! > LARGEST_HELD || bytes! > LARGEST_HELD) return null;
  return {
    holder,
    packing,
    offset: offset!,
    length: length!,
    bytes: bytes!,
    checksum: checksum!,
    name: name.join('//'),
  };
}

/** As messages name it. */
export const nameOfFile = (file: ImageFile): string =>
  typeof file === 'string' ? file : `${file.holder}/${file.name}`;

/** The file on disk that an image is in. */
export const fileOnDisk = (file: ImageFile): string => (typeof file === 'string' ? file : file.holder);

const changed = ({ holder, name }: HeldImage): BadInput =>
  new BadInput(
    'image-not-in-place',
    `${name} is not where it was in ${holder}: that file changed since its images were found.`,
    'Find the images again (File, Find moved images): choose that file, or the folder that it is in.',
    { file: holder },
  );

async function piece({ holder, offset, length, packing }: HeldImage): Promise<Buffer | null> {
  if (packing === 'gzip') {
    const all = await inflatedHolder(holder);
    return offset + length <= all.length ? all.subarray(offset, offset + length) : null;
  }
  const handle = await open(holder, 'r');
  try {
    const { size } = await handle.stat();
    if (offset + length > size) return null;
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    return bytesRead === length ? bytes : null;
  } finally {
    await handle.close();
  }
}

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

async function readHeld(held: HeldImage): Promise<Buffer> {
  const packed = await piece(held).catch((error: unknown) => {
    throw error instanceof BadInput ? error : unreadable(error, held.holder);
  });
  if (packed === null) throw changed(held);
  const bytes =
    held.packing === 'deflated'
      ? await inflate(packed, { maxOutputLength: Math.max(1, held.bytes) }).catch(() => null)
      : packed;
  if (bytes?.length !== held.bytes || crc32(bytes) !== held.checksum) throw changed(held);
  return bytes;
}

/** The encoded bytes. Throws `BadInput` where a holder changed or cannot be read; for a file of its own what the system throws. */
export const readImage = (file: ImageFile): Promise<Buffer> =>
  typeof file === 'string' ? readFile(file) : readHeld(file);

/** What a decoder is given: a path, which it reads better itself, or the bytes. Throws as `readImage`. */
export const decoderInput = async (file: ImageFile): Promise<string | Buffer> =>
  typeof file === 'string' ? file : readHeld(file);

/** The image as a file of its own, which must not be there yet. Throws as `readImage`. */
export async function copyImage(from: ImageFile, to: string): Promise<void> {
  if (typeof from === 'string') await copyFile(from, to, constants.COPYFILE_EXCL);
  else await writeFile(to, await readHeld(from), { flag: 'wx' });
}
