/** The pages Metrics and Compare: every number opens its boxes; two runs compared; parts of the set. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { RunningApp } from '../app';
import { ARTEFACTS, expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const SHARED = path.join(ROOT, '..', 'shared');
const BCCD = path.join(SHARED, 'datasets', 'bccd');
const RUNS = ['predictions-val-stopped-early.json', 'predictions-val.json'].map((name) =>
  path.join(SHARED, 'models', 'bccd', name),
);

let folder = '';
const folders: string[] = [];
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-scores-'));
  folders.push(folder);
});
// After all: an app ends only once its test is over, and writes its last files then.
test.afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ''}`);
}

const cell = (page: Page, name: RegExp) => page.getByRole('button', { name }).first();
const numberOf = (text: string | null): number => Number(/^[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));

/** The driver's own screenshot cuts a zoomed page; the window's does not. */
async function saveWindow({ app }: RunningApp, name: string): Promise<void> {
  const picture = await app.evaluate(async ({ BrowserWindow }) => {
    const image = await BrowserWindow.getAllWindows()[0]!.webContents.capturePage();
    return image.toPNG().toString('base64');
  });
  writeFileSync(path.join(ARTEFACTS, `${name}.png`), Buffer.from(picture, 'base64'));
}

/** All that is computed aside has come. */
async function isSettled(page: Page): Promise<void> {
  await expect(page.getByText(/^Smallest difference these/)).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.protocols td').filter({ hasText: '…' })).toHaveCount(0);
}

test('the sample’s metrics: protocols, intervals, and numbers that open as many tiles as they say', async ({
  launch,
}) => {
  const running = await launch({ firstRun: true });
  const { app, page } = running;
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  const value = await window.scoreValue();
  await window.press('Control+4');
  await expect(page.getByRole('heading', { name: 'Protocols side by side' })).toBeVisible();
  await isSettled(page);
  const mean = page.locator('.protocols tbody tr').first().locator('td');
  await expect(mean.first()).toContainText(value.toFixed(3));
  await expect(mean.first()).toContainText(/\d\.\d{3} to \d\.\d{3}/);
  await window.press('o');
  await page.getByRole('menuitem', { name: 'All eleven' }).click();
  await window.press('Escape');
  await expect(mean).toHaveCount(11);
  await isSettled(page);

  // A cell of the confusion matrix, by keys alone.
  const first = page.locator('[data-cell="0 0"]');
  await first.focus();
  await window.press('ArrowDown', 'ArrowUp');
  await expect(first).toBeFocused();
  const missed = page.getByRole('button', { name: /taken for background/ }).first();
  const misses = numberOf(await missed.textContent());
  expect(misses).toBeGreaterThan(10);
  await missed.focus();
  await window.press('Enter');
  await window.galleryIsShown();
  await expect.poll(() => window.matches()).toBe(misses);
  await expect(page.getByRole('group', { name: 'Filters that are on' })).toContainText(
    'taken for background',
  );

  // The precision of all classes at another threshold, moved by its ring.
  await window.press('Control+4');
  const ring = page.getByRole('slider', { name: /^Operating point of/ }).first();
  await ring.focus();
  await window.press('PageUp', ']');
  await expect(ring).toHaveAttribute('aria-valuenow', '0.61');
  const wrong = cell(page, /open the \d+ false predictions$/);
  await expect(page.locator('.point-table')).toHaveAttribute('data-old', 'false');
  const label = (await wrong.textContent()) ?? '';
  await wrong.click();
  await expect.poll(() => window.matches()).toBe(Number(/the (\d+) false/.exec(label)?.[1]));
});

test('the table of classes sorts and copies; a ring is dragged', async ({ launch }) => {
  const { app, page } = await launch({ firstRun: true });
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  await window.goTo('Metrics');
  const table = page.getByTestId('classes');
  await expect(table.locator('tbody tr').first()).toBeVisible();
  const order = () => table.locator('tbody th').allTextContents();
  const byAP = await order();
  await table.getByRole('button', { name: 'AP', exact: true }).click();
  expect(await order()).toEqual([...byAP].reverse());
  await expect(table.getByRole('columnheader', { name: 'AP', exact: true })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  await window.press('Control+c');
  await expect(page.getByText('The table is on the clipboard, as CSV.')).toBeVisible();
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied.split('\n')[0]).toContain('protocol,class,truth,AP,AP low,AP high');
  expect(copied.trim().split('\n')).toHaveLength(byAP.length + 1);

  const ring = page.getByRole('slider', { name: /^Operating point of/ }).first();
  const before = Number(await ring.getAttribute('aria-valuenow'));
  const box = (await ring.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y - 10, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => Number(await ring.getAttribute('aria-valuenow'))).toBeGreaterThan(before);
  await expect(page.getByRole('slider', { name: 'Confidence at least' })).not.toHaveValue(String(before));
});

test('a part of the set is scored, and says so', async ({ launch }) => {
  const running = await launch({ firstRun: true });
  const { app, page, screenshot } = running;
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  const value = await window.scoreValue();
  await window.goTo('Metrics');
  const rows = page.getByTestId('classes').locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  const classes = await rows.count();
  await window.press('r');
  const dialog = page.getByRole('dialog');
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('checkbox').first().uncheck();
  await dialog.getByRole('button', { name: 'Score it' }).click();
  const strip = page.getByTestId('part');
  await expect(strip).toContainText('120 of 120 images');
  await expect(rows).toHaveCount(classes - 1);
  await screenshot('metrics-part');
  // The number of the whole set stays where it stands.
  expect(await window.scoreValue()).toBe(value);
  const mean = page.locator('.protocols tbody tr').first().locator('td').first();
  await expect(mean).not.toContainText(value.toFixed(3));
  await window.press('Shift+R');
  await expect(strip).toHaveCount(0);
  await expect(mean).toContainText(value.toFixed(3));
});

