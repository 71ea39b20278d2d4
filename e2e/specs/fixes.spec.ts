/** The fix queue on the sample project: mend a label and see the score move, take it back, dismiss one, come back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../app';
import { ReticleWindow } from '../pages/window';

/** Making the queue takes some seconds. */
const LONG = { timeout: 60_000 };

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-fixes-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

test('a suspect accepted moves the score and is undone; one dismissed stays so', async ({ launch }) => {
  test.slow();
  const userData = path.join(folder, 'data');
  const first = await launch({ firstRun: true, userData, size: { width: 1280, height: 800 } });
  const { page } = first;
  const window = new ReticleWindow(page, first.app);
  await window.failuresAreShown();
  const before = await window.scoreValue();
  await window.press('Control+8');
  const desk = page.getByTestId('fix-desk');
  await expect(desk).toBeVisible(LONG);
  const question = await desk.getByRole('heading').textContent();
  const rows = page.getByRole('listbox', { name: 'Suspects' }).getByRole('option');
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true');
  await expect(page.locator('.fix-picture img')).toHaveJSProperty('complete', true);
  await first.screenshot('fixes-light');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);

  // What the queue says that the first is worth is what the score does.
  const gain = await desk.getByText('Gain if it is').locator('xpath=following-sibling::dd[1]').textContent();
  await window.press('Enter');
  await expect(page.getByTestId('fix-last')).toHaveText(`Mended: the score moved by ${gain}.`);
  await expect(page.getByTestId('fix-progress')).toContainText(/^1 of \d+/);
  await expect(window.score).not.toHaveText(before.toFixed(4));
  await expect(page.getByTestId('edit-change')).toContainText(gain!);

  await window.press('Control+z');
  await expect(window.score).toHaveText(before.toFixed(4));
  await expect(desk.getByRole('heading')).toHaveText(question!);
  await expect(page.getByTestId('fix-progress')).toContainText(/^0 of \d+/);

  await window.press('x');
  await expect(page.getByTestId('fix-last')).toContainText('Dismissed');
  await expect(window.score).toHaveText(before.toFixed(4));
  await expect(rows.first()).toHaveAttribute('id', 'fix-1');

  // By hand instead, and back to the queue.
  await window.press('e');
  await expect(page.getByRole('heading', { name: 'Boxes' })).toBeVisible();
  await window.press('Backspace');
  await expect(desk).toBeVisible();
  await first.close();

  const sample = path.join(userData, 'sample', 'sample.reticle');
  const again = await launch({ userData, project: sample, colorScheme: 'dark' });
  const reopened = new ReticleWindow(again.page, again.app);
  await reopened.failuresAreShown();
  await reopened.goTo('Fixes');
  const anew = again.page.getByTestId('fix-desk');
  await expect(anew).toBeVisible(LONG);
  await again.screenshot('fixes-dark');
  await again.page.getByRole('button', { name: 'Dismissed' }).click();
  await expect(anew.getByRole('heading')).toHaveText(question!);
  await expect(again.page.getByRole('option')).toHaveCount(1);
  await reopened.press('u');
  await expect(again.page.getByTestId('fix-last')).toHaveText('It is open again.');
  await expect(again.page.getByRole('heading', { name: 'Nothing is dismissed' })).toBeVisible();
});
