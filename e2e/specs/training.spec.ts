/** The training doctor in the window, on real trainings. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, ROOT, test } from '../app';
import { ReticleWindow } from '../pages/window';

const TRAININGS = path.join(ROOT, '..', 'shared', 'models', 'training-runs');

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-training-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

test('logs are read, faults named with the lines that mend them, and remembered by the project', async ({
  launch,
}) => {
  test.skip(!existsSync(TRAININGS), 'the real trainings are absent');
  const first = await launch({ firstRun: true, userData: path.join(folder, 'data') });
  const { page } = first;
  const window = new ReticleWindow(page, first.app);
  await window.failuresAreShown();
  await window.press('Control+7');
  await expect(page.getByRole('heading', { name: 'No training has been read' })).toBeVisible();
  await window.answerDialogs([TRAININGS]);
  await page.getByRole('button', { name: 'Choose the folder of the logs' }).click();
  await expect(page.getByRole('heading', { name: 'No findings' })).toBeVisible();

  await page.getByRole('button', { name: /^Training good/ }).click();
  await page.getByRole('menuitemradio', { name: 'overfit' }).click();
  await expect(page.getByRole('heading', { name: 'Overfitting: the validation loss rises' })).toBeVisible();
  await expect(
    page.getByText('Overfitting: the validation loss rises, +0.016; 2 more findings.'),
  ).toBeVisible();
  await expect(page.getByText('+0.016', { exact: true })).toBeVisible();
  await expect(page.getByText('best evaluation: step 1,650, 0.197')).toBeVisible();
  await first.screenshot('training-overfit-light');

  await window.press('ArrowLeft');
  await expect(page.getByText('step 1,500, 0.193')).toBeVisible();
  await window.press('l');
  await expect(page.getByText(/total, linear/)).toBeVisible();
  await window.press('Control+c');
  await expect(page.getByText('The corrected configuration is on the clipboard.')).toBeVisible();
  const copied = await first.app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('cosine_decay_learning_rate {');
  expect(copied).not.toContain('constant_learning_rate');

  await page.getByRole('button', { name: /^Schedule to lay over/ }).click();
  await page.getByRole('menuitemradio', { name: 'a formula' }).click();
  await page.getByRole('textbox', { name: 'Learning rate as a formula of step' }).fill('0.002 * (');
  await expect(page.getByText('The formula ends in the middle.')).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await first.close();

  const again = await launch({
    userData: path.join(folder, 'data'),
    project: path.join(folder, 'data', 'sample', 'sample.reticle'),
  });
  const reopened = new ReticleWindow(again.page, again.app);
  await reopened.failuresAreShown();
  await reopened.goTo('Training');
  await expect(again.page.getByRole('heading', { name: 'No findings' })).toBeVisible();
  await again.page.getByRole('button', { name: 'warmup-never-ends', exact: true }).click();
  await expect(
    again.page.getByRole('heading', { name: 'The warm-up of the learning rate is longer than the training' }),
  ).toBeVisible();
  await again.page.emulateMedia({ colorScheme: 'dark' });
  await again.screenshot('training-warm-up-dark');
});
