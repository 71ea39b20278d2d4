/** What a killed writer, a torn log, a full disk and a read-only folder leave of a project. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProjectSession } from '../project/session';
import { CrashLab, judge } from './crash-lab.fixture';

const lab = new CrashLab();
beforeAll(() => lab.prepare());
afterAll(() => {
  lab.remove();
});

const ENDLESS = 1e9;

describe('a project whose writer is killed', () => {
  it.each([1, 2, 3, 4, 5])('holds every acknowledged step (%i)', async (seed) => {
    const file = lab.project();
    const run = await lab.run(file, seed, ENDLESS, 30 * seed);
    expect(run.isEnded).toBe(false);
    expect(judge(file, run).problems).toEqual([]);
  });

  it('holds the steps up to where its log was torn, whole, wherever that is', async () => {
    const file = lab.project();
    const run = await lab.run(file, 12, 5, null);
    expect(run.isEnded).toBe(true);
    const { problems, tears, steps } = lab.tearLog(file);
    expect(problems).toEqual([]);
    expect(tears).toBeGreaterThan(30);
    expect(steps).toBe(run.acknowledged.at(-1));
  });
});

describe('a project on a full disk', () => {
  it.skipIf(process.platform === 'win32')(
    'refuses the edit, keeps all before it, and goes on when there is room',
    async () => {
      const file = lab.project();
      const blocks = Math.ceil(statSync(file).size / 1024) + 40;
      const run = await lab.run(file, 3, ENDLESS, null, { fileBlocks: blocks });
      expect(run.refused).toBe('project-disk');
      expect(run.acknowledged.length).toBeGreaterThan(0);
      const { problems, steps } = judge(file, run);
      expect(problems).toEqual([]);
      expect(steps).toBe(run.acknowledged.at(-1));
      const more = await lab.run(file, 4, 10, null);
      expect([more.refused, more.isEnded]).toEqual([null, true]);
    },
  );
});

/** Root may write anywhere: there the writer runs as nobody. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

describe('a project that cannot be written', () => {
  it.skipIf(process.platform === 'win32')('is refused with what to do, and left as it is', async () => {
    const folder = path.join(lab.folder, 'read-only');
    mkdirSync(folder);
    const file = path.join(folder, 'a.reticle');
    copyFileSync(lab.project(), file);
    const before = readFileSync(file);
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    const run = await lab.run(file, 1, 5, null, NOBODY);
    expect([run.refused, run.acknowledged]).toEqual(['project-not-writable', []]);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(`${file}-wal`)).toBe(false);
    chmodSync(folder, 0o755);
    chmodSync(file, 0o644);
    ProjectSession.open(file).close();
  });
});
