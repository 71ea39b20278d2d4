/** A small JSON file of the app's own data: read once, checked, written atomically, never a reason not to start. */
import { readFileSync, renameSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';

/**
 * The parsed file, or undefined where there is none. A file that is not JSON is set aside as `<file>.damaged` and
 * `note` is told.
 */
export function readJson(file: string, note: (text: string) => void): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') note(`${file} cannot be read: ${String(error)}`);
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    try {
      renameSync(file, `${file}.damaged`);
      note(`${file} was damaged; it is kept as ${file}.damaged, and defaults are used.`);
    } catch (error) {
      note(`${file} is damaged and cannot be set aside: ${String(error)}`);
    }
    return undefined;
  }
}

/** Writes the value as JSON: whole or not at all. Throws where the folder cannot be written to. */
export function writeJson(file: string, value: unknown): void {
  writeFileAtomic.sync(file, `${JSON.stringify(value, null, 2)}\n`, { encoding: 'utf8', mode: 0o600 });
}
