/** Writing that is whole or not at all: beside the target, flushed, then renamed. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
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

function explain(error: unknown, target: string): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new BadInput('disk-full', 'The disk is full.', 'Free some space; nothing was left behind.', {
      file: target,
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    throw new BadInput(
      'not-writable',
      'The target cannot be written.',
      'Choose another place, or give yourself write access.',
      { file: target },
    );
  if (code === 'ENOENT') throw folderMissing(target);
  throw error;
}

/** Writes a file whole. */
export async function writeFileWhole(
  target: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const partial = partialName(target);
  try {
    const handle = await open(partial, 'wx');
    try {
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
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, target);
    await flushFolder(path.dirname(target));
  } catch (error) {
    await rm(partial, { force: true });
    explain(error, target);
  }
}

/** Fills a new folder and puts it in place whole. */
export async function writeFolderWhole(
  target: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const partial = partialName(target);
  try {
    await mkdir(partial);
    await fill(partial);
    if (existsSync(target)) await rm(target, { recursive: true }); // an empty folder: checked by refuseTarget
    await rename(partial, target);
    await flushFolder(path.dirname(target));
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (error instanceof BadInput) throw error;
    explain(error, target);
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
