/** Models in the window, on real exports. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const MODELS = path.join(ROOT, '..', 'shared', 'models');

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-models-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

test('a model is understood with its evidence, read in another way, and shows what it sees', async ({
  launch,
}) => {
  test.skip(!existsSync(MODELS), 'the real models are absent');
  test.slow();
  const running = await launch({ firstRun: true, userData: path.join(folder, 'data') });
  const { page } = running;
  const window = new ReticleWindow(page, running.app);
  await window.failuresAreShown();

  await window.press('Control+Shift+R');
  await expect(page.getByText('Drop a model on the window')).toBeVisible();
  await window.answerDialogs([path.join(MODELS, 'exports', 'detr', 'model.onnx')]);
  await page.getByRole('button', { name: 'Choose a file' }).click();
  const understood = page.getByRole('region', { name: 'What was understood' });
  await expect(understood.getByRole('heading', { name: 'DETR' })).toBeVisible();
  await expect(understood.getByText('the last is “no object”, as in DETR')).toBeVisible();
  await expect(understood.getByText(/^Assumed: The image is stretched/)).toBeVisible();
  await running.screenshot('model-light');

  await page.getByText('Read it in another way').click();
  await page.getByLabel('Channels').selectOption({ label: 'BGR' });
  await expect(understood.getByText(/320 × 320; BGR/)).toBeVisible();
  await page.getByLabel('Decoder').selectOption({ label: 'torchvision' });
  await expect(page.getByRole('alert')).toContainText('The decoder torchvision cannot read this signature');
  await expect(page.getByRole('alert')).toContainText('pixel_values float32 [1,3,320,320]');
  await page.getByLabel('Decoder').selectOption({ label: 'as understood' });
  await expect(understood.getByRole('heading', { name: 'DETR' })).toBeVisible();

  await page.getByLabel('Decoder').selectOption({ label: 'Your own mapping' });
  const mapping = page.getByRole('group', { name: 'Which output holds what' });
  await mapping.getByRole('combobox', { name: /^Boxes/ }).selectOption('pred_boxes');
  await mapping.getByRole('combobox', { name: /^Scores/ }).selectOption('logits');
  const preview = page.getByRole('region', { name: 'What this mapping gives' });
  await expect(preview.getByRole('status')).toHaveText(/score 0.3 or more|No box scores 0.3/, {
    timeout: 30_000,
  });
  await preview.scrollIntoViewIfNeeded();
  await running.screenshot('model-mapping-light');
  await page.getByLabel('Decoder').selectOption({ label: 'DETR' });
  await expect(understood.getByRole('heading', { name: 'DETR' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await window.press('Escape');

  await page.keyboard.press('e');
  await expect(page.getByRole('toolbar', { name: 'Image tools' })).toBeVisible();
  // Keys of the image act once it is there.
  await expect(page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  await window.press('m');
  await expect(page.getByRole('heading', { name: 'What model.onnx sees' })).toBeVisible();
  await expect(page.getByText(/stretched to 320 × 320/)).toBeVisible();
  const canvas = page.getByRole('img', { name: 'The network’s input' }).or(page.locator('.seen canvas'));
  await expect(canvas).toHaveAttribute('width', '320');
  // Not one colour: the image is there.
  const levels = await page.locator('.seen canvas').evaluate((element) => {
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 320, 320);
    return new Set(data).size;
  });
  expect(levels).toBeGreaterThan(10);
  await running.screenshot('models-eye-light');
});

test('a model runs over the sample, and its run is in the project', async ({ launch }) => {
  test.slow();
  test.skip(!existsSync(MODELS), 'the real models are absent');
  const running = await launch({ firstRun: true, userData: path.join(folder, 'run') });
  const { page } = running;
  const window = new ReticleWindow(page, running.app);
  await window.failuresAreShown();
  await window.answerDialogs([path.join(MODELS, 'bccd', 'model.onnx')]);
  await window.press('Control+Shift+R');
  await page.getByRole('button', { name: 'Choose a file' }).click();
  const section = page.getByRole('region', { name: 'Run it' });
  await section.getByLabel('Name of the run').fill('of the window');
  // It is tried by itself.
  await expect(section.getByText(/^About .* images/)).toBeVisible({ timeout: 60_000 });
  await section.getByRole('button', { name: 'Run', exact: true }).click();
  await section.getByRole('button', { name: 'Pause' }).click();
  await expect(section.getByText('Paused')).toBeVisible({ timeout: 30_000 });
  // A pause lasts whether the dialog is open or not.
  await window.press('Escape');
  await expect(section).toBeHidden();
  await window.press('Control+Shift+R');
  await section.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('The run of the window is in the project')).toBeVisible({ timeout: 120_000 });
  await running.screenshot('model-run-light');
});

test('what is no model that runs here is told in the dialog, and the app goes on', async ({ launch }) => {
  test.skip(!existsSync(MODELS), 'the real models are absent');
  const running = await launch({ firstRun: true, userData: path.join(folder, 'wrong') });
  const { page } = running;
  const window = new ReticleWindow(page, running.app);
  await window.failuresAreShown();
  const whole = readFileSync(path.join(MODELS, 'bccd', 'model.onnx'));
  const cut = path.join(folder, 'cut.onnx');
  writeFileSync(cut, whole.subarray(0, whole.length / 3));
  const empty = path.join(folder, 'no model');
  mkdirSync(empty);
  const bare = path.join(folder, 'bare');
  mkdirSync(bare);
  copyFileSync(path.join(MODELS, 'bccd', 'saved_model', 'saved_model.pb'), path.join(bare, 'saved_model.pb'));

  await window.press('Control+Shift+R');
  for (const [button, chosen, told] of [
    ['Choose a file', cut, 'it ends in the middle of a field'],
    ['Choose a SavedModel folder', empty, 'is no model that runs here'],
    ['Choose a SavedModel folder', bare, 'Copy the whole folder: saved_model.pb alone holds no weights.'],
  ] as const) {
    await window.answerDialogs([chosen]);
    await page.getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('alert').filter({ hasText: told })).toBeVisible();
    await dialog.getByRole('button', { name: 'Dismiss' }).click();
  }
  await window.answerDialogs([path.join(MODELS, 'bccd', 'model.onnx')]);
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await expect(page.getByRole('region', { name: 'Run it' }).getByLabel('Name of the run')).toHaveValue(
    'model',
  );
});
