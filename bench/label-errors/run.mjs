// Builds the comparison of the fix queue with other rankings into one module and runs it.
//   node bench/label-errors/run.mjs
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = join(root, 'node_modules/.cache/bench-label-errors');
await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: { ssr: join(root, 'bench/label-errors/comparison.ts'), outDir, target: 'node20', minify: false },
});
const { run } = await import(pathToFileURL(join(outDir, 'comparison.js')).href);
run();
