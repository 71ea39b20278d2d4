/** The log of main and engine: a small file that is turned over, never sent anywhere. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const LARGEST = 1_000_000;
const KEPT = 3;

export interface Log {
  /** One entry with its time and source. Never throws. */
  (source: 'main' | 'engine' | 'window', text: string): void;
}

function turnOver(file: string): void {
  for (let age = KEPT - 1; age >= 1; age -= 1) {
    try {
      renameSync(age === 1 ? file : `${file}.${age - 1}`, `${file}.${age}`);
    } catch {
      // That age does not exist yet.
    }
  }
}

/** Opens `reticle.log` in the folder; at 1 MB it becomes `reticle.log.1`, and so on; the oldest goes. */
export function openLog(folder: string, now: () => Date = () => new Date()): Log {
  const file = path.join(folder, 'reticle.log');
  return (source, text) => {
    try {
      mkdirSync(folder, { recursive: true });
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (size > LARGEST) turnOver(file);
      appendFileSync(file, `${now().toISOString()} ${source} ${text.trimEnd()}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not take the app down with its log.
    }
  };
}
