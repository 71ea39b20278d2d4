// Files to boxes beside a graphics card that is not there: runs wait instead, in batches of one and of eight images, and
// take no processor. What is measured is whether everything else is done meanwhile.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { NODE_MODULES, ROOT } from '../../scripts/bootstrap/paths.mjs';
import { kernels } from '../../scripts/kernels/vite-plugin.mjs';

const WAITS = [5, 15, 20];
const BATCHES = [1, 8];
const source = (name) => path.join(ROOT, 'bench', 'inference', `${name}.ts`);

async function buildWaiting() {
  const outDir = path.join(NODE_MODULES, '.cache', 'bench-waits');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [kernels()],
    build: {
      ssr: true,
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: { model: source('waiting-model'), program: source('waiting-program') },
        output: { entryFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: true, external: ['better-sqlite3', 'sharp', 'onnxruntime-node'] },
  });
  return outDir;
}

/** `decode`: milliseconds an image of bare decoding. `waits`: milliseconds an image of a run. */
export async function measureWaits(files, decode, waits = WAITS) {
  const built = await buildWaiting();
  const { prepareAlone, runWaiting } = await import(pathToFileURL(path.join(built, 'model.js')).href);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reticle-bench-waits-'));
  try {
    const threads = Math.max(1, os.availableParallelism() - 1);
    const prepare = await prepareAlone(folder, files, threads);
    console.log(`preparing on ${threads} threads: ${prepare.toFixed(1)} ms an image`);
    for (const wait of waits)
      for (const batch of BATCHES) {
        const { wall } = await runWaiting(path.join(built, 'program.js'), folder, files, wait, batch);
        const slower = Math.max(wait, decode);
        console.log(
          `runs that wait ${wait} ms an image, ${batch} at once: ${wall.toFixed(1)} ms an image, ${(wall / slower).toFixed(2)}x the slower of waiting and decoding (${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)}; goal: at most 1.15)`,
        );
      }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
