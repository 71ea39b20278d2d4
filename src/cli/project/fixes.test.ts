/** project fixes, as it is called: what it lists can be given to project edit. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeSmallProject, NO_SCORES } from '../../engine/project/small-project.fixture';
import { main } from '../index';

let folder = '';
let out = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-fixes-'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const small = makeSmallProject();
  const { image, category, box } = small.session.data.annotations[0]![0]!;
  small.session.apply([{ add: { image, category, box: [...box] } }], 'test', 'Draw', NO_SCORES);
  small.session.close();
  copyFileSync(small.file, path.join(folder, 'p.reticle'));
  small.remove();
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

interface Printed {
  readonly AP: number;
  readonly fixes: { kind: string; gain: number; operation: object; annotation: number | null }[];
  readonly scores: { before: number; after: number }[];
}

async function run(...args: string[]): Promise<Printed> {
  out = '';
  const context = { cwd: folder, root: folder, version: '1', openWindow: () => Promise.resolve(0) };
  expect(await main(['project', ...args], context)).toBe(0);
  return JSON.parse(out) as Printed;
}

it('lists suspects with the operations that mend them', async () => {
  const { fixes } = await run('fixes', 'p.reticle', '--json');
  const duplicate = fixes.find(({ kind }) => kind === 'duplicated')!;
  expect(duplicate.operation).toEqual({ delete: { annotation: 25 } });
  writeFileSync(path.join(folder, 'o.json'), JSON.stringify([duplicate.operation]));
  const { scores } = await run('edit', 'p.reticle', '--operations', 'o.json', '--json');
  expect(scores[0]!.after - scores[0]!.before).toBe(duplicate.gain);
  const after = await run('fixes', 'p.reticle', '--json', '--limit', '3');
  expect(after.fixes.length).toBeLessThanOrEqual(3);
  expect(after.fixes.filter(({ kind }) => kind === 'duplicated')).toEqual([]);
});
