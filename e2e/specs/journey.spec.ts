/** The whole way: see failures, fix a label, watch the score move, undo, close, reopen, export, import again. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { ARTEFACTS, expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const SHARED = path.join(ROOT, '..', 'shared');
const BCCD = path.join(SHARED, 'datasets', 'bccd');
const PREDICTIONS = path.join(SHARED, 'models', 'bccd', 'predictions-val.json');

interface Labels {
  annotations: { id: number; bbox: number[]; category_id: number; image_id: number }[];
}
const readLabels = (file: string): Labels => JSON.parse(readFileSync(file, 'utf8')) as Labels;

let folder = '';
const folders: string[] = [];
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-journey-'));
  folders.push(folder);
});
// After all: an app ends only once its test is over, and writes its last files then.
test.afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

test('the sample: see a failure, accept it, undo, reopen, redo, export', async ({ launch }) => {
  const first = await launch({ firstRun: true, userData: path.join(folder, 'data') });
  const window = new ReticleWindow(first.page, first.app);
  // The first thing that is seen is the answer.
  await expect(first.page.getByRole('heading', { name: 'Why is the score low?' })).toBeVisible();
  await window.failuresAreShown();
  await first.screenshot('sample-failures');
  const before = await window.scoreValue();

  await window.filterOutcomes('False positive');
  await expect.poll(() => window.matches()).toBeGreaterThan(10);
  await window.tiles.first().click();
  await window.press('e');
  await expect(first.page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  await first.screenshot('sample-image');
  await expect(first.page.getByRole('button', { name: 'Accept Enter' })).toBeEnabled();
  await window.press('Enter');
  await expect(first.page.getByTestId('edit-change')).toContainText('+');
  const after = await window.scoreValue();
  expect(after).toBeGreaterThan(before);
  await expect(window.saveState).toHaveAttribute('data-state', 'saved');

  await window.press('Control+z');
  await expect(window.score).toHaveText(before.toFixed(4));
  await first.close();

  const again = await launch({
    userData: path.join(folder, 'data'),
    project: path.join(folder, 'data', 'sample', 'sample.reticle'),
  });
  const reopened = new ReticleWindow(again.page, again.app);
  await reopened.failuresAreShown();
  expect(await reopened.scoreValue()).toBe(before);
  await reopened.press('Control+Shift+z');
  await expect(reopened.score).toHaveText(after.toFixed(4));
  await reopened.goTo('History');
  await expect(again.page.getByTestId('history')).toContainText('Accept');
  await again.screenshot('sample-history');

  const target = path.join(folder, 'labels.json');
  await reopened.answerDialogs([target]);
  await reopened.press('Control+e');
  await again.page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  await expect.poll(() => existsSync(target)).toBe(true);
  expect(readLabels(target).annotations).toHaveLength(1795);
});

test('BCCD: import, find misses, add a box, see the score rise, undo, reopen, redo, export, import again', async ({
  launch,
}) => {
  test.skip(!existsSync(BCCD) || !existsSync(PREDICTIONS), 'needs datasets/bccd and models/bccd');
  const project = path.join(folder, 'bccd-val.reticle');
  const { app, page, screenshot, close } = await launch({ userData: path.join(folder, 'data') });
  const window = new ReticleWindow(page, app);
  await page.getByRole('heading', { name: /Why is your detector/ }).waitFor();
  await screenshot('start');
  await window.answerDialogs([BCCD, PREDICTIONS]);
  await page.getByRole('button', { name: 'Choose files' }).click();
  await expect(page.getByText('val was chosen because the predictions are of it.')).toBeVisible();
  await screenshot('import');
  await window.answerDialogs([project]);
  await page.getByRole('button', { name: 'Import 87 images' }).click();
  await window.failuresAreShown();
  expect(await window.scoreValue()).toBe(0.473);

  await window.filterOutcomes('Miss');
  await page.getByRole('button', { name: /^Sort by/ }).click();
  await page.getByRole('menuitemradio', { name: 'Size' }).click();
  await expect(window.tiles.first()).toHaveText(/^Miss/);
  await screenshot('bccd-misses');
  const misses = await window.tiles.evaluateAll((tiles) => tiles.slice(0, 5).map((tile) => tile.textContent));
  expect(misses).toHaveLength(5);
  expect(misses.every((label) => label.startsWith('Miss'))).toBe(true);

  await window.filterOutcomes('False positive');
  await page.getByRole('button', { name: /^Sort by/ }).click();
  await page.getByRole('menuitemradio', { name: 'Confidence' }).click();
  await expect(window.tiles.first()).toHaveText(/^False positive/);
  await window.tiles.first().click();
  await window.press('e');
  await expect(page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  // The box that the tile was about is selected once the image has come.
  await expect(page.getByRole('button', { name: 'Accept Enter' })).toBeEnabled();
  await window.press('Enter');
  await expect(page.getByTestId('edit-change')).toContainText('+');
  const after = await window.scoreValue();
  expect(after).toBeGreaterThan(0.473);
  await screenshot('bccd-image');
  await window.press('Control+z');
  await expect(window.score).toHaveText('0.4730');
  await close();

  const again = await launch({ userData: path.join(folder, 'data'), project });
  const reopened = new ReticleWindow(again.page, again.app);
  await reopened.failuresAreShown();
  await reopened.press('Control+Shift+z');
  await expect(reopened.score).toHaveText(after.toFixed(4));
  const exported = path.join(folder, 'labels.json');
  await reopened.answerDialogs([exported]);
  await reopened.press('Control+e');
  await again.page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  await expect.poll(() => existsSync(exported)).toBe(true);

  const original = readLabels(path.join(BCCD, 'coco', 'val.json')).annotations;
  const labels = readLabels(exported).annotations;
  expect(labels).toHaveLength(original.length + 1);
  const box = ({ bbox, image_id, category_id }: Labels['annotations'][number]): string =>
    JSON.stringify([image_id, category_id, bbox]);
  const kept = new Set(labels.map(box));
  expect(original.filter((annotation) => !kept.has(box(annotation)))).toEqual([]);

  const second = path.join(folder, 'again.reticle');
  await reopened.answerDialogs([exported, PREDICTIONS]);
  await reopened.press('Control+k');
  await again.page.getByPlaceholder('Command palette').fill('Import files');
  await reopened.press('Enter');
  const importButton = again.page.getByRole('button', { name: 'Import 87 images' });
  await expect(importButton).toBeEnabled();
  await reopened.answerDialogs([second]);
  await importButton.click();
  await expect(again.page.getByRole('button', { name: 'Project again' })).toBeVisible();
  await expect(reopened.score).toHaveText(after.toFixed(4));
});

test('the gallery and the image view have no accessibility faults that can be found by machine', async ({
  launch,
}) => {
  const { app, page } = await launch({ firstRun: true });
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  const faults = async (): Promise<string[]> => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
  };
  expect(await faults()).toEqual([]);
  // The focus comes back to where it was when what floats over the page closes.
  const section = page
    .getByRole('navigation', { name: 'Sections' })
    .getByRole('button', { name: 'Failures' });
  await section.focus();
  for (const opens of ['?', 'Control+k', 'Control+e']) {
    await window.press(opens);
    await expect(page.getByRole('dialog')).toBeVisible();
    await window.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(section).toBeFocused();
  }
  await window.tiles.first().click();
  await window.press('e');
  await expect(page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  expect(await faults()).toEqual([]);
});

test('sliders move counts at once, and never the score', async ({ launch }) => {
  const { app, page } = await launch({ firstRun: true });
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  const score = await window.scoreValue();
  const counts = page.getByTestId('counts');
  const before = await counts.textContent();
  await page.getByRole('slider', { name: /Confidence at least/ }).fill('0.8');
  await expect(counts).not.toHaveText(before ?? '');
  expect(await window.scoreValue()).toBe(score);
});

test('the app looks finished in the dark and in a small window', async ({ launch }) => {
  const { app, page, call, screenshot } = await launch({
    firstRun: true,
    size: { width: 1280, height: 800 },
  });
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  await call('settings.set', { appearance: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await screenshot('failures-dark-1280');
  await window.tiles.first().click();
  await window.press('e');
  await expect(page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  await screenshot('image-dark-1280');
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.webContents.setZoomFactor(2);
  });
  await page.reload();
  await window.failuresAreShown();
  // The driver's own screenshot cuts a zoomed page; the window's does not.
  const picture = await app.evaluate(async ({ BrowserWindow }) => {
    const image = await BrowserWindow.getAllWindows()[0]!.webContents.capturePage();
    return image.toPNG().toString('base64');
  });
  writeFileSync(path.join(ARTEFACTS, 'failures-dark-200-percent.png'), Buffer.from(picture, 'base64'));
  const isCut = await page.evaluate(() => document.documentElement.scrollWidth > globalThis.innerWidth);
  expect(isCut).toBe(false);
});
