/** Rolling copies of a project, beside it: taken when it is opened, before an import and before many changes at once; the newest few
 * are kept. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { ProjectDatabase } from './open';

export const KEPT_BACKUPS = 5;
const NAME = /^step-(\d+)\.reticle$/;
const PAGES_AT_ONCE = 500;

export interface Backup {
  readonly name: string;
  /** Last step that it holds. */
  readonly step: number;
  /** ISO 8601. */
  readonly time: string;
  readonly bytes: number;
}

const stemOf = (file: string): string => file.replace(/\.reticle$/i, '');
export const backupFolder = (file: string): string => `${stemOf(file)}.backups`;

/** Newest first. Steps only ever count up, undone ones too: the order of steps is that of time. */
export function listBackups(file: string): Backup[] {
  const folder = backupFolder(file);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .flatMap((name) => {
      const step = NAME.exec(name)?.[1];
      if (step === undefined) return [];
      const { mtime, size } = statSync(path.join(folder, name));
      return [{ name, step: Number(step), time: mtime.toISOString(), bytes: size }];
    })
    .sort((a, b) => b.step - a.step);
}

/** Throws where the disk has less than twice the project's size left: work comes before copies of it. */
async function assertRoom(file: string): Promise<void> {
  const { bavail, bsize } = await statfs(path.dirname(file));
  if (bavail * bsize < 2 * statSync(file).size) throw new Error('too little space is left on the disk');
}

/** Copies an open project whole, unless the newest copy holds its last step; `step`: the last one. */
export async function backUp(db: ProjectDatabase, file: string, step: number): Promise<void> {
  const folder = backupFolder(file);
  if (step === 0 || listBackups(file).some((backup) => backup.step === step)) return;
  await assertRoom(file);
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, `step-${String(step).padStart(6, '0')}.reticle`);
  const partial = `${target}.partial-${process.pid}`;
  try {
    await db.backup(partial, { progress: () => PAGES_AT_ONCE });
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
  for (const { name } of listBackups(file).slice(KEPT_BACKUPS)) rmSync(path.join(folder, name));
}

/**
 * Puts a copy of a backup beside the project, as a project of its own, and returns its path. The project stays as it is:
 * which of the two to go on with is the user's choice.
 */
export async function restoreBackup(file: string, name: string): Promise<string> {
  const backup = listBackups(file).find((one) => one.name === name);
  if (!backup) {
    throw new BadInput('backup-missing', 'That backup is no longer there.', 'Choose another.', {
      file: backupFolder(file),
    });
  }
  const base = `${stemOf(file)}-restored-${backup.step}`;
  let target = `${base}.reticle`;
  for (let i = 2; existsSync(target); i++) target = `${base}-${i}.reticle`;
  const partial = `${target}.partial-${process.pid}`;
  try {
    await copyFile(path.join(backupFolder(file), name), partial);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
  return target;
}
