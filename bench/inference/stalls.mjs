// How long the window stands still while a model runs over the sample: the longest gap between two ticks of its thread.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { _electron } from '@playwright/test';
import { ROOT } from '../../scripts/bootstrap/paths.mjs';

/** Ticks of the page's thread for so long; the longest gap in milliseconds. */
const longestGap = (page, milliseconds) =>
  page.evaluate(
    (duration) =>
      new Promise((resolve) => {
        const began = performance.now();
        let last = began;
        let longest = 0;
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          last = now;
          if (now - began > duration) resolve(longest);
          else setTimeout(() => channel.port2.postMessage(null), 1);
        };
        channel.port2.postMessage(null);
      }),
    milliseconds,
  );

const MEASURED_MS = 3000;

/** @returns {Promise<{ idle: number, running: number }>} milliseconds */
export async function measureStalls() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reticle-bench-stalls-'));
  const isRoot = process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath: process.env.RETICLE_ELECTRON,
    chromiumSandbox: !isRoot,
    args: [`--user-data-dir=${folder}`, ROOT],
    cwd: ROOT,
  });
  try {
    const page = await app.firstWindow();

    // The diagnosis of the opening is over, so that it is the model's run that is measured.
    await page.getByText('checks found nothing').waitFor();
    await page.keyboard.press('Control+Shift+R');
    await page.getByRole('button', { name: 'Open the sample’s detector' }).click();
    const section = page.getByRole('region', { name: 'Run it' });
    await section.getByRole('button', { name: 'Run', exact: true }).waitFor();
    const idle = await longestGap(page, MEASURED_MS);
    await section.getByRole('button', { name: 'Run', exact: true }).click();
    await section.getByText('Running smear-detector.onnx').waitFor({ timeout: 60_000 });
    const running = await longestGap(page, MEASURED_MS);
    return { idle, running };
  } finally {
    await app.close();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
