/** Formats in the window: a YOLO folder with its images elsewhere comes in, another format goes out. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const BCCD = path.join(ROOT, '..', 'shared', 'datasets', 'bccd');

const folders: string[] = [];
// After all: an app ends only once its test is over, and writes its last files then.
test.afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

test('BCCD as YOLO comes in with its images, and goes out as YOLO and as a TFRecord', async ({ launch }) => {
  test.skip(!existsSync(BCCD), 'needs datasets/bccd');
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-formats-'));
  folders.push(folder);
  const { app, page, screenshot } = await launch({ userData: path.join(folder, 'data') });
  const window = new ReticleWindow(page, app);
  await page.getByRole('heading', { name: /Why is your detector/ }).waitFor();
  await window.answerDialogs([path.join(BCCD, 'yolo'), path.join(BCCD, 'JPEGImages')]);
  await page.getByRole('button', { name: 'Choose files' }).click();
  await expect(page.getByText(/class and four shares/)).toBeVisible();
  await screenshot('import-yolo');
  await window.answerDialogs([path.join(folder, 'yolo.reticle')]);
  await page.getByRole('button', { name: 'Import 364 images' }).click();
  await expect(page.getByRole('button', { name: 'Import 364 images' })).toBeHidden();

  const dialog = page.getByRole('dialog');
  const exportAs = async (format: string, target: string): Promise<void> => {
    await window.answerDialogs([target]);
    await window.press('Control+e');
    await dialog.getByLabel('Format', { exact: true }).selectOption(format);
    await screenshot(`export-${format}`);
    const consent = dialog.getByLabel('Export without it');
    await expect(dialog.getByText('4,888 boxes of 364 images')).toBeVisible();
    if (await consent.isVisible()) await consent.check();
    await dialog.getByRole('button', { name: 'Export' }).click();
    await expect.poll(() => existsSync(target), { timeout: 30_000 }).toBe(true);
  };
  const yolo = path.join(folder, 'out-yolo');
  await exportAs('yolo', yolo);
  expect(readdirSync(path.join(yolo, 'labels', 'val'))).toHaveLength(87);
  expect(readFileSync(path.join(yolo, 'data.yaml'), 'utf8')).toContain('names: [RBC, WBC, Platelets]');
  await exportAs('tfrecord', path.join(folder, 'out.record'));
});
