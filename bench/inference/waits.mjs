// Files to boxes beside a graphics card that is not there: runs wait instead, in batches of one and of eight images, and
// take no processor. What is measured is whether everything else is done meanwhile.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildModules, loadModule } from '../data/bundle.mjs';

const WAITS = [5, 15, 20];
const BATCHES = [1, 8];
const FILES = {
  model: 'bench/inference/waiting-model.ts',
  program: 'bench/inference/waiting-program.ts',
};

/** `decode`: milliseconds an image of bare decoding. `waits`: milliseconds an image of a run. */
export async function measureWaits(files, decode, waits = WAITS) {
  const built = await buildModules('waits', FILES, ['onnxruntime-node']);
  const { prepareAlone, runWaiting } = await loadModule(built, 'model');
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
