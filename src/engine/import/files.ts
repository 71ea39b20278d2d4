/** Reading small files whole, with errors that say what and where. */
import { readFile, stat } from 'node:fs/promises';
import { BadInput } from '../../core/foundation/bad-input';
import { LARGEST_TEXT } from '../../core/formats/source';
import { STANDARD_INPUT, standardInput } from './standard-input';

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

export async function readWhole(file: string): Promise<Uint8Array> {
  if (file === STANDARD_INPUT) return standardInput().whole();
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
