/** Encoded pixels for the window: always of the stored, unrotated image, whatever the file's EXIF orientation says. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { PixelRequest, Pixels } from '../../contract/host-messages';
import { BadInput } from '../../core/foundation/bad-input';
import type { ImageFile } from './image-file';
import { decoderInput } from './image-file';
import { MOST_PIXELS } from './probe';

/** Longest side that is sent: larger ones are more than a canvas takes. */
const LONGEST_SIDE = 8192;
const CACHE_BYTES = 96 * 1024 * 1024;

sharp.concurrency(1); // many images at once use the cores better than many threads an image
sharp.cache({ memory: 64, files: 0 });

export interface PixelSource {
  readonly file: ImageFile;
  readonly width: number;
  readonly height: number;
  /** Fingerprint of the content, or of path and size: names the cached thumbnail. */
  readonly fingerprint: string;
}

const read = async (file: ImageFile) =>
  sharp(await decoderInput(file), { limitInputPixels: MOST_PIXELS, failOn: 'error', autoOrient: false });

/** Values of more than 8 bits are stretched to what is in the image: medical and scientific images are dark otherwise. */
async function toDisplay(file: ImageFile): Promise<{ image: ReturnType<typeof sharp>; isPlain: boolean }> {
  const image = await read(file);
  const { depth, space, format } = await image.metadata();
  if (depth === 'ushort' || depth === 'float' || depth === 'int')
    return { image: image.normalise().toColourspace('srgb'), isPlain: false };
  if (space === 'cmyk') return { image: image.toColourspace('srgb'), isPlain: false };
  return { image, isPlain: format === 'jpeg' || format === 'png' };
}

async function encode(image: ReturnType<typeof sharp>, quality: number): Promise<Pixels> {
  const { data, info } = await image.webp({ quality, effort: 1 }).toBuffer({ resolveWithObject: true });
  return { type: `image/${info.format}`, bytes: data };
}

async function full({ file, width, height }: PixelSource, size: number | null): Promise<Pixels> {
  const { image } = await toDisplay(file);
  const limit = Math.min(size ?? LONGEST_SIDE, LONGEST_SIDE);
  const fitted = Math.max(width, height) > limit ? image.resize(limit, limit, { fit: 'inside' }) : image;
  // Lossless within reason: what is judged on screen are the pixels themselves.
  const { data } = await fitted.png({ compressionLevel: 1 }).toBuffer({ resolveWithObject: true });
  return { type: 'image/png', bytes: data };
}

/** The stored image, at most `size` wide and high. Throws where the file cannot be decoded. */
export async function thumb({ file }: Pick<PixelSource, 'file'>, size: number): Promise<Pixels> {
  const { image } = await toDisplay(file);
  return encode(image.resize(size, size, { fit: 'inside', withoutEnlargement: true }), 80);
}

/** Of the stored image. Throws where the file cannot be decoded. */
export async function storedSize(file: ImageFile): Promise<readonly [width: number, height: number]> {
  const { width, height } = await (await read(file)).metadata();
  return [width, height];
}

/** A part of the stored image, which it has to lie in, at most `size` wide and high. Throws where the file cannot be decoded. */
export async function cutOut(
  file: ImageFile,
  [left, top, width, height]: readonly [number, number, number, number],
  size: number,
): Promise<Pixels> {
  const { image } = await toDisplay(file);
  const cut = await image.extract({ left, top, width, height }).png({ compressionLevel: 0 }).toBuffer();
  return encode(sharp(cut).resize(size, size, { fit: 'inside', withoutEnlargement: true }), 82);
}

async function crop(
  { file, width, height }: PixelSource,
  request: Extract<PixelRequest, { kind: 'crop' }>,
): Promise<Pixels> {
  const { image } = await toDisplay(file);
  const left = Math.round(request.x);
  const top = Math.round(request.y);
  const right = Math.max(left + 1, Math.round(request.x + request.width));
  const bottom = Math.max(top + 1, Math.round(request.y + request.height));
  const inside = {
    left: Math.max(0, left),
    top: Math.max(0, top),
    right: Math.min(width, right),
    bottom: Math.min(height, bottom),
  };
  if (inside.right <= inside.left || inside.bottom <= inside.top) {
    return encode(
      sharp({ create: { width: 1, height: 1, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }),
      80,
    );
  }
  const cut = await image
    .extract({
      left: inside.left,
      top: inside.top,
      width: inside.right - inside.left,
      height: inside.bottom - inside.top,
    })
    .ensureAlpha()
    .extend({
      left: inside.left - left,
      top: inside.top - top,
      right: right - inside.right,
      bottom: bottom - inside.bottom,
      background: { r: 0, g: 0, b: 0, alpha: 0 },
    })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return encode(sharp(cut).resize(request.size, request.size, { fit: 'inside' }), 82);
}

/** Least recently used first out. */
class ByteCache {
  readonly #entries = new Map<string, Pixels>();
  #bytes = 0;

  get(key: string): Pixels | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  set(key: string, pixels: Pixels): void {
    this.#entries.set(key, pixels);
    this.#bytes += pixels.bytes.length;
    for (const [oldest, { bytes }] of this.#entries) {
      if (this.#bytes <= CACHE_BYTES) return;
      this.#entries.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}

/** Makes pixels on demand; a few at a time, thumbnails kept on disk. */
export class PixelServer {
  readonly #folder: string;
  readonly #cache = new ByteCache();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `folder`: where thumbnails are kept. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws `BadInput` where the file cannot be decoded. */
  async get(source: PixelSource, request: PixelRequest): Promise<Pixels> {
    const key = createHash('sha256')
      .update(`${source.fingerprint} ${JSON.stringify({ ...request, image: 0 })}`)
      .digest('hex');
    const known = request.kind === 'full' ? null : this.#cache.get(key);
    if (known) return known;
    const made = await this.#queued(() =>
      request.kind === 'thumb' ? this.#keptThumb(source, request, key) : this.#make(source, request),
    );
    if (request.kind !== 'full') this.#cache.set(key, made);
    return made;
  }

  async #queued<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= 3) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#waiting.pop()?.(); // the newest is what is on screen now
    }
  }

  async #keptThumb(source: PixelSource, request: PixelRequest, key: string): Promise<Pixels> {
    const file = path.join(this.#folder, key.slice(0, 2), `${key}.webp`);
    try {
      return { type: 'image/webp', bytes: await readFile(file) };
    } catch {
      const made = await this.#make(source, request);
      // A thumbnail that cannot be kept is made again next time; nothing else depends on it.
      await mkdir(path.dirname(file), { recursive: true })
        .then(() => writeFile(file, made.bytes))
        .catch(() => undefined);
      return made;
    }
  }

  async #make(source: PixelSource, request: PixelRequest): Promise<Pixels> {
    try {
      if (request.kind === 'full') return await full(source, request.size);
      if (request.kind === 'thumb') return await thumb(source, request.size);
      return await crop(source, request);
    } catch (error) {
      if (error instanceof BadInput) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new BadInput(
        'image-undecodable',
        `The image cannot be decoded: ${reason}.`,
        'Check the file; its boxes are shown without it.',
        {},
      );
    }
  }
}
