import { defineConfig } from 'vitest/config';
import { kernels } from './scripts/kernels/vite-plugin.mjs';

export default defineConfig({
  plugins: [kernels()],
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts', '**/node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
