import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUpQuietly } from '../project/safeguards';
import { ProjectSession } from '../project/session';
import type { SmallProject } from '../project/small-project.fixture';
import { makeSmallProject, NO_SCORES } from '../project/small-project.fixture';
import { backUp, backupFolder, KEPT_BACKUPS, listBackups, restoreBackup } from './backups';

let project: SmallProject;
let session: ProjectSession;
beforeEach(() => {
  project = makeSmallProject();
  ({ session } = project);
});
afterEach(() => {
  session.close();
  project.remove();
});

const deleteOne = (annotation: number): unknown =>
  session.apply([{ delete: { annotation } }], 'test', 'Delete', NO_SCORES);
const listFiles = (): string[] =>
  existsSync(backupFolder(project.file)) ? readdirSync(backupFolder(project.file)) : [];
const take = (): Promise<void> => backUp(session.db, project.file, session.log.nextStep - 1);

describe('backups', () => {
  it('are taken once a step, and the newest few are kept', async () => {
    await take();
    await take();
    expect(listBackups(project.file).map(({ step }) => step)).toEqual([1]);
    for (let id = 1; id <= KEPT_BACKUPS + 2; id++) {
      deleteOne(id);
      await take();
    }
    const steps = listBackups(project.file).map(({ step }) => step);
    expect(steps).toEqual([8, 7, 6, 5, 4]);
    expect(readdirSync(backupFolder(project.file))).toHaveLength(KEPT_BACKUPS);
  });

  it('hold what was there, and are restored beside the project, which stays as it is', async () => {
    deleteOne(1);
    await take();
    deleteOne(2);
    deleteOne(3);
    const [backup] = listBackups(project.file);
    const first = await restoreBackup(project.file, backup!.name);
    const second = await restoreBackup(project.file, backup!.name);
    expect(path.dirname(first)).toBe(path.dirname(project.file));
    expect(second).not.toBe(first);
    const restored = ProjectSession.open(first);
    expect([restored.data.annotationCount, session.data.annotationCount]).toEqual([23, 21]);
    expect(restored.undo('test', NO_SCORES)!.label).toBe('Delete');
    restored.close();
    await expect(restoreBackup(project.file, '../small.reticle')).rejects.toMatchObject({
      code: 'backup-missing',
    });
  });

  it('that cannot be taken, or are cut off by closing, leave no half copy and stop nobody', async () => {
    const taking = backUpQuietly(session, (text) => {
      throw new Error(text);
    });
    session.close();
    await taking;
    expect(listFiles().filter((name) => name.includes('partial'))).toEqual([]);
    session = ProjectSession.open(project.file);
    await take();
    expect(listBackups(project.file)).toHaveLength(1);
  });
});
