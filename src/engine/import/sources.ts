/** Where datasets lie on this machine: a folder or one file. Links that lead outside are not followed. */
import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import type { FileReadResult } from 'node:fs/promises';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { compareBytes } from '../../core/formats/names';
import type { Source } from '../../core/formats/source';
import { HEAD_LENGTH, LARGEST_TEXT } from '../../core/formats/source';
import { archiveKind, openTar, openZip } from './archives';
import { compressionOf, inflateHead, inflatePieces, inflateWhole } from './compressed';
import { unreadable } from './files';
import { STANDARD_INPUT, standardInput } from './standard-input';
import { NOT_HELD } from './many/batch';
import { readMany } from './many/read-many';

const DEEPEST = 12;
const MOST_FILES = 5_000_000;
const PIECE = 1 << 20;
/** Enough of an archive to tell what it is, also gzipped. */
const ARCHIVE_HEAD = 4096;
/** Files read before others get their turn: small files are read at once, which is several times as fast. */
const AT_ONCE = 128;

function readAtOnce(file: string, most: number): Uint8Array {
  let handle = -1;
  try {
    handle = openSync(file, 'r');
    const { size } = fstatSync(handle);
    if (most === LARGEST_TEXT && size > LARGEST_TEXT)
      throw new BadInput(
        'file-too-large',
        `${file} is larger than such a file can be.`,
        'Check that it is the right file.',
        { file },
      );
    const buffer = Buffer.allocUnsafe(Math.min(size, most));
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(handle, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw error instanceof BadInput ? error : unreadable(error, file);
  } finally {
    if (handle >= 0) closeSync(handle);
  }
}

/** Two buffers in turn: while one piece is looked at, the next one is read. */
async function* piecesOf(file: string, progress: Progress): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw unreadable(error, file);
  });
  const buffers = [new Uint8Array(PIECE), new Uint8Array(PIECE)] as const;
  let turn = 0;
  const readNext = (): Promise<FileReadResult<Uint8Array>> => {
    const next = handle.read(buffers[(turn ^= 1) as 0 | 1], 0, PIECE, null);
    // It is waited for below; until then a failure is nobody's.
    next.catch(() => {});
    return next;
  };
  let next: Promise<FileReadResult<Uint8Array>> | null = null;
  try {
    const { size: total } = await handle.stat();
    next = readNext();
    for (let done = 0; ;) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      next = readNext();
      done += bytesRead;
      progress.check();
      progress.report(`Reading ${path.basename(file)}`, done, total);
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable(error, file) : error;
  } finally {
    await next?.catch(() => {});
    await handle.close();
  }
}

abstract class DiskSource implements Source {
  readonly name: string;
  readonly isArchive = false;
  abstract readonly isSingle: boolean;
  abstract readonly paths: readonly string[];
  #reads = 0;

  constructor(name: string) {
    this.name = name;
  }

  abstract nameOf(relative: string): string;

  async #turn(): Promise<void> {
    if (++this.#reads % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  async head(relative: string, length = HEAD_LENGTH): Promise<Uint8Array> {
    await this.#turn();
    const file = this.nameOf(relative);
    const bytes = readAtOnce(file, length);
    return inflateHead(bytes, compressionOf(bytes), length);
  }

  async whole(relative: string): Promise<Uint8Array> {
    await this.#turn();
    const file = this.nameOf(relative);
    const bytes = readAtOnce(file, LARGEST_TEXT);
    return inflateWhole(bytes, compressionOf(bytes), file);
  }

  async *inBatches(paths: readonly string[], length?: number): AsyncGenerator<readonly Uint8Array[]> {
    const files = paths.map((relative) => this.nameOf(relative));
    let next = 0;
    for await (const { buffer, ends } of readMany(files, length ?? Infinity)) {
      let batch: Uint8Array[] = [];
      let start = 0;
      for (const end of ends) {
        const index = next++;
        if (end === NOT_HELD) {
          // What comes before it is taken before its error is told.
          yield batch;
          batch = [];
          yield [await (length === undefined ? this.whole(paths[index]!) : this.head(paths[index]!, length))];
          continue;
        }
        const bytes = buffer.subarray(start, end);
        start = end;
        const compression = compressionOf(bytes);
        batch.push(
          length === undefined
            ? inflateWhole(bytes, compression, files[index]!)
            : inflateHead(bytes, compression, length),
        );
      }
      yield batch;
    }
  }

