/** What the data looks like, in the window: the sample project, and BCCD where it is there. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const SHARED = path.join(ROOT, '..', 'shared');
const BCCD = path.join(SHARED, 'datasets', 'bccd');
const PREDICTIONS = path.join(SHARED, 'models', 'bccd', 'predictions-val.json');
const SAMPLE_TRUTH = path.join(ROOT, 'resources', 'sample', 'truth.json');

/** Pixels are measured once for each image. */
const LONG = { timeout: 60_000 };

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-data-page-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

test('the sample’s data: a bar opens its images, a training set is compared and remembered', async ({
  launch,
}) => {
  test.slow();
  const first = await launch({ firstRun: true, userData: path.join(folder, 'data') });
  const { page } = first;
  const window = new ReticleWindow(page, first.app);
  await window.failuresAreShown();
  await window.press('Control+6');
  await expect(page.getByText('120 images, 1,794 labels')).toBeVisible(LONG);
  await expect(page.getByText('Without the training set only')).toBeVisible();

  const bar = page.getByRole('button', { name: /^Box size 64 to 76.1: / });
  const labels = Number(/: ([\d,]+) labels/.exec((await bar.getAttribute('aria-label')) ?? '')?.[1]);
  await bar.focus();
  await window.press('Enter');
  await expect(page.getByText('Box size 64 to 76.1')).toBeVisible();
  await window.galleryIsShown();
  const images = await window.matches();
  expect(images).toBeGreaterThan(0);
  expect(images).toBeLessThanOrEqual(labels);

  // The sample's own labels as a training set: every picture is in both.
  await window.goTo('Data');
  await window.answerDialogs([SAMPLE_TRUTH]);
  await page.getByRole('button', { name: 'Choose the file' }).click();
  await expect(page.getByText('120 of 120 evaluation images are in the training set too.')).toBeVisible(LONG);
  await expect(page.getByText(/^Alike in both sets: box size/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Table of classes' })).toContainText('white cell');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await first.screenshot('data-sample-light');

  await window.press('Control+c');
  await expect(page.getByText('The numbers of the data are on the clipboard.')).toBeVisible();
  const copied = await first.app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toMatch(/^what,bin,evaluation,training,recall,AP\n/);
  expect(copied).toContain('class,red cell,');
  await window.press('e');
  await expect(page.getByRole('heading', { level: 1, name: 'Image', exact: true })).toBeAttached();
  await first.close();

  const again = await launch({
    userData: path.join(folder, 'data'),
    project: path.join(folder, 'data', 'sample', 'sample.reticle'),
  });
  const reopened = new ReticleWindow(again.page, again.app);
  await reopened.failuresAreShown();
  await reopened.goTo('Data');
  await expect(again.page.getByText(/120 of 120 evaluation images/)).toBeVisible(LONG);
});

test('BCCD: val beside train of its folder, and the causes know the training set', async ({ launch }) => {
  test.skip(!existsSync(BCCD) || !existsSync(PREDICTIONS), 'the data set is absent');
  test.slow();
  const project = path.join(folder, 'bccd.reticle');
  const reticle = (...args: string[]): unknown =>
    execFileSync(process.execPath, [path.join(ROOT, 'bin', 'reticle.mjs'), 'project', ...args], {
      env: { ...process.env, INIT_CWD: folder },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  reticle('new', project);
  const truth = path.join(BCCD, 'coco', 'val.json');
  const images = path.join(BCCD, 'JPEGImages');
  reticle(
    'import',
    project,
    '--truth',
    truth,
    '--images',
    images,
    '--predictions',
    PREDICTIONS,
    '--run',
    'net',
  );
  const { page, app, screenshot } = await launch({
    userData: path.join(folder, 'bccd-data'),
    project,
    size: { width: 1440, height: 900 },
  });
  const window = new ReticleWindow(page, app);
  await window.failuresAreShown();
  await window.goTo('Data');
  await expect(page.getByText('87 images, 1,138 labels')).toBeVisible(LONG);
  await window.answerDialogs([BCCD]);
  await page.getByRole('button', { name: 'Choose the folder' }).click();
  await expect(page.getByRole('button', { name: 'Training set train of bccd' })).toBeVisible(LONG);
  await expect(page.getByText('205 images, 2,805 labels')).toBeVisible(LONG);
  await expect(page.getByText(/^Nothing differs between training and evaluation/)).toBeVisible();
  await expect(page.getByText(/^Recall at the edge 0\.8\d/)).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  await screenshot('data-bccd-dark');

  // All of the folder holds the evaluation images too: the bill of causes says so.
  await page.getByRole('button', { name: 'Training set train of bccd' }).click();
  await page.getByRole('menuitemradio', { name: 'all of bccd' }).click();
  await expect(page.getByText('87 of 87 evaluation images are in the training set too.')).toBeVisible(LONG);
  await window.goTo('Causes');
  await expect(
    page.getByRole('row', { name: /^87 of 87 evaluation images are in the training set too/ }),
  ).toBeVisible(LONG);
});
