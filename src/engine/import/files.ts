/** Reading files as the importers need it: in pieces, with errors that say what and where. */
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';

const PIECE = 1 << 22;
/** Small text files (XML, CSV, label maps) larger than this are not what they claim to be. */
export const LARGEST_TEXT = 512 * 1024 * 1024;

/** A file that cannot be read is bad input, with the system's reason in words. */
export function unreadable(error: unknown, file: string): BadInput {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'is not there',
    EACCES: 'cannot be read: no permission',
    EPERM: 'cannot be read: no permission',
    EISDIR: 'is a folder, not a file',
    ENOTDIR: 'is not below a folder',
  };
  return new BadInput(
    'file-unreadable',
    `${file} ${reasons[code] ?? `cannot be read (${code || String(error)})`}.`,
    'Check the path and its permissions.',
    { file },
  );
}

/** Feeds a file (`-`: standard input) to `take`, piece by piece. */
export async function readPieces(
  file: string,
  take: (piece: Uint8Array) => void,
  progress: Progress,
): Promise<void> {
  const total =
    file === '-'
      ? null
      : await stat(file).then(
          ({ size }) => size,
          (error: unknown) => {
            throw unreadable(error, file);
          },
        );
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: PIECE });
  let done = 0;
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  for (;;) {
    const next = await pieces.next().catch((error: unknown) => {
      throw unreadable(error, file);
    });
    if (next.done) return;
    take(next.value);
    done += next.value.length;
    progress.check();
    progress.report(`Reading ${path.basename(file)}`, done, total);
  }
}

export async function readWhole(file: string): Promise<Uint8Array> {
  if (file === '-') {
    const pieces: Uint8Array[] = [];
    for await (const piece of process.stdin) pieces.push(piece as Uint8Array);
    return Buffer.concat(pieces);
  }
  try {
    const { size } = await stat(file);
    if (size > LARGEST_TEXT)
      throw new BadInput(
        'file-too-large',
        `${file} is larger than such a file can be.`,
        'Check that it is the right file.',
        { file },
      );
    return await readFile(file);
  } catch (error) {
    throw error instanceof BadInput ? error : unreadable(error, file);
  }
}

/** The first bytes of a file. */
export async function readHead(file: string, bytes = 65536): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await handle.read(buffer, 0, bytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(error, file);
  }
}

export async function isFolder(file: string): Promise<boolean> {
  if (file === '-') return false;
  return stat(file).then(
    (entry) => entry.isDirectory(),
    (error: unknown) => {
      throw unreadable(error, file);
    },
  );
}

/** Names in a folder, sorted; empty where it is none. */
export async function namesIn(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
