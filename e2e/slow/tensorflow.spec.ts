/** TensorFlow's set-up in the window, from an empty data folder to the boxes of a SavedModel. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { planInstall } from '../../src/engine/inference/tensorflow/install';
import { expect, ROOT, test } from '../app';
import { ModelDialog } from '../pages/model-dialog';
import { ReticleWindow } from '../pages/window';

const MODEL = path.join(ROOT, '..', 'shared', 'models', 'bccd', 'saved_model');

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-tensorflow-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

/** Whether an index answers at all; what it answers is the app's business. */
async function hasIndex(): Promise<boolean> {
  const { project } = planInstall(false).wheel;
  const index = (process.env['PIP_INDEX_URL'] ?? 'https://pypi.org/simple').replace(/\/+$/, '');
  return fetch(`${index}/${project}/`, { signal: AbortSignal.timeout(15_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

test('TensorFlow is set up by one click, stopped and gone on with, and runs a SavedModel', async ({
  launch,
}) => {
  test.skip(process.platform !== 'linux', 'TensorFlow is set up on Linux alone');
  test.skip(!existsSync(MODEL), 'the real models are absent');
  test.skip(!(await hasIndex()), 'no package index answers');
  const userData = path.join(folder, 'data');
  const running = await launch({
    firstRun: true,
    userData,
    env: { RETICLE_CACHE: path.join(folder, 'cache'), RETICLE_TENSORFLOW: '' },
  });
  const { page } = running;
  const window = new ReticleWindow(page, running.app);
  await window.failuresAreShown();
  const dialog = new ModelDialog(window);
  await dialog.openFolder(MODEL);
  await expect(dialog.tensorflow).toContainText(/It downloads \d+ MB/);
  await dialog.setUpTensorflow();
  await dialog.hasDownloaded(5);
  await dialog.stop();
  await dialog.setUpTensorflow();
  await expect(dialog.tensorflow.getByText('Unpacking')).toBeVisible({ timeout: 600_000 });
  await running.screenshot('tensorflow-unpacking-light');
  await expect(page.getByText('TensorFlow is set up.')).toBeVisible({ timeout: 600_000 });
  await expect(dialog.tensorflow).toBeHidden();
  await running.screenshot('tensorflow-set-up-light');
  expect(readdirSync(path.join(userData, 'components'))).toHaveLength(1);
  expect(readdirSync(path.join(folder, 'cache', 'downloads'))).toEqual([]);

  const [image] = await running.engine('image.find', { text: 'smear', limit: 1 });
  const preview = await running.engine('models.preview', {
    job: 'try',
    path: MODEL,
    labelMap: null,
    overrides: null,
    backend: 'tensorflow',
    scoreThreshold: 0.001,
    maxDetections: 100,
    batch: null,
    image: image!.image,
  });
  expect(preview.boxes.length).toBe(100);
});
