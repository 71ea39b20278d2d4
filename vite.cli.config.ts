import path from 'node:path';
import { defineConfig } from 'vite';
import { kernels } from './scripts/kernels/vite-plugin.mjs';

/** The command line as one bundle: it starts at once, and only native packages are looked up. */
export default defineConfig({
  plugins: [kernels()],
  build: {
    target: 'node20.17',
    // The bootstrap builds aside and puts the result in place of `out` when it is whole.
    outDir: path.resolve(import.meta.dirname, process.env['RETICLE_BUILD'] ?? 'out', 'cli'),
    emptyOutDir: true,
    ssr: true,
    rolldownOptions: {
      input: {
        index: path.join(import.meta.dirname, 'src/cli/index.ts'),
        inference: path.join(import.meta.dirname, 'src/engine/inference/session/program.ts'),
      },
      output: {
        entryFileNames: '[name].js',
        // What `evaluate` loads, in one file: each further one takes half a millisecond, of a start of thirty.
        codeSplitting: {
          groups: [{ name: 'evaluation', test: /src.cli.evaluate.(evaluate|evaluate-quickly)\.ts$/ }],
        },
      },
    },
  },
  ssr: { noExternal: true, external: ['better-sqlite3', 'sharp', 'onnxruntime-node'] },
});
