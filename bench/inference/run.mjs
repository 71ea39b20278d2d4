// Files to boxes: `reticle predict` against bare decoding plus bare runs of the same session, engine against engine,
// Python's TensorFlow, and how long the window stands still meanwhile.
//   npm run bench -- inference        npm run bench:gpu: the engines of a graphics card against the processor
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { cacheFolder, projectNode, ROOT } from '../../scripts/bootstrap/paths.mjs';
import { pythonWith } from '../../scripts/bootstrap/python-packages.mjs';
import { measure, reticle } from '../data/measure.mjs';

const SHARED = path.resolve(ROOT, '..', 'shared');
const MODELS = path.join(SHARED, 'models', 'bccd');
const IMAGES = path.join(SHARED, 'datasets', 'bccd', 'JPEGImages');
const CARDS = ['cuda', 'webgpu', 'directml', 'coreml'];
/** As ONNX Runtime calls them. */
const PROVIDERS = { cuda: 'cuda', webgpu: 'webgpu', directml: 'dml', coreml: 'coreml' };
/** Those that train the sample's model, so that one environment serves both. */
const PYTHON = [
  'tensorflow-cpu==2.21.0',
  'tf2onnx==1.17.0',
  'onnx==1.19.1',
  'numpy==2.4.6',
  'pillow==13.0.0',
];

if (!fs.existsSync(MODELS)) {
  console.log('inference: the shared models are not here; nothing is measured');
  process.exit(0);
}
sharp.concurrency(1);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reticle-bench-'));
const files = fs.readdirSync(IMAGES).map((name) => path.join(IMAGES, name));
const one = path.join(folder, 'one');
fs.mkdirSync(one);
fs.copyFileSync(files[0], path.join(one, path.basename(files[0])));

const predict = (model, backend, images) => [
  ...reticle('predict', '--model', path.resolve(MODELS, model), '--backend', backend),
  ...['--images', images, '--output', path.join(folder, 'p.json')],
];

/** The quicker of two runs: the first also warms the files and the caches. */
const quicker = (run) => {
  const [first, second] = [run(), run()];
  return first.seconds < second.seconds ? first : second;
};

/** Milliseconds of one image more, by the clock and of the processors: all images less one, which pays for start and loading. */
function perImage(model, backend) {
  const [few, all] = [one, IMAGES].map((images) => quicker(() => measure(predict(model, backend, images))));
  const share = (of) => ((all[of] - few[of]) * 1000) / (files.length - 1);
  return { wall: share('seconds'), cpu: share('cpu') };
}

/** Why an engine does not run here, in its own words; null where it does. */
function whyNot(model, backend) {
  const [command, ...args] = predict(model, backend, one);
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0
    ? null
    : stderr
        .trim()
        .split('\n')
        .at(-1)
        .replace(/^reticle: /, '');
}

/** Milliseconds an image of work over all of them. */
async function timed(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / files.length;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1000 / files.length };
}

/** Sharp works in libuv's pool, whose size is read when it starts. */
process.env.UV_THREADPOOL_SIZE ??= '12';

const bareDecode = (threads = 2) =>
  timed(async () => {
    const waiting = [...files];
    const work = async () => {
      for (let file = waiting.shift(); file; file = waiting.shift())
        await sharp(file).removeAlpha().raw().toBuffer();
    };
    await Promise.all(Array.from({ length: threads }, work));
  });

/** CUDA's part lies in a component, as a copy of the runtime with NVIDIA's libraries. */
function cudaComponent() {
  const cache = cacheFolder();
  const name =
    fs.existsSync(cache) && fs.readdirSync(cache).find((entry) => entry.startsWith('onnxruntime-cuda-'));
  return name ? path.join(cache, name) : null;
}

/** Milliseconds an image of the network alone, in a process of its own. */
function bareRuns(model, provider) {
  const component = provider === 'cuda' ? cudaComponent() : null;
  const script = path.join(ROOT, 'bench', 'inference', 'bare-runs.mjs');
  const runtime = component ? path.join(component, 'node_modules', 'onnxruntime-node') : 'onnxruntime-node';
  const { stdout, stderr, status } = spawnSync(
    projectNode(),
    [script, runtime, path.resolve(MODELS, model), provider, files[0], String(files.length)],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        NVIDIA_TF32_OVERRIDE: '0',
        ...(component ? { LD_LIBRARY_PATH: path.join(component, 'cuda') } : {}),
      },
    },
  );
  if (status !== 0) throw new Error(stderr.slice(-1500));
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const show = ({ wall, cpu }) => `${wall.toFixed(1)} ms an image (${cpu.toFixed(1)} of the processors)`;
const ratio = (a, b) => `${(a.wall / b.wall).toFixed(2)}x (${(a.cpu / b.cpu).toFixed(2)}x of the processors)`;

