import { loadBundle } from '../data/bundle.mjs';

const RUNS = 12;

/** Seconds of the best evaluation but the first, each from both files. */
export async function measureWarm({ truth, predictions }) {
  const { evaluateCocoFiles } = await loadBundle('peers', 'src/engine/kernels/evaluate-coco.ts');
  const files = { truth, predictions, strict: false, parameters: {}, score: 0.5, threads: null };
  const taken = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    evaluateCocoFiles(files);
    taken.push(performance.now() - start);
  }
  return Math.min(...taken.slice(1)) / 1000;
}
