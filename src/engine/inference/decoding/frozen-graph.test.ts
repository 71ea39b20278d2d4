/** Frozen graphs of the Object Detection API for TensorFlow 1. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { understandModel } from '../../../core/inference/understand';
import { openSession } from '../engines/open';
import { isModel, openModelFile } from '../model-file';
import { findTensorflow } from '../tensorflow/component';
import { frozenGraph } from './frozen-graph.fixture';
import { NOTHING } from '../../../core/inference/model-context.fixture';
import { type Box, BOXES, expectBoxes, IMAGE } from './layouts.fixture';
import { runModel } from './run-model.fixture';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-frozen-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasTensorflow = findTensorflow(null) !== null;

const shares = ([x, y, width, height]: Box) => [y / 425, x / 640, (y + height) / 425, (x + width) / 640];
const list = (name: string, values: readonly number[]) => ({
  name,
  shape: [1, values.length],
  values: Float32Array.from(values),
});
const OUTPUTS = [
  { name: 'detection_boxes', shape: [1, 3, 4], values: Float32Array.from(BOXES.flatMap(shares)) },
  list(
    'detection_classes',
    BOXES.map(([, , , , , index]) => index + 1),
  ),
  list(
    'detection_scores',
    BOXES.map(([, , , , score]) => score),
  ),
  { name: 'num_detections', shape: [1], values: Float32Array.of(3) },
];

const write = (name: string, bytes: Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

describe('a frozen graph', () => {
  const file = write('frozen_inference_graph.pb', frozenGraph('image_tensor', OUTPUTS));

  it('of the Object Detection API is known by its names, alone and in its folder', async () => {
    expect(await isModel(file)).toBe(true);
    expect(await isModel(folder)).toBe(true);
    expect((await openModelFile(folder)).path).toBe(file);
    const opened = await openModelFile(file);
    expect(opened.signature).toMatchObject({
      form: 'frozen-graph',
      inputs: [{ name: 'image_tensor', dtype: 'uint8', shape: [null, null, null, 3] }],
    });
    expect(understandModel(opened.signature, NOTHING).decoder.name).toBe('tf1-object-detection-api');
  });

  it('of anything else, or cut short, is refused', async () => {
    const other = write('other.pb', frozenGraph('input', [list('softmax', [0.5, 0.5])]));
    await expect(openModelFile(other)).rejects.toMatchObject({ code: 'not-a-model' });
    const whole = frozenGraph('image_tensor', OUTPUTS);
    const short = write('short.pb', whole.subarray(0, whole.length - 7));
    await expect(openModelFile(short)).rejects.toMatchObject({ code: 'not-a-model' });
  });

  it.skipIf(!hasTensorflow)('gives its boxes in TensorFlow', async () => {
    const opened = await openModelFile(file);
    const { session } = await openSession(opened, { backend: 'tensorflow', threads: 1, dataFolder: null });
    const plan = understandModel(opened.signature, NOTHING);
    const result = await runModel(session, plan, IMAGE, { scoreThreshold: 0.001, maxDetections: 100 });
    await session.close();
    expectBoxes(result);
  });
});
