/** Why is the score low, in the window: a planted fault named, priced, repaired and taken back. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import AxeBuilder from '@axe-core/playwright';
import { expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const SHARED = path.join(ROOT, '..', 'shared');
const TRUTH = path.join(SHARED, 'datasets', 'bccd', 'coco', 'val.json');
const IMAGES = path.join(SHARED, 'datasets', 'bccd', 'JPEGImages');
const PREDICTIONS = path.join(SHARED, 'models', 'bccd', 'predictions-val.json');

/** A diagnosis takes some seconds. */
const LONG = { timeout: 60_000 };

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-causes-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

interface Result {
  bbox: [number, number, number, number];
}

/** A project whose predictions have x and y swapped. */
function makeProject(): string {
  const results = JSON.parse(readFileSync(PREDICTIONS, 'utf8')) as Result[];
  const swapped = results.map(({ bbox: [x, y, width, height], ...rest }) => ({
    ...rest,
    bbox: [y, x, height, width],
  }));
  writeFileSync(path.join(folder, 'swapped.json'), JSON.stringify(swapped));
  const project = path.join(folder, 'bccd.reticle');
  const reticle = (...args: string[]): unknown =>
    execFileSync(process.execPath, [path.join(ROOT, 'bin', 'reticle.mjs'), 'project', ...args], {
      env: { ...process.env, INIT_CWD: folder },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  reticle('new', project);
  const files = ['--truth', TRUTH, '--images', IMAGES, '--predictions', path.join(folder, 'swapped.json')];
  reticle('import', project, ...files, '--run', 'swapped');
  return project;
}

test('a planted fault is the answer; repaired it is a run of its own, and undone it is gone', async ({
  launch,
}) => {
  test.skip(!existsSync(TRUTH), 'the data set is absent');
  test.slow();
  const { page, app, screenshot, callReply } = await launch({
    userData: path.join(folder, 'data'),
    project: makeProject(),
    size: { width: 1440, height: 900 },
  });
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  const before = await window.scoreValue();
  await window.goTo('Fixes');
  await expect(page.getByRole('note')).toContainText('its word about the others counts for little', LONG);
  await screenshot('fixes-distrusted-light');
  await window.press('Control+1');
  await expect(page.getByRole('heading', { name: 'Why is the score low?' })).toBeVisible(LONG);
  await expect(
    page.getByText(/all of what can be repaired, [\d.of ]+, is: predictions have x and y swapped/i),
  ).toBeVisible();
  await expect(page.getByRole('row', { name: /^Predictions have x and y swapped/ })).toContainText('+0.468');
  await expect(page.getByText('checks found nothing')).toBeVisible(LONG);
  await expect(page.getByText('provisional')).toHaveCount(0);
  await expect(page.getByRole('row', { name: /^Wrong class/ })).toBeVisible();
  await screenshot('causes-swapped-light');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  // The bill of one class: its AP, and what the fault costs it.
  await window.press('c');
  await expect(page.getByText('AP of RBC')).toBeVisible(LONG);
  await expect(page.getByRole('row', { name: /^Predictions have x and y swapped/ })).toContainText('+0.494');
  await page.getByRole('button', { name: /^Bill of/ }).click();
  await page.getByRole('menuitemradio', { name: 'all classes' }).click();
  await expect(page.getByRole('row', { name: /^Predictions have x and y swapped/ })).toContainText('+0.468');

  const report = async (file: string, ...choices: string[]): Promise<Buffer> => {
    await window.answerDialogs([path.join(folder, file)]);
    await window.press('Control+Shift+e');
    const dialog = page.getByRole('dialog', { name: 'Write a report' });
    for (const choice of choices) await dialog.getByText(choice).click();
    await dialog.getByRole('button', { name: 'Write' }).click();
    await expect(page.getByText('The report is written.')).toBeVisible(LONG);
    await page.getByRole('button', { name: 'Dismiss the message' }).click();
    return readFileSync(path.join(folder, file));
  };
  const html = (await report('report.html')).toString();
  expect(html).toContain('BloodImage_');
  expect(html).toContain('Run swapped');
  expect(html).toContain('href="data:image/webp;base64,');
  expect(html).not.toMatch(/<script|https?:|src=/);
  const shared = (
    await report('shared.html', 'With the names of images and runs', 'With pictures of the examples')
  ).toString();
  expect(shared).not.toMatch(/BloodImage_|Run swapped|data:image/);
  const pdf = await report('report.pdf', 'PDF');
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(20_000);

  await window.press('r');
  await expect(page.getByText('Repaired as swapped, repaired.')).toBeVisible(LONG);
  await expect(window.score).toHaveText('0.4730');
  await expect(page.getByRole('row', { name: /^Predictions have x and y swapped/ })).toBeHidden(LONG);
  await expect(page.getByRole('row', { name: /^Score now/ })).toBeVisible(LONG);
  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot('causes-repaired-dark');

  await expect(page.getByText(/No check found a cause. The errors that cost most/)).toBeVisible(LONG);
  const repaired = (await report('repaired.html')).toString();
  expect(repaired).toContain('What was changed in the project');
  expect(repaired).toContain('Run swapped, repaired');

  // Only where the dialog was told to, and once.
  for (const name of ['report.html', 'other.html']) {
    const refused = await callReply('report.write', { path: path.join(folder, name), as: 'html', html: '' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'target-not-chosen' } });
  }

  await window.press('Control+z');
  await expect(window.score).toHaveText(before.toFixed(4));
});
