/** A dataset in a zip archive: its pictures are painted without unpacking; the archive moves and is found again. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { zipOf } from '../../src/engine/import/hostile/archives.fixture';
import { expect, test } from '../app';
import { ReticleWindow } from '../pages/window';

const folders: string[] = [];
test.afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const SIZE = { width: 320, height: 240 };

test('a zip archive comes in, its pictures are shown, and it is found again where it was moved', async ({
  launch,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-archives-'));
  folders.push(folder);
  const green = await sharp({ create: { ...SIZE, channels: 3, background: '#00c000' } })
    .png()
    .toBuffer();
  const labels = {
    images: [{ id: 1, file_name: 'green.png', ...SIZE }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 20, 30, 40], area: 1200, iscrowd: 0 }],
    categories: [{ id: 1, name: 'thing' }],
  };
  const archive = path.join(folder, 'set.zip');
  const members = { 'labels.json': Buffer.from(JSON.stringify(labels)), 'images/green.png': green };
  writeFileSync(archive, zipOf(members, { isDeflated: true }));

  const { app, page, screenshot } = await launch({ userData: path.join(folder, 'data') });
  const window = new ReticleWindow(page, app);
  await page.getByRole('heading', { name: /Why is your detector/ }).waitFor();
  await window.answerDialogs([archive]);
  await page.getByRole('button', { name: 'Choose files' }).click();
  const run = page.getByRole('button', { name: 'Import 1 image', exact: true });
  await expect(run).toBeVisible();
  await screenshot('import-archive');
  await window.answerDialogs([path.join(folder, 'archive.reticle')]);
  await run.click();
  await expect(run).toBeHidden();

  await window.goTo('Images');
  await window.galleryIsShown();
  await window.tiles.first().click();
  await window.press('e');
  const notice = page.getByTestId('canvas-notice');
  /** What is painted in the middle of the image: green above red and blue. */
  const isGreen = async (): Promise<boolean> => {
    const canvas = page.locator('canvas').first();
    const box = (await canvas.boundingBox())!;
    const { data } = await sharp(await page.screenshot({ clip: box }))
      .resize(1, 1, { fit: 'cover' })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return data[1]! > 2 * Math.max(data[0]!, data[2]!);
  };
  await expect.poll(isGreen).toBe(true);
  await expect(notice).toBeHidden();
  await screenshot('image-of-archive');

  mkdirSync(path.join(folder, 'moved'));
  renameSync(archive, path.join(folder, 'moved', 'set.zip'));
  await page.reload();
  await window.goTo('Images');
  await window.tiles.first().click();
  await window.press('e');
  await expect(notice).toContainText('not where it was');
  await screenshot('image-of-moved-archive');
  await window.answerDialogs([path.join(folder, 'moved', 'set.zip')]);
  await notice.getByRole('button', { name: 'Find moved images' }).click();
  await page.getByRole('button', { name: 'Choose an archive' }).click();
  await expect(page.getByText('1 found')).toBeVisible();
  await screenshot('archive-found');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(notice).toBeHidden();
  await expect(page.getByText('Cannot be shown')).toBeHidden();
  await expect.poll(isGreen).toBe(true);
});
