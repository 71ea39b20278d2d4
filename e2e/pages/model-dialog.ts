/** The dialog of a model, as a user sees it. */
import type { Locator } from '@playwright/test';
import { expect } from '@playwright/test';
import type { ReticleWindow } from './window';

export class ModelDialog {
  readonly #window: ReticleWindow;

  constructor(window: ReticleWindow) {
    this.#window = window;
  }

  async openFolder(folder: string): Promise<void> {
    const { page } = this.#window;
    await this.#window.press('Control+Shift+R');
    await expect(page.getByText('Drop a model on the window')).toBeVisible();
    await this.#window.answerDialogs([folder]);
    await page.getByRole('button', { name: 'Choose a SavedModel folder' }).click();
    await expect(page.getByRole('region', { name: 'What was understood' })).toBeVisible();
  }

  /** What is said while TensorFlow is not there. */
  get tensorflow(): Locator {
    return this.#window.page.locator('.banner', { hasText: 'TensorFlow is not set up' });
  }

  setUpTensorflow(): Promise<void> {
    return this.tensorflow.getByRole('button', { name: 'Set up TensorFlow' }).click();
  }

  /** Waits until so many megabytes are there, as the progress says. */
  async hasDownloaded(megabytes: number): Promise<void> {
    const { tensorflow } = this;
    await expect(async () => {
      const text = await tensorflow.getByText('Downloading').locator('..').textContent();
      expect(Number(/(\d+) of \d+/.exec(text ?? '')?.[1] ?? 0)).toBeGreaterThanOrEqual(megabytes);
    }).toPass({ timeout: 120_000, intervals: [100] });
  }

  async stop(): Promise<void> {
    await this.tensorflow.getByRole('button', { name: 'Stop' }).click();
    await expect(this.tensorflow.getByRole('button', { name: 'Set up TensorFlow' })).toBeVisible();
  }
}
