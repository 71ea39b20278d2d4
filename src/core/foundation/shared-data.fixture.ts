/** Where tests find the shared data (real datasets, models, reference outputs) beside the checkout. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../../shared', import.meta.url));

/** Absolute path of `relative` in the shared folder, or null where the folder or the entry is absent. */
export function sharedPath(relative: string): string | null {
  const path = `${ROOT}/${relative}`;
  return existsSync(path) ? path : null;
}
