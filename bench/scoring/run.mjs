// Builds the scoring benchmark into one module, as the application is built, and runs it.
//   node bench/scoring/run.mjs
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = join(root, 'node_modules/.cache/bench-scoring');
await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: { ssr: join(root, 'bench/scoring/evaluation.ts'), outDir, target: 'node20', minify: false },
});
const { run } = await import(pathToFileURL(join(outDir, 'evaluation.js')).href);
await run();
