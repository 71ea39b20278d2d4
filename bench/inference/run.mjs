// Files to boxes: `reticle predict` against bare decoding plus bare runs of the same session, and engine against engine.
//   npm run bench -- inference        npm run bench:gpu: the engines of a graphics card against the processor
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const SHARED = path.resolve(ROOT, '..', 'shared');
const MODELS = path.join(SHARED, 'models', 'bccd');
const IMAGES = path.join(SHARED, 'datasets', 'bccd', 'JPEGImages');
const CARDS = ['cuda', 'webgpu', 'directml', 'coreml'];

if (!fs.existsSync(MODELS)) {
  console.log('inference: the shared models are not here; nothing is measured');
  process.exit(0);
}
sharp.concurrency(1);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reticle-bench-'));
const files = fs.readdirSync(IMAGES).map((name) => path.join(IMAGES, name));

/** Milliseconds of `predict` over `images`, start and end of the processes included; null where it cannot run. */
function predictTime(model, backend, images) {
  const output = path.join(folder, 'p.json');
  const args = [
    '--model',
    path.join(MODELS, model),
    '--backend',
    backend,
    '--images',
    images,
    '--output',
    output,
  ];
  const start = performance.now();
  const { status } = spawnSync(
    process.execPath,
    [path.join(ROOT, 'bin', 'reticle.mjs'), 'predict', ...args],
    { stdio: 'ignore' },
  );
  return status === 0 ? performance.now() - start : null;
}

/** What one image more costs: the time over all images less that over one, which pays for start and loading. */
function perImage(model, backend) {
  const one = path.join(folder, 'one');
  fs.mkdirSync(one, { recursive: true });
  fs.copyFileSync(files[0], path.join(one, path.basename(files[0])));
  const few = predictTime(model, backend, one);
  const all = predictTime(model, backend, IMAGES);
  return few === null || all === null ? null : (all - few) / (files.length - 1);
}

async function bareDecode() {
  const start = performance.now();
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift())
      await sharp(file).removeAlpha().raw().toBuffer();
  };
  await Promise.all([work(), work()]);
  return (performance.now() - start) / files.length;
}

async function bareRuns() {
  const session = await ort.InferenceSession.create(path.join(MODELS, 'model.onnx'));
  const { data, info } = await sharp(files[0]).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const feeds = { input_tensor: new ort.Tensor('uint8', data, [1, info.height, info.width, 3]) };
  await session.run(feeds);
  const start = performance.now();
  for (let run = 0; run < files.length; run++) await session.run(feeds);
  return (performance.now() - start) / files.length;
}

const show = (value) => (value === null ? 'not there' : `${value.toFixed(1)} ms an image`);
try {
  const onnx = perImage('model.onnx', 'onnx');
  if (process.argv.includes('--gpu')) {
    console.log(`onnx: ${show(onnx)}`);
    for (const backend of CARDS) {
      const time = perImage('model.onnx', backend);
      console.log(
        `${backend}: ${show(time)}${time === null ? '' : `, ${(onnx / time).toFixed(2)}x the processor`}`,
      );
    }
  } else {
    const decode = await bareDecode();
    const runs = await bareRuns();
    const tensorflow = perImage('saved_model', 'tensorflow');
    console.log(`bare decode ${show(decode)}, bare runs ${show(runs)}, files to boxes ${show(onnx)}`);
    console.log(
      `files to boxes: ${(onnx / (decode + runs)).toFixed(2)}x bare decode plus bare runs (goal: at most 1.10)`,
    );
    if (tensorflow !== null)
      console.log(
        `ONNX on the processor: ${(tensorflow / onnx).toFixed(2)}x the TensorFlow engine's speed (goal: 1.50)`,
      );
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
