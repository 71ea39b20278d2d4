import { defineConfig } from 'vitest/config';
import { kernels } from './scripts/kernels/vite-plugin.mjs';

/** The slow tests alone: `npm run test:slow`. */
export default defineConfig({
  plugins: [kernels()],
  test: {
    include: ['src/**/*.slow.test.ts', 'examples/**/*.slow.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