async function onProcessor() {
  const decode = await bareDecode();
  const runs = bareRuns('model.onnx', 'cpu');
  const onnx = perImage('model.onnx', 'onnx');
  const bare = { wall: decode.wall + runs.wall, cpu: decode.cpu + runs.cpu };
  console.log(`bare decode ${show(decode)}, bare runs ${show(runs)}, files to boxes ${show(onnx)}`);
  console.log(`files to boxes: ${ratio(onnx, bare)} bare decode plus bare runs (goal: at most 1.10)`);
  const missing = spawnSync(projectNode(), [path.join(ROOT, 'bin', 'reticle.mjs'), 'doctor', '--json'], {
    encoding: 'utf8',
  });
  const { components } = JSON.parse(missing.stdout);
  if (components.find(({ name }) => name === 'tensorflow').present) await withTensorflow(onnx);
  else console.log('TensorFlow is not set up: npm run setup:tensorflow');
  const { measureWaits } = await import('./waits.mjs');
  await measureWaits(files, decode.wall);
  const { measureStalls } = await import('./stalls.mjs');
  const { idle, running } = await measureStalls();
  console.log(
    `the window's longest stall while a model runs: ${running.toFixed(0)} ms, idle ${idle.toFixed(0)} ms (goal: at most 50)`,
  );
}

async function withTensorflow(onnx) {
  const tensorflow = perImage('saved_model', 'tensorflow');
  console.log(`SavedModel, files to boxes: ${show(tensorflow)}`);
  console.log(`ONNX on the processor: ${ratio(tensorflow, onnx)} the TensorFlow engine's speed (goal: 1.50)`);
  const environment = await pythonWith(PYTHON);
  if ('missing' in environment) {
    console.log(`Python's TensorFlow cannot be had: ${environment.missing}`);
    return;
  }
  const script = path.join(ROOT, 'bench', 'inference', 'python_tensorflow.py');
  const { output } = quicker(() =>
    measure([environment.python, script, path.join(MODELS, 'saved_model'), IMAGES]),
  );
  const python = JSON.parse(output.split('\n').at(-1));
  console.log(`Python's TensorFlow, files to boxes: ${show(python)}`);
  console.log(`SavedModel: ${ratio(python, tensorflow)} the speed of Python's TensorFlow (goal: 1.00)`);
}

/** As many threads as Reticle decodes with beside a graphics card. */
const decodersBesideCard = () => Math.max(1, Math.min(12, os.availableParallelism() - 1));

/** Boxes of one engine's file that the other's lacks within 0.05 pixels and 1e-4 in score, of those over 0.01. */
function differing(model, backend) {
  const [ours, theirs] = [backend, 'onnx'].map((engine) => {
    measure(predict(model, engine, IMAGES));
    return JSON.parse(fs.readFileSync(path.join(folder, 'p.json'), 'utf8'));
  });
  const byImage = Map.groupBy(theirs, ({ image_id, category_id }) => `${image_id} ${category_id}`);
  const shown = ours.filter(({ score }) => score > 0.01);
  const without = shown.filter(
    ({ image_id, category_id, score, bbox }) =>
      !(byImage.get(`${image_id} ${category_id}`) ?? []).some(
        (other) =>
          Math.abs(other.score - score) < 1e-4 &&
          other.bbox.every((value, at) => Math.abs(value - bbox[at]) < 0.05),
      ),
  );
  return `${without.length} of ${shown.length} boxes differ from the processor's`;
}

async function onCards() {
  const decode = await bareDecode(decodersBesideCard());
  console.log(`bare decode on ${decodersBesideCard()} threads: ${show(decode)}`);
  const { measureWaits } = await import('./waits.mjs');
  await measureWaits(files, decode.wall);
  for (const model of modelsOnCards()) {
    console.log(model);
    const onnx = perImage(model, 'onnx');
    console.log(`  onnx: ${show(onnx)}`);
    for (const backend of CARDS) {
      const reason = whyNot(model, backend);
      if (reason !== null) console.log(`  ${backend}: not here: ${reason}`);
      else {
        const card = perImage(model, backend);
        const runs = bareRuns(model, PROVIDERS[backend]);
        const slower = runs.wall > decode.wall ? runs : decode;
        console.log(`  ${backend}: ${show(card)}, ${ratio(onnx, card)} the processor's speed`);
        console.log(`  ${backend}: bare runs ${show(runs)}`);
        console.log(
          `  ${backend}: ${ratio(card, slower)} the slower of decoding and running (goal: at most 1.15)`,
        );
        console.log(`  ${backend}: ${differing(model, backend)}`);
      }
    }
  }
}

/** The trained detector, and other libraries' exports where they are here. */
function modelsOnCards() {
  const exported = path.join(SHARED, 'models', 'exports');
  const others = fs.existsSync(exported) ? fs.readdirSync(exported).sort() : [];
  const files = others
    .map((name) => path.join(exported, name, 'model.onnx'))
    .filter((file) => fs.existsSync(file));
  return ['model.onnx', ...files];
}

try {
  if (process.argv.includes('--gpu')) await onCards();
  else await onProcessor();
} finally {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