  pieces(relative: string, progress: Progress): AsyncIterable<Uint8Array> {
    const file = this.nameOf(relative);
    const compression = compressionOf(readAtOnce(file, 2));
    return inflatePieces(piecesOf(file, progress), compression, file);
  }
}

/** One file, under its last name. */
class FileSource extends DiskSource {
  readonly isSingle = true;
  readonly paths: readonly string[];

  constructor(file: string) {
    super(file);
    this.paths = [path.basename(file)];
  }

  override nameOf(): string {
    return this.name;
  }
}

class FolderSource extends DiskSource {
  readonly isSingle = false;
  readonly paths: readonly string[];
  /** What names of files start with; joining paths takes longer than many a file to read. */
  readonly #start: string;

  constructor(folder: string, paths: readonly string[]) {
    super(folder);
    this.paths = paths;
    this.#start = path.join(folder, 'x').slice(0, -1);
  }

  override nameOf(relative: string): string {
    return this.#start + (path.sep === '/' ? relative : relative.replaceAll('/', path.sep));
  }
}

/** Where a link leads, if it stays below the root. */
async function kindBehindLink(root: string, file: string): Promise<'file' | 'folder' | null> {
  try {
    const real = realpathSync(file);
    const below = path.relative(root, real);
    if (below.startsWith('..') || path.isAbsolute(below)) return null;
    const entry = await stat(real);
    return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : null;
  } catch {
    return null;
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const root = realpathSync(folder);
  const paths: string[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      const kind = entry.isSymbolicLink()
        ? await kindBehindLink(root, path.join(folder, name))
        : entry.isDirectory()
          ? 'folder'
          : entry.isFile()
            ? 'file'
            : null;
      if (kind === 'file') paths.push(name);
      // Links to folders are taken at the top only: a link to a folder above would go round for ever.
      else if (kind === 'folder' && depth < DEEPEST && !(entry.isSymbolicLink() && depth > 0))
        await walk(name, depth + 1);
      if (paths.length > MOST_FILES)
        throw new BadInput(
          'too-many-files',
          `${folder} holds more than ${MOST_FILES} files.`,
          'Choose the folder of the dataset alone.',
          { file: folder },
        );
    }
  };
  await walk('', 0);
  return paths.sort(compareBytes);
}

/** Shards and files by pattern: `x.record-?????-of-00010` has no file of its own. */
async function behindPattern(given: string): Promise<string[]> {
  const pattern = path.basename(given);
  if (!/[?*]/.test(pattern)) return [];
  const expression = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('?', '.')
      .replaceAll('*', '.*')}$`,
  );
  const names = await readdir(path.dirname(given)).catch(() => []);
  return names.filter((name) => expression.test(name)).sort(compareBytes);
}

/** Throws `BadInput` where there is nothing, or nothing that can be read. */
export async function openSource(given: string): Promise<Source> {
  if (given === STANDARD_INPUT) return standardInput();
  const entry = await stat(given).catch(async (error: unknown) => {
    const names = await behindPattern(given);
    if (names.length > 0) return names;
    throw unreadable(error, given);
  });
  if (Array.isArray(entry)) return new FolderSource(path.dirname(given), entry);
  if (entry.isDirectory()) return new FolderSource(given, await listFiles(given));
  const kind = entry.isFile() ? archiveKind(readAtOnce(given, ARCHIVE_HEAD)) : null;
  if (kind === 'zip') return openZip(given, entry.size);
  return kind === 'tar' ? openTar(given) : new FileSource(given);
}

/** The files of a folder, of those that `isWanted`. */
export async function folderSource(
  folder: string,
  isWanted: (name: string) => boolean = () => true,
): Promise<Source> {
  return new FolderSource(folder, (await listFiles(folder)).filter(isWanted));
}
