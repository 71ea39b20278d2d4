/** Models in the real app: each in a process of its own, which main starts. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, ROOT, test } from '../app';

const MODELS = path.resolve(ROOT, '..', 'shared', 'models', 'bccd');
const settings = {
  labelMap: null,
  overrides: null,
  scoreThreshold: 0.001,
  maxDetections: 100,
  batch: null,
} as const;

test.skip(!existsSync(MODELS), 'the shared models are not here');

test('a model runs over the sample’s images, over every engine that is there', async ({ launch }) => {
  const { engine } = await launch({ firstRun: true });
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
  const done = await engine('models.run', { job: 'run', ...settings, ...onnx, images: 'all', name: null });
  expect(done.project.runs).toHaveLength(runs.length + 1);
});
