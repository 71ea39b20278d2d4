/** What becomes of project files: copies, backups, a damaged file, the first import undone, exchanged ground truth. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { LaunchOptions, RunningApp } from '../app';
import { expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const SAMPLE = path.join(ROOT, 'resources', 'sample');
const TRUTH = path.join(SAMPLE, 'truth.json');
const PREDICTIONS = path.join(SAMPLE, 'predictions.json');

let folder = '';
const folders: string[] = [];
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-files-'));
  folders.push(folder);
});
test.afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

/** A command of the checkout's command line; returns what it printed. */
function reticle(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, 'bin/reticle.mjs'), ...args],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`reticle ${args.join(' ')} ended with ${String(status)}: ${stderr}`);
  return stdout;
}

interface Opened {
  readonly running: RunningApp;
  readonly window: ReticleWindow;
  readonly file: string;
}

/** The app on a project of the sample's files, with its gallery shown. */
async function withProject(launch: (options: LaunchOptions) => Promise<RunningApp>): Promise<Opened> {
  const file = path.join(folder, 'cells.reticle');
  reticle('project', 'new', file);
  const sources = ['--truth', TRUTH, '--predictions', PREDICTIONS, '--images', path.join(SAMPLE, 'images')];
  reticle('project', 'import', file, ...sources, '--run', 'detector');
  return openProject(launch, file);
}

async function openProject(
  launch: (options: LaunchOptions) => Promise<RunningApp>,
  file: string,
): Promise<Opened> {
  const running = await launch({ project: file, userData: path.join(folder, 'data') });
  const window = new ReticleWindow(running.page, running.app);
  await window.failuresAreShown();
  return { running, window, file };
}

async function choose(window: ReticleWindow, action: string): Promise<void> {
  await window.press('Control+k');
  await window.page.getByPlaceholder('Command palette').fill(action);
  await window.press('Enter');
}

test('the import itself is undone only after a question, whose safe answer is the first', async ({
  launch,
}) => {
  const { running, window } = await withProject(launch);
  const dialog = running.page.getByRole('dialog', { name: 'Undo the import?' });
  await window.press('Control+z');
  await expect(dialog).toContainText('120 images');
  await expect(dialog.getByRole('button', { name: 'Keep everything' })).toBeFocused();
  await running.screenshot('undo-import');
  await window.press('Enter');
  await expect(dialog).toBeHidden();
  const bar = running.page.getByTestId('matches');
  await expect(bar).toContainText('of 120 images');
  const score = await window.score.textContent();
  await window.press('Control+z');
  await dialog.getByRole('button', { name: 'Undo the import' }).click();
  await expect(bar).not.toContainText('of 120 images');
  await running.screenshot('import-undone');
  await window.press('Control+Shift+z');
  await expect(bar).toContainText('of 120 images');
  await expect(window.score).toHaveText(score!);
  // An edit on top of it is undone without a question.
  await window.tiles.first().click();
  await window.press('Enter');
  await expect(window.score).not.toHaveText(score!);
  await window.press('Control+z');
  await expect(window.score).toHaveText(score!);
  await expect(dialog).toBeHidden();
});

test('a copy is saved whole while the project goes on', async ({ launch }) => {
  const { running, window, file } = await withProject(launch);
  const copy = path.join(folder, 'copy.reticle');
  await window.answerDialogs([copy]);
  await window.press('Control+Shift+s');
  await expect(running.page.getByText('The copy is saved.')).toBeVisible();
  expect((await running.engine('project.state', {}))!.path).toBe(file);
  const score = await window.scoreValue();
  await running.engine('project.open', { path: copy });
  await running.page.reload();
  await expect(running.page.getByRole('button', { name: 'Project copy' })).toBeVisible();
  await window.failuresAreShown();
  expect(await window.scoreValue()).toBe(score);
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  // A file that is there is never written over.
  const refused = await running.engineReply('project.saveCopy', { path: file, job: 'again' });
  expect(refused).toMatchObject({ ok: false, error: { code: 'target-exists' } });
});

test('a damaged project leads to its backups, and one of them opens', async ({ launch }) => {
  const { running, window, file } = await withProject(launch);
  await choose(window, 'Backups');
  const dialog = running.page.getByRole('dialog', { name: 'Backups' });
  await expect(dialog.getByText('up to step 1')).toBeVisible();
  await running.screenshot('backups');
  await window.press('Escape');
  await running.engine('project.close', {});
  await running.page.reload();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0x5a, 4096, bytes.length - 4096));
  await running.page.getByRole('button', { name: /cells/ }).first().click();
  await expect(dialog.getByText('The project file is damaged.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Open as a new project' }).click();
  await expect(running.page.getByRole('button', { name: 'Project cells-restored-1' })).toBeVisible();
  await window.failuresAreShown();
  expect((await running.engine('project.state', {}))!.images).toBe(120);
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('ground truth exchanged by an import is scored, keeps reviews, and comes back by undo', async ({
  launch,
}) => {
  const first = await withProject(launch);
  const before = await first.window.scoreValue();
  const [image] = await first.running.engine('image.find', { text: 'smear-001', limit: 1 });
  await first.running.engine('edit.apply', {
    operations: [{ review: { image: image!.image, status: 'done', note: 'seen' } }],
    shown: null,
  });
  await first.running.close();
  const exact = path.join(SAMPLE, 'truth-exact.json');
  const given = ['project', 'import', first.file, '--truth', exact, '--images', path.join(SAMPLE, 'images')];
  expect(() => reticle(...given)).toThrow('has its ground truth already');
  reticle(...given, '--replace');
  const { running, window } = await openProject(launch, first.file);
  expect(await window.scoreValue()).not.toBe(before);
  const run = (await running.engine('project.state', {}))!.runs[0]!.id;
  const point = { iou: 0.5, score: 0.5 };
  const detail = await running.engine('image.detail', { image: image!.image, run, point });
  expect([detail.status, detail.note]).toEqual(['done', 'seen']);
  // The window's own connection ended with the test's.
  await running.page.reload();
  await window.failuresAreShown();
  await window.press('Control+z');
  await expect(window.score).toHaveText(before.toFixed(4));
});

test('the shown images go out as PNG with their boxes on them', async ({ launch }) => {
  const { running, window } = await withProject(launch);
  await window.goTo('Images');
  await window.galleryIsShown();
  await running.page.getByRole('searchbox').first().fill('smear-00');
  await expect.poll(() => window.matches()).toBe(9);
  const target = path.join(folder, 'overlays');
  await window.answerDialogs([target]);
  await choose(window, 'Export the shown images with overlays');
  await expect(running.page.getByText('9 images written.')).toBeVisible();
  const written = readdirSync(target).sort();
  expect(written).toHaveLength(9);
  const original = await sharp(path.join(SAMPLE, 'images', 'smear-001.jpg'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const drawn = await sharp(path.join(target, 'smear-001.png'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([drawn.info.width, drawn.info.height]).toEqual([original.info.width, original.info.height]);
  const changed = drawn.data.filter((value, i) => Math.abs(value - original.data[i]!) > 64).length;
  expect(changed).toBeGreaterThan(1000);
  expect(changed).toBeLessThan(drawn.data.length / 2);
  expect(existsSync(path.join(SAMPLE, 'images', 'smear-001.png'))).toBe(false);
});
