import { defineConfig } from '@playwright/test';

/** End-to-end tests on the real, built app; `npm test` builds it and names Electron first. */
export default defineConfig({
  testDir: 'e2e/specs',
  outputDir: 'artefacts/e2e',
  globalSetup: './e2e/display.ts',
  // Each test starts an Electron of its own; more than one at a time only makes all of them slow.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: 'artefacts/e2e.json' }]],
});
