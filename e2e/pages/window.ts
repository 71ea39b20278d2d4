/** The window as a user sees it: what can be done, in the words of the interface. */
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

export class ReticleWindow {
  readonly page: Page;
  readonly #app: ElectronApplication;

  constructor(page: Page, app: ElectronApplication) {
    this.page = page;
    this.#app = app;
  }

  get score(): Locator {
    return this.page.getByTestId('score');
  }

  get saveState(): Locator {
    return this.page.getByTestId('save-state');
  }

  /** Tiles of the gallery that is shown, those on screen. */
  get tiles(): Locator {
    return this.page.getByRole('gridcell');
  }

  async scoreValue(): Promise<number> {
    await expect(this.score).toHaveText(/^\d\.\d{4}$/);
    return Number(await this.score.textContent());
  }

  /** Waits until a gallery shows pictures. */
  async galleryIsShown(): Promise<void> {
    await expect(this.tiles.first()).not.toHaveText('Loading');
    await expect(this.page.locator('.tile img').first()).toBeVisible();
  }

  /** Goes to the failures, from wherever a project has opened. */
  async failuresAreShown(): Promise<void> {
    await this.goTo('Failures');
    await this.galleryIsShown();
  }

  async goTo(
    section:
      'Causes' | 'Fixes' | 'Failures' | 'Images' | 'Metrics' | 'Compare' | 'Data' | 'Training' | 'History',
  ): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('button', { name: section })
      .click();
  }

  /** Leaves only these outcomes ticked. */
  async filterOutcomes(...kept: readonly string[]): Promise<void> {
    const group = this.page.getByRole('group', { name: 'Outcome' });
    for (const row of await group.getByRole('checkbox').all()) {
      const name = (await row.locator('xpath=..').textContent()) ?? '';
      await row.setChecked(kept.some((outcome) => name.startsWith(outcome)));
    }
  }

  async matches(): Promise<number> {
    const text = (await this.page.getByTestId('matches').textContent()) ?? '';
    return Number(/^([\d,]+) of/.exec(text)?.[1]?.replaceAll(',', ''));
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Answers the next dialog of the system with these paths. */
  async answerDialogs(paths: readonly string[]): Promise<void> {
    await this.#app.evaluate(({ dialog }, answer) => {
      const chosen = { canceled: false, filePaths: [...answer], filePath: answer[0]! };
      Object.assign(dialog, {
        showOpenDialog: () => Promise.resolve(chosen),
        showSaveDialog: () => Promise.resolve(chosen),
      });
    }, paths);
  }
}
