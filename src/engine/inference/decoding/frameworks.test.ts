/** Layouts of mmdetection, Detectron2, PaddleDetection and Ultralytics' RT-DETR as small ONNX graphs, run for real. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { noProgress } from '../../../core/foundation/cancellation';
import { runForResults } from '../predict/run-for-results';
import { understandFile } from '../predict/understand-file';
import { sessionProgram } from '../session/session-program.fixture';
import { NOTHING } from '../../../core/inference/model-context.fixture';
import {
  type Box,
  BOXES,
  expectBoxes,
  IMAGE,
  INPUT,
  oneHot,
  rows,
  run,
  ultralytics,
} from './layouts.fixture';
import { type SmallModel, smallOnnx } from './small-onnx.fixture';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-frameworks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 640 x 425 at the corner of 320 x 320, halves rounded up: 213 rows. */
const atCorner = ([x, y, width, height]: Box): readonly number[] => {
  const gainY = 213 / 425;
  return [x / 2, y * gainY, (x + width) / 2, (y + height) * gainY];
};

const wholeNumbers = (numbers: readonly number[]): BigInt64Array => BigInt64Array.from(numbers, BigInt);

describe('mmdetection', () => {
  const model = (batch: readonly number[]): SmallModel => ({
    input: INPUT,
    outputs: [
      {
        name: 'dets',
        shape: [...batch, 5, 5],
        values: rows(
          5,
          5,
          BOXES.map((box, place) => [place, [...atCorner(box), box[4]]]),
        ),
      },
      {
        name: 'labels',
        shape: [...batch, 5],
        // Rows that are not filled have class -1.
        values: wholeNumbers([...BOXES.map(([, , , , , index]) => index), -1, -1]),
      },
    ],
  });

  it.each([
    ['with a batch', [1]],
    ['of its older exporter', []],
  ])('%s', async (_, batch) => {
    const result = await run(model(batch), IMAGE);
    expect(result.plan.decoder.name).toBe('mmdetection');
    expect(result.plan.input).toMatchObject({ channels: 'rgb', mean: [123.675, 116.28, 103.53], scale: 1 });
    expect(result.plan.assumed.join(' ')).toMatch(/--resize stretch.*--normalise/);
    expectBoxes(result);
  });
});

describe('Detectron2', () => {
  const stretched = ([x, y, width, height]: Box): readonly number[] => [
    x / 2,
    (y * 320) / 425,
    (x + width) / 2,
    ((y + height) * 320) / 425,
  ];
  const model = (more: SmallModel['outputs']): SmallModel => ({
    input: { name: 'data', shape: [3, 320, 320] },
    outputs: [
      { name: '1', shape: [3, 4], values: Float32Array.from(BOXES.flatMap(stretched)) },
      { name: '2', shape: [3], values: wholeNumbers(BOXES.map(([, , , , , index]) => index)) },
      { name: '3', shape: [3], values: Float32Array.from(BOXES, ([, , , , score]) => score) },
      ...more,
    ],
    isBlind: true,
  });

  it('is told from torchvision by the size of the input among its outputs', async () => {
    const result = await run(model([{ name: '4', shape: [2], values: wholeNumbers([320, 320]) }]), IMAGE);
    expect(result.plan.decoder).toMatchObject({ name: 'detectron2', classBase: 0 });
    expect(result.plan.input).toMatchObject({ channels: 'bgr', scale: 1 });
    expectBoxes(result);
  });

  it('without it: torchvision, whose classes --class-base 0 counts from 0', async () => {
    // Class 0 is torchvision's background, of which no trained model is sure.
    await expect(run(model([]), IMAGE)).rejects.toThrow(/class 0 a score of 0\.90.*begin with it/);
    const sure = await run({ ...model([]), moreOperators: ['Softmax'] }, IMAGE, NOTHING, {
      classBase: 1,
    }).catch((error: unknown) => error);
    expect(sure).toMatchObject({ code: 'class-base-wrong' });
    const corrected = await run(model([]), { ...IMAGE }, NOTHING, { classBase: 0 });
    expect([...corrected.detections.classIndex]).toEqual(BOXES.map(([, , , , , index]) => index));
  });
});

describe('PaddleDetection', () => {
  it('gets the factors of its resize, height first; its boxes are in pixels of the image', async () => {
    const model = path.join(folder, 'paddle.onnx');
    writeFileSync(
      model,
      smallOnnx({
        input: { ...INPUT, name: 'image' },
        moreInputs: [{ name: 'scale_factor', shape: [1, 2], type: 'float32' }],
        outputs: [
          {
            name: 'multiclass_nms3_0.tmp_0',
            shape: [1, 6],
            declared: ['boxes', 6],
            values: new Float32Array(6),
            repeats: { input: 'scale_factor', times: 3 },
          },
        ],
        isBlind: true,
      }),
    );
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.decoder).toMatchObject({ name: 'paddle-detection', boxUnit: 'image' });
    const file = path.join(folder, 'wide.png');
    await sharp({ create: { width: 640, height: 320, channels: 3, background: '#808080' } })
      .png()
      .toFile(file);
    const start = await sessionProgram();
    const { results } = await runForResults(
      { start, dataFolder: null },
      { model, backend: 'onnx', plan, limits: { scoreThreshold: 0.1, maxDetections: 10 }, batch: null },
      [{ key: 0, file }],
      noProgress,
      'Running',
    );
    // The factors are 1 and 0.5: class 1, score 0.5, and a box from (1, 0.5) to (1, 0.5).
    expect(results[0]).toMatchObject({ count: 1 });
    expect([...results[0]!.box]).toEqual([1, 0.5, 0, 0]);
    expect([...results[0]!.score, ...results[0]!.classIndex]).toEqual([0.5, 1]);
  });
});

describe('Ultralytics’ RT-DETR', () => {
  const model = (boxes: readonly (readonly number[])[], names: string, head: string | null): SmallModel => ({
    input: INPUT,
    outputs: [
      {
        name: 'output0',
        shape: [1, 300, 6],
        values: rows(
          300,
          6,
          boxes.map((row, place) => [place, row]),
        ),
      },
    ],
    metadata: ultralytics({
      names,
      description: 'Ultralytics rtdetr-l model',
      ...(head === null ? {} : { head }),
    }),
  });
  const shares = ([x, y, width, height]: Box): readonly number[] => [
    (x + width / 2) / 640,
    (y + height / 2) / 425,
    width / 640,
    height / 425,
  ];
  const finished = BOXES.map((box) => [...shares(box), box[4], box[5]]);
  const two = BOXES.filter(([, , , , , index]) => index < 2);

  it('with its choice in the graph: score and class after the box', async () => {
    const result = await run(model(finished, "{0: 'RBC', 1: 'WBC', 2: 'Platelets'}", 'RTDETRDecoder'), IMAGE);
    expect(result.plan.decoder).toMatchObject({ name: 'rt-detr', classCount: 3, boxUnit: 'share' });
    expectBoxes(result);
  });

  it('of two classes: the values tell which of the two forms it is', async () => {
    const names = "{0: 'RBC', 1: 'WBC'}";
    const scores = two.map((box) => [...shares(box), ...oneHot(box[5], 2, box[4])]);
    expectBoxes(await run(model(scores, names, null), IMAGE), two);
    expectBoxes(await run(model(scores, names, 'RTDETRDecoder'), IMAGE), two);
    const chosen = two.map((box) => [...shares(box), box[4], box[5]]);
    expectBoxes(await run(model(chosen, names, null), IMAGE), two);
  });
});
