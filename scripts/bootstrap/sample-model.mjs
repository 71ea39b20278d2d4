// npm run sample:model [-- OUT.onnx]: trains the sample project's own model again, and scores it beside the committed one.
// About ten minutes of one core; Python's packages go to the cache.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runEntry, say, SetupError } from './console.mjs';
import { setUpPackages } from './packages.mjs';
import { projectNode, ROOT } from './paths.mjs';
import { pythonWith } from './python-packages.mjs';
import { run } from './run.mjs';

const SAMPLE = path.join(ROOT, 'resources', 'sample');
const SCRIPTS = path.join(ROOT, 'scripts', 'sample', 'model');
const COMMITTED = path.join(SAMPLE, 'model', 'smear-detector.onnx');
const TRAINING_IMAGES = 320;
const PACKAGES = [
  'tensorflow-cpu==2.21.0',
  'tf2onnx==1.17.0',
  'onnx==1.19.1',
  'numpy==2.4.6',
  'pillow==13.0.0',
];

/** AP of a model over the sample's images, against what was rendered. */
function scoreOf(model, folder) {
  const truth = path.join(SAMPLE, 'truth-exact.json');
  const predictions = path.join(folder, 'predictions.json');
  const reticle = (...args) =>
    execFileSync(projectNode(), [path.join(ROOT, 'bin', 'reticle.mjs'), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    });
  const labels = path.join(SAMPLE, 'model', 'label_map.pbtxt');
  const images = path.join(SAMPLE, 'images');
  const named = ['--model', model, '--label-map', labels, '--images', images];
  reticle('predict', ...named, '--truth', truth, '--output', predictions);
  const document = reticle('evaluate', '--truth', truth, '--predictions', predictions, '--json');
  return JSON.parse(document).results[0].metrics.AP;
}

await runEntry(async () => {
  await setUpPackages();
  const out = path.resolve(process.argv[2] ?? COMMITTED);
  const environment = await pythonWith(PACKAGES);
  if ('missing' in environment)
    throw new SetupError(
      `Python's packages cannot be had: ${environment.missing}`,
      'check pip and its index',
    );
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reticle-sample-model-'));
  try {
    const before = scoreOf(COMMITTED, folder);
    const images = path.join(folder, 'images');
    say(`rendering ${TRAINING_IMAGES} images to train on`);
    const render = [path.join(SCRIPTS, 'render-training.mjs'), images, String(TRAINING_IMAGES)];
    const { code: rendered } = await run(projectNode(), render, { inherit: true });
    if (rendered !== 0) return rendered;
    const train = [path.join(SCRIPTS, 'train.py'), images, out];
    const { code: trained } = await run(environment.python, train, { inherit: true });
    if (trained !== 0) return trained;
    say(`AP ${scoreOf(out, folder).toFixed(4)}; of the committed one ${before.toFixed(4)}`);
    return 0;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
