/** Models in the real app: each in a process of its own, which main starts. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { zipOf } from '../../src/engine/import/hostile/archives.fixture';
import { expect, ROOT, test } from '../app';

const MODELS = path.resolve(ROOT, '..', 'shared', 'models', 'bccd');
const settings = {
  labelMap: null,
  overrides: null,
  scoreThreshold: 0.001,
  maxDetections: 100,
  batch: null,
} as const;

/** Of the processes that run models, each once. */
const modelPriorities = async (app: ElectronApplication): Promise<number[]> => {
  const pids = await app.evaluate(({ app: electron }) =>
    electron
      .getAppMetrics()
      .filter(({ name }) => name === 'Reticle model')
      .map(({ pid }) => pid),
  );
  return [...new Set(pids.filter((pid) => existsSync(`/proc/${pid}`)).map((pid) => getPriority(pid)))];
};

test.skip(!existsSync(MODELS), 'the shared models are not here');

test('a model runs over the sample’s images, over every engine that is there', async ({ launch }) => {
  const { app, engine } = await launch({ firstRun: true });
  const { runs } = await engine('project.openSample', { job: 'sample' });
  const { cpu } = await engine('tensorflow.state', {});
  const forms = [
    ['model.onnx', 'onnx'],
    ['tfjs', 'wasm'],
    ...(cpu.present ? ([['saved_model', 'tensorflow']] as const) : []),
  ] as const;
  for (const [form, backend] of forms) {
    const model = path.join(MODELS, form);
    const [found] = await engine('image.find', { text: 'smear', limit: 1 });
    const tried = { job: form, ...settings, path: model, backend, image: found!.image };
    const preview = await engine('models.preview', tried);
    expect(preview.boxes.length, form).toBe(100);
  }
  const onnx = { path: path.join(MODELS, 'model.onnx'), backend: 'onnx' } as const;
  const run = engine('models.run', { job: 'run', ...settings, ...onnx, images: 'all', name: null });
  // The window goes first where both want the processor.
  await expect.poll(() => modelPriorities(app)).toEqual([constants.priority.PRIORITY_BELOW_NORMAL]);
  const done = await run;
  expect(done.project.runs).toHaveLength(runs.length + 1);
});

test('a model runs over images in a zip archive as over their files', async ({ launch }) => {
  const pictures = path.resolve(ROOT, '..', 'shared', 'datasets', 'bccd', 'JPEGImages');
  test.skip(!existsSync(pictures), 'needs datasets/bccd');
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-model-archive-'));
  const { engine } = await launch({ userData: path.join(folder, 'data') });
  const names = ['BloodImage_00000.jpg', 'BloodImage_00001.jpg'];
  const truth = {
    images: names.map((name, at) => ({ id: at + 1, file_name: name, width: 640, height: 480 })),
    annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 30, 40], area: 1200, iscrowd: 0 }],
    categories: ['RBC', 'WBC', 'Platelets'].map((name, at) => ({ id: at + 1, name })),
  };
  const files = {
    'labels.json': JSON.stringify(truth),
    ...Object.fromEntries(names.map((name) => [`images/${name}`, readFileSync(path.join(pictures, name))])),
  };
  writeFileSync(path.join(folder, 'set.zip'), zipOf(files, { isDeflated: true }));
  mkdirSync(path.join(folder, 'set', 'images'), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, 'set', name), content);

  const runOver = async (given: string): Promise<string> => {
    const project = path.join(folder, `of-${given}.reticle`);
    const request = { exclude: [], subset: null, images: null, labelMap: null, replace: false };
    const sources = { job: `import-${given}`, ...request, paths: [path.join(folder, given)] };
    await engine('import.run', { ...sources, project, runName: null });
    const model = { path: path.join(MODELS, 'model.onnx'), backend: 'onnx' } as const;
    const job = { job: `run-${given}`, ...settings, ...model, images: 'all', name: 'model' } as const;
    const { run, findings } = await engine('models.run', job);
    expect(findings).toEqual([]);
    const found = await engine('image.find', { text: 'Blood', limit: 2 });
    const point = { iou: 0.5, score: 0 };
    const details = await Promise.all(
      found.map(({ image }) => engine('image.detail', { image, run, point })),
    );
    return JSON.stringify(details.map(({ predictions }) => predictions));
  };
  const ofArchive = await runOver('set.zip');
  expect(ofArchive.length).toBeGreaterThan(1000);
  expect(ofArchive).toBe(await runOver('set'));
  await engine('project.close', {});
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
