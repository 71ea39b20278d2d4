/** The sample's own model in the window: opened at once, run, run again with changes, measured; runs queue and resume. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../app';
import { ReticleWindow } from '../pages/window';

/** Models run for a while on a busy machine. */
const TIMEOUT_MS = 240_000;

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-sample-model-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

test('the sample’s model is offered, run, measured, and run again on one image with a change', async ({
  launch,
}) => {
  test.setTimeout(TIMEOUT_MS);
  const running = await launch({ firstRun: true, userData: path.join(folder, 'offered') });
  const { page } = running;
  const window = new ReticleWindow(page, running.app);
  await window.failuresAreShown();
  await window.press('Control+Shift+R');
  await page.getByRole('button', { name: 'Open the sample’s detector' }).click();
  const run = page.getByRole('region', { name: 'Run it' });
  await run.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('The run smear-detector is in the project')).toBeVisible({ timeout: 120_000 });

  const changes = page.getByRole('region', { name: 'What changes do' });
  await changes.getByLabel('Images').fill('8');
  await changes.getByRole('button', { name: 'Colours, values and size' }).click();
  await expect(changes.getByText(/^Measured on 8 of 120 images; the Causes page/)).toBeVisible({
    timeout: 120_000,
  });
  await expect(changes.getByRole('row', { name: /^BGR/ })).toContainText('−');
  await changes.scrollIntoViewIfNeeded();
  await running.screenshot('model-measured-light');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  await window.press('Escape');

  await page.keyboard.press('e');
  await expect(page.getByRole('toolbar', { name: 'Image tools' })).toBeVisible();
  // Keys of the image act once it is there.
  await expect(page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  await window.press('Shift+M');
  const dialog = page.getByRole('dialog', { name: /run again with a change/ });
  await dialog.getByLabel('Flip').selectOption({ label: 'left to right' });
  await dialog.getByRole('button', { name: 'Run again' }).click();
  await expect(dialog.getByText(/^flipped left to right: from a score of 0.50 on/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(dialog.getByRole('row', { name: /^True positives/ })).toBeVisible();
  await running.screenshot('model-change-light');
  expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations.map(({ id }) => id)).toEqual(
    [],
  );
});

test('runs queue, pause, and are there to resume after a restart', async ({ launch }) => {
  test.setTimeout(TIMEOUT_MS);
  const userData = path.join(folder, 'resumed');
  const first = await launch({ firstRun: true, userData });
  const window = new ReticleWindow(first.page, first.app);
  await window.failuresAreShown();
  await window.press('Control+Shift+R');
  await first.page.getByRole('button', { name: 'Open the sample’s detector' }).click();
  const section = first.page.getByRole('region', { name: 'Run it' });
  await section.getByLabel('Name of the run').fill('one');
  await section.getByRole('button', { name: 'Run', exact: true }).click();
  await section.getByRole('button', { name: 'Pause' }).click();
  await section.getByLabel('Name of the run').fill('two');
  await section.getByRole('button', { name: 'Queue this run too' }).click();
  await expect(section.getByText('1 more waiting.')).toBeVisible();
  await expect(section.getByRole('button', { name: 'Go on' })).toHaveAttribute('aria-pressed', 'true');
  // Written down before the app ends.
  await expect.poll(async () => (await first.engine('models.unfinished', {})).length).toBe(2);
  await first.close();

  const second = await launch({ userData });
  const { engine, page } = second;
  await page.getByRole('button', { name: /Sample: blood smears/ }).click();
  const again = new ReticleWindow(page, second.app);
  await again.failuresAreShown();
  await again.press('Control+Shift+R');
  await page.getByRole('button', { name: 'Open the sample’s detector' }).click();
  const list = page.getByRole('list', { name: 'Unfinished runs' });
  await expect(list.getByRole('listitem')).toHaveText([/^one stopped after/, /^two stopped after/]);
  await list.getByRole('button', { name: 'Go on' }).first().click();
  await expect(list.getByRole('listitem')).toHaveCount(1, { timeout: 120_000 });
  await list.getByRole('button', { name: 'Drop it' }).click();
  await expect(list).toBeHidden();
  const state = await engine('project.state', {});
  expect(state!.runs.map(({ name }) => name)).toContain('one');
});
