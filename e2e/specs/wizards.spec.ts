/** The import and export wizards on a generated dataset: conventions, classes, a second dataset, an update, a choice. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from '../app';
import { ReticleWindow } from '../pages/window';

const folders: string[] = [];
test.afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const SIZE = { width: 320, height: 240 };
type Boxes = readonly (readonly [name: string, left: number, top: number, right: number, bottom: number])[];

/** VOC, with a picture whose objects are where the boxes say, counted from 1. */
async function writeVoc(root: string, images: Readonly<Record<string, Boxes>>): Promise<void> {
  mkdirSync(path.join(root, 'Annotations'), { recursive: true });
  mkdirSync(path.join(root, 'JPEGImages'), { recursive: true });
  for (const [stem, boxes] of Object.entries(images)) {
    const shapes = boxes.map(
      ([, left, top, right, bottom], at) =>
        `<rect x="${left - 1}" y="${top - 1}" width="${right - left + 1}" height="${bottom - top + 1}" fill="hsl(${at * 90} 60% 50%)"/>`,
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="#39424e"/>${shapes.join('')}</svg>`;
    await sharp(Buffer.from(svg))
      .jpeg()
      .toFile(path.join(root, 'JPEGImages', `${stem}.jpg`));
    const objects = boxes.map(
      ([name, left, top, right, bottom]) =>
        `<object><name>${name}</name><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`,
    );
    writeFileSync(
      path.join(root, 'Annotations', `${stem}.xml`),
      `<annotation><filename>${stem}.jpg</filename><size><width>${SIZE.width}</width><height>${SIZE.height}</height><depth>3</depth></size>${objects.join('')}</annotation>`,
    );
  }
}

const FIRST = {
  a: [
    ['cat', 1, 1, 100, 80],
    ['dgo', 200, 150, 320, 240],
  ],
  b: [['cat', 41, 31, 140, 130]],
  c: [['tree', 11, 21, 60, 90]],
} as const;

test('an import shows boxes as they are read, takes what is suggested, maps classes, adds and updates', async ({
  launch,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-wizards-'));
  folders.push(folder);
  const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')];
  await writeVoc(one, FIRST);
  await writeVoc(two, { d: [['bird', 5, 5, 50, 50]] });
  const { app, page, screenshot } = await launch({ userData: path.join(folder, 'data') });
  const window = new ReticleWindow(page, app);
  await page.getByRole('heading', { name: /Why is your detector/ }).waitFor();

  await window.answerDialogs([one]);
  await window.press('Control+o');
  await expect(page.getByRole('heading', { name: 'Boxes as they would be read' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'a.jpg: 2 boxes' })).toBeVisible();
  const edge = page.getByRole('img', { name: 'a.jpg: 2 boxes' }).locator('.truth .line').first();
  await expect(edge).toHaveAttribute('width', '99');
  await expect(page.getByText(/as in the official VOC sets/).first()).toBeVisible();
  await screenshot('import-suggested');
  await window.press('s');
  await expect(edge).toHaveAttribute('width', '100');
  await expect(page.getByLabel('Ground truth: First pixel')).toHaveValue('1');

  await page.getByLabel('dgo becomes').fill('dog');
  await page.getByLabel('dgo becomes').press('Enter');
  await page.getByRole('checkbox', { name: 'tree' }).uncheck();
  await expect(page.getByText('left out', { exact: true })).toBeVisible();
  await screenshot('import-classes');
  await window.answerDialogs([path.join(folder, 'p.reticle')]);
  await expect(page.getByRole('button', { name: 'Import 3 images' })).toBeEnabled();
  await page.getByRole('heading', { name: 'Import', exact: true }).click();
  await window.press('Control+Enter');
  await expect(page.getByText('Imported 3 images, 3 boxes.')).toBeVisible();
  // Without a run there is no score to explain.
  await expect(
    page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name: 'Images' }),
  ).toHaveAttribute('aria-current', 'page');

  // A second dataset, from another folder.
  await window.answerDialogs([two]);
  await window.press('Control+Shift+a');
  await expect(page.getByRole('heading', { name: /What would change/ })).toBeVisible();
  await page.getByRole('button', { name: 'Add 1 image' }).click();
  await expect(page.getByText(/1 image added/)).toBeVisible();

  // The first files change; the update knows them, and how they were read.
  await writeVoc(one, { ...FIRST, b: [['cat', 41, 31, 150, 130]], e: [['cat', 1, 1, 9, 9]] });
  await window.press('Control+u');
  await expect(page.getByLabel('Ground truth: First pixel')).toHaveValue('1');
  await expect(page.getByText('1 changed', { exact: true })).toBeVisible();
  await expect(page.getByText('new, 1 box', { exact: true })).toBeVisible();
  await screenshot('import-update');
  await page.getByRole('button', { name: 'Update the labels' }).click();
  await expect(page.getByText('1 image added, 1 changed, 0 removed; undo takes it back.')).toBeVisible();

  // Out again: one split of new ones, classes in another order, counted from 1 as they came.
  const target = path.join(folder, 'out');
  await window.answerDialogs([target]);
  await window.press('Control+e');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Format', { exact: true }).selectOption('voc');
  await dialog.getByRole('button', { name: 'New splits' }).click();
  await dialog.getByLabel('Shares').fill('train=0.5,val=0.6');
  await expect(dialog.getByRole('button', { name: 'Export' })).toBeDisabled();
  await dialog.getByLabel('Shares').fill('train=0.6,val=0.4');
  await dialog.getByLabel(/Number them anew/).check();
  await dialog.getByRole('button', { name: 'bird up' }).click();
  await dialog.getByLabel(/Only the 0 images/).check();
  await expect(dialog.getByText(/No image of them has been marked/)).toBeVisible();
  await dialog.getByLabel(/Only the 0 images/).uncheck();
  await expect(dialog.getByText('5 boxes of 5 images')).toBeVisible();
  await screenshot('export-choices');
  await dialog.getByRole('button', { name: 'Export' }).click();
  await expect.poll(() => existsSync(target), { timeout: 30_000 }).toBe(true);
  expect(readdirSync(path.join(target, 'ImageSets', 'Main')).sort()).toEqual(['train.txt', 'val.txt']);
  expect(readFileSync(path.join(target, 'Annotations', 'a.xml'), 'utf8')).toMatch(
    /<xmin>1<\/xmin>\s*<ymin>1<\/ymin>\s*<xmax>100<\/xmax>/,
  );

  // All labels are exchanged, after a copy was taken; undo brings them back.
  await window.answerDialogs([two]);
  await window.press('Control+Shift+u');
  await expect(page.getByText('5 boxes of 5 images go, edits with them.')).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 image' }).click();
  await expect(page.getByText('Imported 1 image, 1 box.')).toBeVisible();
  expect(readdirSync(path.join(folder, 'p.backups')).length).toBeGreaterThan(0);
  await window.press('Control+z');
  await expect(page.getByText(/^Undone: Import/)).toBeVisible();
});
