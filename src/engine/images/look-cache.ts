/**
 * What was measured of images' pixels, by content: a picture is decoded once, whatever it is called and wherever it lies.
 * A file of lines that is only added to; what cannot be read of it is measured again.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { appendFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImageLook, ImagePrint } from '../../core/diagnosis/situation';
import type { ImageFile } from './image-file';
import { decoderInput, fileOnDisk, nameOfFile, readImage } from './image-file';
import { lookOf, printOf } from './look';

export interface SeenPixels {
  /** Null: the file cannot be decoded. Absent: not asked yet. */
  readonly look?: ImageLook | null;
  readonly print?: ImagePrint | null;
}

/** Of a line of the file. */
interface Line extends Pick<SeenPixels, 'look'> {
  readonly hash: string;
  /** Base64. */
  readonly print?: string | null;
}

interface KnownFile {
  readonly modified: number;
  readonly bytes: number;
  readonly hash: string;
}

/** Lines written together. */
const AT_ONCE = 64;
/** A larger file is begun anew. */
const LARGEST = 256 * 2 ** 20;

export class LookCache {
  /** Null: nothing is kept between runs. */
  readonly #file: string | null;
  #known: Map<string, SeenPixels> | null = null;
  readonly #files = new Map<string, KnownFile>();
  #waiting: string[] = [];
  #isFull = false;

  constructor(file: string | null) {
    this.#file = file;
  }

  /** What is known of a content (SHA-256, hexadecimal); null where nothing is. */
  find(hash: string | null): SeenPixels | null {
    return hash === null ? null : (this.#all.get(hash) ?? null);
  }

  /** Measures what is wanted and not known. `hash`: of the content, where it is known; else the file is read for it. */
  async see(
    file: ImageFile,
    hash: string | null,
    wants: { look: boolean; print: boolean },
  ): Promise<SeenPixels> {
    const content = hash ?? (await this.#hashOf(file));
    const known = this.find(content) ?? {};
    const lacks = {
      look: wants.look && known.look === undefined,
      print: wants.print && known.print === undefined,
    };
    if (!lacks.look && !lacks.print) return known;
    // A part of a file that changed is not what the hash was of: nothing is learned about that content.
    const image = await decoderInput(file).catch(() => null);
    if (image === null) return known;
    const [look, print] = await Promise.all([
      lacks.look ? lookOf(image) : known.look,
      lacks.print ? printOf(image) : known.print,
    ]);
    const seen: SeenPixels = {
      ...(look === undefined ? {} : { look }),
      ...(print === undefined ? {} : { print }),
    };
    if (content !== null) await this.#keep(content, seen);
    return seen;
  }

  /** Writes what waits to be written. */
  async flush(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    if (this.#file === null || lines.length === 0) return;
    const text = lines.join('');
    try {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await appendFile(this.#file, text, this.#isFull ? { flag: 'w' } : {});
      this.#isFull = false;
    } catch {
      // A cache that cannot be written (a full disk) only costs time.
    }
  }

  get #all(): Map<string, SeenPixels> {
    this.#known ??= this.#read();
    return this.#known;
  }

  #read(): Map<string, SeenPixels> {
    const known = new Map<string, SeenPixels>();
    if (this.#file === null) return known;
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return known;
    }
    this.#isFull = text.length > LARGEST;
    for (const line of text.split('\n')) {
      try {
        const { hash, look, print } = JSON.parse(line) as Line;
        known.set(hash, {
          ...(look === undefined ? {} : { look }),
          ...(print === undefined
            ? {}
            : { print: print === null ? null : Uint8Array.from(Buffer.from(print, 'base64')) }),
        });
      } catch {
        // The end of a file that was being written when the computer went off.
      }
    }
    return known;
  }

  async #keep(hash: string, seen: SeenPixels): Promise<void> {
    this.#all.set(hash, seen);
    const { look, print } = seen;
    const line: Line = {
      hash,
      ...(look === undefined ? {} : { look }),
      ...(print === undefined ? {} : { print: print && Buffer.from(print).toString('base64') }),
    };
    this.#waiting.push(`${JSON.stringify(line)}\n`);
    if (this.#waiting.length >= AT_ONCE) await this.flush();
  }

  /** Null where the file cannot be read. */
  async #hashOf(file: ImageFile): Promise<string | null> {
    try {
      const { mtimeMs: modified, size: bytes } = await stat(fileOnDisk(file));
      const name = nameOfFile(file);
      const known = this.#files.get(name);
      if (known?.modified === modified && known.bytes === bytes) return known.hash;
      const hash = createHash('sha256')
        .update(await readImage(file))
        .digest('hex');
      this.#files.set(name, { modified, bytes, hash });
      return hash;
    } catch {
      return null;
    }
  }
}
