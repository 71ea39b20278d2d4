import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { BadInput } from '../../core/foundation/bad-input';
import { FIRST } from './migrations/0001-first';
import { BILL } from './migrations/0002-bill';

/** Steps in order; the number of a step is the `user_version` it leaves. */
export const MIGRATIONS: readonly string[] = [FIRST, BILL];
export const CURRENT_VERSION = MIGRATIONS.length;

/** Where the copy made before a migration lies. */
export function backupPath(file: string, version: number): string {
  const base = `${file}.version-${version}.backup`;
  for (let i = 1; ; i++) {
    const path = i === 1 ? base : `${base}-${i}`;
    if (!existsSync(path)) return path;
  }
}

/** Throws `BadInput` for a file from a newer version; returns the file's. */
export function assertNotNewer(db: Database.Database, file: string, known = CURRENT_VERSION): number {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version <= known) return version;
  throw new BadInput(
    'project-newer',
    `The project was written by a newer Reticle (its version is ${version}, this one knows ${known}).`,
    'Open it with the Reticle that wrote it, or a newer one. Nothing was changed.',
    { file },
  );
}

/**
 * Brings a project file to the current version: each step in a transaction of its own, the file copied first. Throws
 * `BadInput` for a file from a newer version.
 */
export function migrate(db: Database.Database, file: string, steps: readonly string[] = MIGRATIONS): void {
  const version = assertNotNewer(db, file, steps.length);
  if (version > 0 && version < steps.length) db.prepare('VACUUM INTO ?').run(backupPath(file, version));
  for (let step = version; step < steps.length; step++) {
    db.transaction(() => {
      db.exec(steps[step]!);
      db.pragma(`user_version = ${step + 1}`);
    })();
  }
}
