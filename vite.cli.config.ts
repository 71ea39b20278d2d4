import path from 'node:path';
import { defineConfig } from 'vite';

/** The command line as one bundle: it starts at once, and only native packages are looked up. */
export default defineConfig({
  build: {
    target: 'node20.17',
    outDir: 'out/cli',
    ssr: path.join(import.meta.dirname, 'src/cli/index.ts'),
    rolldownOptions: { output: { entryFileNames: '[name].js' } },
  },
  ssr: { noExternal: true, external: ['better-sqlite3', 'sharp'] },
});