test('a page that needs a second run offers both ways to it, and no key that does nothing', async ({
  launch,
}) => {
  const { app, page } = await launch({ firstRun: true });
  const window = new ReticleWindow(page, app);
  await window.goTo('Compare');
  await expect(page.getByRole('heading', { name: 'Two runs are compared here' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add a run of predictions' })).toBeEnabled();
  await expect(page.locator('.statusbar')).toContainText('all keys');
  await expect(page.locator('.statusbar')).not.toContainText('blink A and B');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Run a model' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
});

test('BCCD: metrics as the reference has them, and two runs compared down to the label', async ({
  launch,
}) => {
  test.skip(
    !existsSync(BCCD) || !RUNS.every((file) => existsSync(file)),
    'needs datasets/bccd and models/bccd',
  );
  test.setTimeout(150_000);
  const running = await launch({ size: { width: 1440, height: 900 } });
  const { app, page, engine, screenshot, call } = running;
  const window = new ReticleWindow(page, app);
  await page.getByRole('heading', { name: /Why is your detector/ }).waitFor();
  const request = {
    job: 'import',
    exclude: [],
    subset: null,
    images: null,
    labelMap: null,
    replace: false,
  };
  const project = path.join(folder, 'bccd-val.reticle');
  await engine('import.run', { ...request, paths: [BCCD, RUNS[0]!], project, runName: 'stopped early' });
  await engine('import.run', { ...request, paths: [RUNS[1]!], project: null, runName: 'centernet' });
  // The window takes up what the engine has open, as after a crash.
  await page.reload();
  await expect(window.score).toHaveText('0.4730');

  await window.goTo('Metrics');
  // To confidence 0.30, where the reference counts are taken.
  const threshold = page.getByRole('slider', { name: 'Confidence at least' });
  await threshold.fill('0.3');
  await isSettled(page);
  const means = page.locator('.protocols tbody tr').first().locator('td');
  for (const [column, number] of ['0.473', '0.857', '0.814', '0.857', '0.810', '0.623'].entries())
    await expect(means.nth(column)).toContainText(number);
  await expect(page.getByText('TF2 counts 7,562 padding boxes as RBC')).toBeVisible();
  const confusion = page.locator('.confusion td');
  await expect(confusion.first()).toHaveText('808');
  expect((await confusion.allTextContents()).join(' ')).toBe('808 0 0 160 0 83 0 4 0 0 74 9 418 7 48 –');
  for (const gain of ['< 0.001', '+0.035', '+0.005', '+0.001', '+0.078', '+0.003', '+0.114', '+0.027'])
    await expect(page.locator('.tide')).toContainText(gain);
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot('metrics-light-1440');
  await page.getByRole('button', { name: 'Open the 418 false RBC' }).click();
  await expect.poll(() => window.matches()).toBe(418);
  await screenshot('metrics-boxes-behind');

  await window.press('Control+5');
  const differences = page.getByTestId('differences');
  await expect(page.getByTestId('verdict')).toContainText('B is better by 0.224', { timeout: 60_000 });
  await expect(differences.locator('tbody tr').first()).toContainText('+0.224');
  for (const words of ['769 both right', '40 broken', '196 fixed', '133 both wrong'])
    await expect(page.locator('.transitions')).toContainText(words);
  await expect(page.locator('.changed-words')).toContainText(/A\s*482.*B\s*473.*p < 0\.001/);
  await expect(page.getByTestId('queue-total')).toHaveText('236 annotations');
  await expect(page.locator('.pair-picture img').first()).toBeVisible();
  expect(await accessibilityFaults(page)).toEqual([]);
  await screenshot('compare-light-1440');

  // The queue: one after another, a verdict, and the image with its label.
  const current = page.locator('.pair[data-cursor=true]');
  const firstPair = await current.textContent();
  await window.press('j');
  await expect(current).not.toHaveText(firstPair ?? '');
  await window.press('k');
  await expect(current).toHaveText(firstPair ?? '');
  await window.press('x');
  await expect(page.locator('.pair').first()).toContainText('dismissed');
  await window.press('e');
  await expect(page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  await screenshot('compare-image');
  await window.press('Backspace');
  await expect(page.getByRole('heading', { name: 'Two runs' })).toBeVisible();
  await page
    .getByRole('button', { name: /both wrong/ })
    .first()
    .click();
  await expect(page.getByTestId('queue-total')).toHaveText('133 annotations');

  await call('settings.set', { appearance: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await screenshot('compare-dark-1440');
  await window.goTo('Metrics');
  await isSettled(page);
  await screenshot('metrics-dark-1440');
  expect(await accessibilityFaults(page)).toEqual([]);
  for (const [width, height, zoom] of [
    [1280, 800, 1],
    [1440, 900, 2],
  ] as const) {
    await app.evaluate(
      ({ BrowserWindow }, [w, h, factor]) => {
        const [own] = BrowserWindow.getAllWindows();
        own!.setSize(w, h);
        own!.webContents.setZoomFactor(factor);
      },
      [width, height, zoom] as const,
    );
    for (const section of ['Metrics', 'Compare'] as const) {
      await window.goTo(section);
      await expect(page.locator('.confusion, .pair').first()).toBeAttached();
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth > globalThis.innerWidth))
        .toBe(false);
      await saveWindow(running, `${section.toLowerCase()}-dark-${width}-${100 * zoom}-percent`);
    }
  }
});
