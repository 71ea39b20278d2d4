/** Writing that is whole or not at all: beside the target, flushed, then renamed. */
import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';

/** A file or folder name beside the target that no other run uses. */
const partialName = (target: string): string =>
  `${target}.partial-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;

/** Makes a rename durable where folders can be flushed. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Where `target` cannot be put. */
export const folderMissing = (target: string): BadInput =>
  new BadInput(
    'folder-missing',
    'The folder of the target is not there.',
    'Make it first, or choose another.',
    { file: path.dirname(target) },
  );

/** Where the system does not let `target` be written. */
export const notWritable = (target: string): BadInput =>
  new BadInput(
    'not-writable',
    'The target cannot be written.',
    'Choose another place, or give yourself write access.',
    { file: target },
  );

/** Throws what hindered writing `target`, in words where it is not a fault of the program. */
export function explainWriteError(error: unknown, target: string): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new BadInput('disk-full', 'The disk is full.', 'Free some space; nothing was left behind.', {
      file: target,
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') throw notWritable(target);
  if (code === 'ENOENT') throw folderMissing(target);
  throw error;
}

const unfinished = new Set<string>();

function removeUnfinished(): void {
  for (const partial of unfinished) rmSync(partial, { recursive: true, force: true });
}

/** A process that is ended in the middle of its work leaves nothing half written behind; the answer ends the watch. */
function removeOnExit(partial: string): () => void {
  unfinished.add(partial);
  if (!process.listeners('exit').includes(removeUnfinished)) process.on('exit', removeUnfinished);
  return () => unfinished.delete(partial);
}

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

async function writePieces(handle: FileHandle, pieces: Pieces): Promise<void> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    const data = typeof piece === 'string' ? Buffer.from(piece) : piece;
    waiting.push(data);
    bytes += data.length;
    if (bytes < 1 << 20) continue;
    await handle.appendFile(Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
  }
  await handle.appendFile(Buffer.concat(waiting));
}

/** A device or a pipe takes what comes and is never put aside for a file. */
async function writeStraight(target: string, pieces: Pieces): Promise<void> {
  const handle = await open(target, 'w');
  try {
    await writePieces(handle, pieces);
  } finally {
    await handle.close();
  }
}

async function writeAndFlush(partial: string, pieces: Pieces): Promise<void> {
  const handle = await open(partial, 'wx');
  try {
    await writePieces(handle, pieces);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file beside the target, flushed, in the target's place in the end. */
async function replaceFile(target: string, pieces: Pieces): Promise<void> {
  const partial = partialName(target);
  const stopWatch = removeOnExit(partial);
  try {
    await writeAndFlush(partial, pieces);
    await rename(partial, target);
    await flushFolder(path.dirname(target));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    stopWatch();
  }
}

/** Writes a file whole; behind a link, the file that it leads to. */
export async function writeFileWhole(target: string, pieces: Pieces): Promise<void> {
  try {
    const there = await stat(target).catch(() => null);
    if (there === null) await replaceFile(target, pieces);
    else if (there.isFile()) await replaceFile(await realpath(target), pieces);
    else await writeStraight(target, pieces);
  } catch (error) {
    if (error instanceof BadInput) throw error;
    explainWriteError(error, target);
  }
}

/** Writes files of a folder, all or none, over those of the same names; the folders are made where they are missing. */
export async function writeFilesWhole(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<void> {
  const made: string[] = [];
  const written = new Map<string, string>();
  const stopWatches: (() => void)[] = [];
  try {
    for (const [name, content] of files) {
      const target = path.join(folder, name);
      const first = await mkdir(path.dirname(target), { recursive: true });
      if (first !== undefined) made.push(first);
      const partial = partialName(target);
      stopWatches.push(removeOnExit(partial));
      written.set(partial, target);
      await writeAndFlush(partial, [content]);
    }
    for (const [partial, target] of written) await rename(partial, target);
    for (const place of new Set([...written.values()].map((target) => path.dirname(target))))
      await flushFolder(place);
  } catch (error) {
    for (const place of [...written.keys(), ...made]) await rm(place, { recursive: true, force: true });
    explainWriteError(error, folder);
  } finally {
    for (const stopWatch of stopWatches) stopWatch();
  }
}

/** Fills a new folder and puts it in place whole. */
export async function writeFolderWhole(
  target: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const partial = partialName(target);
  const stopWatch = removeOnExit(partial);
  try {
    await mkdir(partial);
    await fill(partial);
    if (existsSync(target)) await rm(target, { recursive: true }); // an empty folder: checked by refuseTarget
    await rename(partial, target);
    await flushFolder(path.dirname(target));
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (error instanceof BadInput) throw error;
    explainWriteError(error, target);
  } finally {
    stopWatch();
  }
}

const isWithin = (folder: string, target: string): boolean => {
  const below = path.relative(folder, target);
  return !below.startsWith('..') && !path.isAbsolute(below);
};

/** Real path of the nearest folder that is there, with the rest after it. */
function realTarget(target: string): string {
  const parent = path.dirname(target);
  return existsSync(parent) ? path.join(realpathSync(parent), path.basename(target)) : target;
}

/** Refuses a target that is there already (a folder: that holds something) or lies within a source folder. */
export function refuseTarget(target: string, sources: readonly string[]): void {
  if (existsSync(target)) {
    const isEmptyFolder = (() => {
      try {
        return readdirSync(target).length === 0;
      } catch {
        return false;
      }
    })();
    if (!isEmptyFolder)
      throw new BadInput(
        'target-exists',
        'There is something at the target already; it is never written over.',
        'Choose another name, or remove it first.',
        { file: target },
      );
  }
  for (const source of sources) {
    if (existsSync(source) && isWithin(realpathSync(source), realTarget(target))) {
      throw new BadInput(
        'target-in-source',
        'The target lies within a source folder, which is only read.',
        'Choose a place outside the dataset.',
        { file: target },
      );
    }
  }
}
