// Builds the benchmark of readers into one module, as the application is built, and runs it.
//   npm run bench -- formats [--only yolo,voc,tfrecord]
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from 'vite';
import { option } from '../data/measure.mjs';
import { kernels } from '../../scripts/kernels/vite-plugin.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = join(root, 'node_modules/.cache/bench-formats');
await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [kernels()],
  build: { ssr: join(root, 'bench/formats/reading.ts'), outDir, target: 'node20', minify: false },
});
const { run } = await import(pathToFileURL(join(outDir, 'reading.js')).href);
await run(option('only', 'yolo,voc,tfrecord').split(','));
