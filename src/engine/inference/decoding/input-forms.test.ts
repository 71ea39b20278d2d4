/** YOLO exports in the forms that exporters offer besides the usual one: the input's type, layout and batch. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelOutputs } from '../../../core/inference/model';
import { NOTHING } from '../../../core/inference/model-context.fixture';
import { placeImage } from '../../../core/inference/placement';
import { inputMemory, writeInput } from '../../../core/inference/input-tensor';
import { understandModel } from '../../../core/inference/understand';
import { noProgress } from '../../../core/foundation/cancellation';
import { openSession } from '../engines/open';
import { openModelFile } from '../model-file';
import { runForResults } from '../predict/run-for-results';
import { sessionProgram } from '../session/session-program.fixture';
import type { StartProcess } from '../session/client';
import type { SmallModel } from './small-onnx.fixture';
import { smallOnnx } from './small-onnx.fixture';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIZE = 320;
const CELLS = 2100;
const METADATA = {
  author: 'Ultralytics',
  task: 'detect',
  stride: '32',
  imgsz: '[320, 320]',
  names: "{0: 'cat', 1: 'dog'}",
};
const LIMITS = { scoreThreshold: 0.1, maxDetections: 10 };

/** Centre x, centre y, width, height, two scores: at place 7, every number exact in half precision. */
function oneBox(batch = 1): Float32Array {
  const one = new Float32Array(6 * CELLS);
  [96, 128, 64, 32, 0.75, 0.25].forEach((value, row) => (one[row * CELLS + 7] = value));
  const values = new Float32Array(batch * one.length);
  for (let image = 0; image < batch; image++) values.set(one, image * one.length);
  return values;
}
const BOX = [64, 112, 64, 32];

const output = (batch = 1) => ({ name: 'output0', shape: [batch, 6, CELLS], values: oneBox(batch) });

function write(name: string, model: SmallModel): string {
  const file = path.join(folder, name);
  writeFileSync(file, smallOnnx(model));
  return file;
}

/** A picture of one colour, as the network gets it. */
async function seen(model: SmallModel, name: string): Promise<ModelOutputs> {
  const file = await openModelFile(write(name, model));
  const { input } = understandModel(file.signature, NOTHING);
  const placement = placeImage(input, SIZE, SIZE);
  const image = {
    width: SIZE,
    height: SIZE,
    data: new Uint8Array(SIZE * SIZE * 3).map((_, at) => [255, 102, 0][at % 3]!),
  };
  const data = inputMemory(input.dtype, SIZE * SIZE * 3);
  writeInput(input, placement, image, data);
  const { session } = await openSession(file, { backend: 'onnx', threads: 1, dataFolder: null });
  const shape = input.layout === 'nhwc' ? [1, SIZE, SIZE, 3] : [1, 3, SIZE, SIZE];
  const outputs = await session.run([{ name: input.name, dtype: input.dtype, shape, data }]);
  await session.close();
  return outputs;
}

const pixel = (outputs: ModelOutputs, step: number): number[] =>
  [0, 1, 2].map((channel) => Number(outputs.get('seen')!.data[channel * step]));

describe('an input', () => {
  it('of half precision gets shares, and its halves come back as numbers', async () => {
    const input = { name: 'images', shape: [1, 3, SIZE, SIZE], type: 'float16' } as const;
    const half = { ...output(), isHalf: true };
    const outputs = await seen({ input, outputs: [half], metadata: METADATA }, 'half.onnx');
    const [red, green, blue] = pixel(outputs, SIZE * SIZE);
    expect([red, green, blue].map((value) => Math.round(value! * 1000) / 1000)).toEqual([1, 0.4, 0]);
    const rows = outputs.get('output0')!.data;
    expect([0, 1, 2, 3, 4].map((row) => Number(rows[row * CELLS + 7]))).toEqual([96, 128, 64, 32, 0.75]);
  });

  it('of whole numbers gets grey levels', async () => {
    const input = { name: 'images', shape: [1, 3, SIZE, SIZE], type: 'uint8' } as const;
    const outputs = await seen({ input, outputs: [output()], metadata: METADATA }, 'whole.onnx');
    expect(pixel(outputs, SIZE * SIZE)).toEqual([255, 102, 0]);
  });

  it('with the channels last gets them last', async () => {
    const input = { name: 'x', shape: [1, SIZE, SIZE, 3] };
    const outputs = await seen({ input, outputs: [output()], metadata: METADATA }, 'last.onnx');
    expect(pixel(outputs, 1).map((value) => Math.round(value * 1000) / 1000)).toEqual([1, 0.4, 0]);
  });
});

describe('a session with a model of a fixed batch', () => {
  let start: StartProcess;
  const images: { key: number; file: string }[] = [];
  beforeAll(async () => {
    start = await sessionProgram();
    mkdirSync(path.join(folder, 'images'));
    for (let key = 0; key < 6; key++) {
      const file = path.join(folder, 'images', `${key}.png`);
      const create = { width: SIZE, height: SIZE, channels: 3, background: '#808080' } as const;
      await sharp({ create }).png().toFile(file);
      images.push({ key, file });
    }
  });

  it.each([null, 1])('runs six images four at a time (batch asked for: %s)', async (batch) => {
    const input = { name: 'images', shape: [4, 3, SIZE, SIZE] };
    const model = write(`four-${batch}.onnx`, { input, outputs: [output(4)], metadata: METADATA });
    const { signature } = await openModelFile(model);
    const plan = understandModel(signature, NOTHING);
    const request = { model, backend: 'onnx', plan, limits: LIMITS, batch } as const;
    const { results } = await runForResults(
      { start, dataFolder: null },
      request,
      images,
      noProgress,
      'Running',
    );
    expect(results.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const { count, box, classIndex } of results) {
      expect([count, ...box, ...classIndex]).toEqual([1, ...BOX, 0]);
    }
  });
});
