/** project check, repair, split and merge, as they are called. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSmallProject, NO_SCORES } from '../../engine/project/small-project.fixture';
import { main } from '../index';

let folder = '';
let out = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-files-'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const small = makeSmallProject();
  const images = small.session.data.images.map(({ key }) => key);
  small.session.apply(
    [{ review: { image: images[0]!, status: 'second-look', note: 'look' } }],
    'a',
    'Review',
    NO_SCORES,
  );
  small.session.close();
  copyFileSync(small.file, path.join(folder, 'whole.reticle'));
  small.remove();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

interface Document {
  readonly sound: boolean;
  readonly step: number | null;
  readonly added: number[];
  readonly changed: number[];
  readonly deleted: number[];
  readonly parts: { path: string; images: number; annotations: number }[];
  readonly images: number;
  readonly annotations: number;
  readonly steps: number;
  readonly canUndo: number;
  readonly results: { metrics: Record<string, number> }[];
  readonly findings: { code: string; severity: string }[];
  readonly entries: { action: string }[];
  readonly error: { code: string };
}
async function run(...args: string[]): Promise<{ code: number; document: Document }> {
  out = '';
  const code = await main(['project', ...args, '--json'], { cwd: folder, root: folder });
  return { code, document: JSON.parse(out) as Document };
}
let edits = 0;
async function edit(file: string, ...operations: object[]): Promise<void> {
  const name = `operations-${++edits}.json`;
  writeFileSync(path.join(folder, name), JSON.stringify(operations));
  expect((await run('edit', file, '--operations', name)).code).toBe(0);
}
const scoreOf = async (file: string): Promise<unknown> => (await run('evaluate', file)).document.results;

describe('project check and repair', () => {
  it('call a sound file sound, and make a copy of it that scores and undoes alike', async () => {
    const { code, document } = await run('check', 'whole.reticle');
    expect([code, document]).toEqual([0, { sound: true, findings: [] }]);
    const repaired = await run('repair', 'whole.reticle', '--to', 'copy.reticle');
    expect(repaired).toMatchObject({ code: 0, document: { images: 6, annotations: 24, findings: [] } });
    expect(await scoreOf('copy.reticle')).toEqual(await scoreOf('whole.reticle'));
    const history = (await run('history', 'copy.reticle')).document.entries.map(({ action }) => action);
    expect(history).toEqual(['import', 'edit', 'repair']);
    expect((await run('undo', 'copy.reticle')).document.canUndo).toBe(1);
    expect(readdirSync(folder).filter((name) => /partial|-wal|-shm/.test(name))).toEqual([]);
  });

  it('never write over a file, and refuse what is no project', async () => {
    const before = readFileSync(path.join(folder, 'whole.reticle'));
    expect((await run('repair', 'whole.reticle', '--to', 'whole.reticle')).code).toBe(2);
    expect(readFileSync(path.join(folder, 'whole.reticle')).equals(before)).toBe(true);
    writeFileSync(path.join(folder, 'text.reticle'), 'no database at all');
    for (const command of ['check', 'repair'])
      expect((await run(command, 'text.reticle')).document.error.code).toBe('not-a-project');
    expect((await run('check', 'absent.reticle')).document.error.code).toBe('project-missing');
  });

  it('find damage anywhere, leave the file alone, and save every record that can be read', async () => {
    const sound = readFileSync(path.join(folder, 'whole.reticle'));
    const pages = sound.length / 4096;
    let saved = 0;
    for (let page = 1; page < pages; page++) {
      const damaged = Buffer.from(sound);
      damaged.fill(0xa5, page * 4096, (page + 1) * 4096);
      const name = `damaged-${page}.reticle`;
      writeFileSync(path.join(folder, name), damaged);
      const check = await run('check', name);
      expect(check.code).toBe(0);
      const target = `repaired-${page}.reticle`;
      const { code, document } = await run('repair', name, '--to', target);
      expect(readFileSync(path.join(folder, name)).equals(damaged)).toBe(true);
      if (code === 2) {
        expect(document.error.code).toBe('project-unreadable');
        expect(existsSync(path.join(folder, target))).toBe(false);
        continue;
      }
      expect(code).toBe(0);
      expect((await run('check', target)).document.sound).toBe(true);
      if (document.findings.length > 0) expect(check.document.sound).toBe(false);
      saved += document.annotations === 24 ? 1 : 0;
    }
    // Annotations lie on one page, the list of tables on another; all other damage costs no label.
    expect(saved).toBeGreaterThan(pages - 8);
  }, 60_000);
});

describe('project split and merge', () => {
  const parts = (count: number): string[] =>
    Array.from({ length: count }, (_, k) => path.join('parts', `whole-${k + 1}-of-${count}.reticle`));

  it('bring every kind of change back as one step, as if it had been done in the whole', async () => {
    copyFileSync(path.join(folder, 'whole.reticle'), path.join(folder, 'direct.reticle'));
    const split = await run('split', 'whole.reticle', '--by', '2', '--to', 'parts');
    expect(split.document.parts.map(({ images, annotations }) => [images, annotations])).toEqual([
      [3, 12],
      [3, 12],
    ]);
    const [first, second] = parts(2) as [string, string];
    const onFirst = [
      { add: { image: '1.jpg', category: 'b', bbox: [1.5, 2, 30, 40], difficult: true } },
      { delete: { annotation: 2 } },
      { review: { image: '3.jpg', status: 'done', note: 'first' } },
    ];
    const onSecond = [
      { change: { annotation: 5, category: 'b', bbox: [11, 12, 16, 18] } },
      { accept: { run: 'model', prediction: 25 } },
    ];
    await edit(first, ...onFirst);
    await edit(second, ...onSecond);
    await edit(second, { delete: { annotation: 6 } });
    expect((await run('undo', second)).code).toBe(0);
    await edit('direct.reticle', ...onFirst, ...onSecond);
    const merged = await run('merge', 'whole.reticle', first, second);
    expect(merged).toMatchObject({ code: 0, document: { changed: [5], deleted: [2], findings: [] } });
    expect(merged.document.added).toEqual([25, 26]);
    expect(await scoreOf('whole.reticle')).toEqual(await scoreOf('direct.reticle'));
    const before = await scoreOf('whole.reticle');
    expect((await run('merge', 'whole.reticle', first, second)).document).toMatchObject({
      step: null,
      findings: [],
    });
    await run('undo', 'whole.reticle');
    await run('redo', 'whole.reticle');
    expect(await scoreOf('whole.reticle')).toEqual(before);
    expect((await run('history', 'whole.reticle')).document.entries.map(({ action }) => action)).toEqual([
      'import',
      'edit',
      'merge',
      'undo',
      'redo',
    ]);
  });

  it('keep the whole’s where both changed a record, and say so', async () => {
    await run('split', 'whole.reticle', '--by', '3', '--to', 'parts');
    const [first] = parts(3) as [string];
    await edit('whole.reticle', { change: { annotation: 1, bbox: [1, 1, 5, 5] } });
    await edit(first, { change: { annotation: 1, bbox: [2, 2, 5, 5] } }, { delete: { annotation: 3 } });
    const { document } = await run('merge', 'whole.reticle', first);
    expect(document).toMatchObject({ changed: [], deleted: [3], findings: [{ code: 'merge-conflict' }] });
  });

  it('put parts into an empty project so that it scores as the whole did', async () => {
    await run('split', 'whole.reticle', '--by', '4', '--to', 'parts');
    await run('new', 'again.reticle');
    const { code, document } = await run('merge', 'again.reticle', ...parts(4).reverse());
    expect([code, document.images, document.annotations]).toEqual([0, 6, 24]);
    const metrics = (results: unknown): unknown => (results as Document['results']).map((one) => one.metrics);
    expect(metrics(await scoreOf('again.reticle'))).toEqual(metrics(await scoreOf('whole.reticle')));
  });

  it('refuse what cannot be merged or split, and change nothing', async () => {
    const before = await scoreOf('whole.reticle');
    copyFileSync(path.join(folder, 'whole.reticle'), path.join(folder, 'other.reticle'));
    expect((await run('merge', 'whole.reticle', 'other.reticle')).document.step).toBeNull();
    await edit('other.reticle', { delete: { annotation: 1 } });
    expect((await run('merge', 'whole.reticle', 'other.reticle')).document.error.code).toBe(
      'merge-impossible',
    );
    expect((await run('merge', 'whole.reticle', 'whole.reticle')).code).toBe(2);
    for (const by of ['0', '7', 'two'])
      expect((await run('split', 'whole.reticle', '--by', by, '--to', 'parts')).code).toBe(2);
    expect(existsSync(path.join(folder, 'parts'))).toBe(false);
    writeFileSync(path.join(folder, 'taken'), '');
    expect((await run('split', 'whole.reticle', '--by', '2', '--to', 'taken')).code).toBe(2);
    expect(await scoreOf('whole.reticle')).toEqual(before);
  });
});
