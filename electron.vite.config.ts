import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { kernels } from './scripts/kernels/vite-plugin.mjs';

const source = (name: string): string => path.join(import.meta.dirname, 'src', name);
/** The bootstrap builds aside and puts the result in place of `out` when it is whole. */
const built = (part: string): string =>
  path.resolve(import.meta.dirname, process.env['RETICLE_BUILD'] ?? 'out', part);
// The oldest runtime that the app starts on (docs/decisions/0002), whatever Electron is installed.
const NODE = 'node20.18';
const CHROMIUM = 'chrome130';
/** Native packages stay packages; everything else goes into the bundles. */
const NATIVE = ['electron', 'better-sqlite3', 'sharp', 'onnxruntime-node'];

export default defineConfig({
  main: {
    plugins: [kernels()],
    build: {
      target: NODE,
      outDir: built('main'),
      externalizeDeps: false,
      rolldownOptions: {
        external: NATIVE,
        input: {
          index: source('main/index.ts'),
          engine: source('engine/hosts/utility-process.ts'),
          inference: source('engine/inference/session/program.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      // electron-vite takes only Node's name here.
      target: NODE,
      outDir: built('preload'),
      externalizeDeps: false,
      rolldownOptions: {
        external: ['electron'],
        input: { index: source('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: source('renderer'),
    plugins: [react()],
    build: {
      target: CHROMIUM,
      outDir: built('renderer'),
      emptyOutDir: true,
      rolldownOptions: { input: { index: source('renderer/index.html') } },
    },
  },
});
