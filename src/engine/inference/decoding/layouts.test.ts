/** Documented output layouts as small ONNX graphs, run for real: boxes written in the input's terms come back exactly. */
import { describe, expect, it } from 'vitest';
import { NOTHING } from '../../../core/inference/model-context.fixture';
import {
  type Box,
  BOXES,
  CELLS,
  IMAGE,
  INPUT,
  NAMES,
  centred,
  expectBoxes,
  letterboxed,
  oneHot,
  rows,
  run,
  transposed,
  ultralytics,
} from './layouts.fixture';
import type { SmallModel } from './small-onnx.fixture';

const rawYolo = (boxes: readonly Box[], classes: number) =>
  transposed(
    rows(
      CELLS,
      4 + classes,
      boxes.map((box, place) => [
        place * 7 + 3,
        [...centred(letterboxed(box)), ...oneHot(box[5], classes, box[4])],
      ]),
    ),
    CELLS,
    4 + classes,
  );

describe('raw YOLO outputs (v8, v11, v5u, YOLO26 without its end-to-end head)', () => {
  const v8 = (metadata: Readonly<Record<string, string>>, values = rawYolo(BOXES, 3)): SmallModel => ({
    input: INPUT,
    outputs: [{ name: 'output0', shape: [1, 7, CELLS], values }],
    metadata,
  });

  it.each(['YOLOv8n', 'YOLO11n', 'YOLOv5nu', 'YOLO26n'])('%s', async (name) => {
    const result = await run(
      v8(ultralytics({ description: `Ultralytics ${name} model trained on bccd.yaml` })),
      IMAGE,
    );
    expect(result.plan.decoder.name).toBe('yolov8');
    expect(result.plan.classNames).toEqual(NAMES);
    expect(result.plan.assumed).toEqual([]);
    expectBoxes(result);
  });

  it('of two classes are no boxes after suppression', async () => {
    const boxes = BOXES.filter(([, , , , , index]) => index < 2);
    const values = rawYolo(boxes, 2);
    const model = {
      ...v8(ultralytics({ names: "{0: 'a', 1: \"b's\"}" })),
      outputs: [{ name: 'output0', shape: [1, 6, CELLS], values }],
    };
    const result = await run(model, IMAGE);
    expect(result.plan.decoder.name).toBe('yolov8');
    expect(result.plan.classNames).toEqual(['a', "b's"]);
    expectBoxes(result, boxes);
  });

  it('without metadata: the same boxes, with what was assumed said', async () => {
    const result = await run(v8({}), IMAGE);
    expectBoxes(result);
    expect(result.plan.assumed.join(' ')).toMatch(/--resize stretch.*--normalise/);
    expect(result.plan.classNames).toBeNull();
  });

  it('with boxes as shares of the input, which the values show', async () => {
    const values = rawYolo(BOXES, 3).map((value, at) => (at < 4 * CELLS ? value / 320 : value));
    const result = await run(v8(ultralytics(), values), IMAGE);
    expect(result.plan.decoder.boxUnit).toBe('share');
    expectBoxes(result);
  });

  it('keep the best of overlapping boxes of a class, and both of two classes', async () => {
    const [first] = BOXES as [Box];
    const twin: Box = [first[0] + 1, first[1], first[2], first[3], 0.8, 0];
    const other: Box = [first[0], first[1] + 1, first[2], first[3], 0.7, 1];
    const values = rawYolo([twin, first, other], 3);
    expectBoxes(await run(v8(ultralytics(), values), IMAGE), [first, other]);
  });

  it('of an input of any size: padded only to the next multiple of 32', async () => {
    const image = { width: 640, height: 480, data: new Uint8Array(640 * 480 * 3) };
    const [x, y, width, height, score, index] = BOXES[0]!;
    const box = [
      x / 2 + width / 4,
      y / 2 + 8 + height / 4,
      width / 2,
      height / 2,
      ...oneHot(index, 3, score),
    ];
    const model: SmallModel = {
      input: { name: 'images', shape: ['batch', 3, 'height', 'width'] },
      outputs: [
        {
          name: 'output0',
          shape: [1, 7, 1680],
          declared: ['batch', 7, 'anchors'],
          values: transposed(rows(1680, 7, [[5, box]]), 1680, 7),
        },
      ],
      metadata: ultralytics(),
    };
    const result = await run(model, image);
    // 320 x 256: 240 rows of image between 8 and 8 of padding.
    expectBoxes(result, [BOXES[0]!]);
  });
});

describe('end-to-end YOLO outputs', () => {
  const finished = rows(
    300,
    6,
    BOXES.map((box, place) => [place, [...letterboxed(box), box[4], box[5]]]),
  );

  it.each([
    ['YOLO26 end to end', ultralytics({ end2end: 'True' }), [1, 300, 6]],
    ['suppression inside', ultralytics({ args: "{'nms': True, 'half': False}" }), ['batch', 'boxes', 6]],
    ['without metadata', {}, [1, 300, 6]],
  ] as const)('%s', async (_, metadata, declared) => {
    const model = {
      input: INPUT,
      outputs: [{ name: 'output0', shape: [1, 300, 6], declared, values: finished }],
    };
    const result = await run({ ...model, metadata }, IMAGE);
    expect(result.plan.decoder.name).toBe('yolo-end-to-end');
    expectBoxes(result);
  });
});

describe('YOLOv5 outputs', () => {
  it('score by objectness times class score', async () => {
    const values = rows(
      3 * CELLS,
      8,
      BOXES.map((box, place) => [
        place + 11,
        [...centred(letterboxed(box)), 0.95, ...oneHot(box[5], 3, box[4] / 0.95)],
      ]),
    );
    const model = {
      input: INPUT,
      outputs: [{ name: 'output0', shape: [1, 3 * CELLS, 8], values }],
      metadata: { stride: '32', names: "['RBC', 'WBC', 'Platelets']" },
    };
    const result = await run(model, IMAGE);
    expect(result.plan.decoder.name).toBe('yolov5');
    expect(result.plan.classNames).toEqual(NAMES);
    expectBoxes(result);
  });
});

describe('YOLOX outputs', () => {
  /** At the upper left corner, one gain of 0.5 for both axes. */
  const scaled = ([x, y, width, height]: Box) => [
    x / 2 + width / 4,
    y / 2 + height / 4,
    width / 2,
    height / 2,
  ];

  const model = (values: Float32Array): SmallModel => ({
    input: INPUT,
    outputs: [{ name: 'output', shape: [1, CELLS, 8], values }],
  });

  it('relative to the cells of a grid', async () => {
    const values = rows(
      CELLS,
      8,
      BOXES.map((box) => {
        const [x, y, width, height] = scaled(box) as [number, number, number, number];
        // In the grid of stride 16, which follows the 40 x 40 cells of stride 8.
        const [column, row] = [Math.floor(x / 16), Math.floor(y / 16)];
        const numbers = [x / 16 - column, y / 16 - row, Math.log(width / 16), Math.log(height / 16)];
        return [1600 + row * 20 + column, [...numbers, 1, ...oneHot(box[5], 3, box[4])]];
      }),
    );
    const result = await run(model(values), IMAGE);
    expect(result.plan.decoder.name).toBe('yolox');
    expect(result.plan.input).toMatchObject({ channels: 'bgr', scale: 1, resize: 'letterbox' });
    expectBoxes(result);
  });

  it('finished inside the graph, which the values show', async () => {
    const values = rows(
      CELLS,
      8,
      Array.from({ length: CELLS }, (_, place) => {
        const box = BOXES[place];
        return box
          ? [place, [...scaled(box), 1, ...oneHot(box[5], 3, box[4])]]
          : [place, [160, 160, 8, 8, 0, 0, 0, 0]];
      }),
    );
    const result = await run(model(values), IMAGE);
    expect(result.plan.decoder.strides).toBeNull();
    expectBoxes(result);
  });
});

describe('other layouts', () => {
  it('CenterNet: 100 rows of the stretched input', async () => {
    const values = rows(
      100,
      6,
      BOXES.map((box, place) => {
        const [x, y, width, height] = box;
        const sy = 320 / 425;
        return [place, [x / 2, y * sy, (x + width) / 2, (y + height) * sy, box[4], box[5]]];
      }),
    );
    const result = await run(
      { input: INPUT, outputs: [{ name: 'detections', shape: [1, 100, 6], values }] },
      IMAGE,
    );
    expect(result.plan.decoder.name).toBe('centernet');
    expect(result.plan.assumed.join(' ')).toContain('--decoder yolo-end-to-end');
    expectBoxes(result);
  });

  it('RT-DETR as Ultralytics exports it: shares of the stretched input, nothing to suppress', async () => {
    const values = rows(
      300,
      7,
      BOXES.map(([x, y, width, height, score, index], place) => [
        place,
        [
          (x + width / 2) / 640,
          (y + height / 2) / 425,
          width / 640,
          height / 425,
          ...oneHot(index, 3, score),
        ],
      ]),
    );
    const model = {
      input: INPUT,
      outputs: [{ name: 'output0', shape: [1, 300, 7], values }],
      metadata: ultralytics({ description: 'Ultralytics RT-DETR-l model' }),
    };
    const result = await run(model, IMAGE);
    expect(result.plan.decoder.name).toBe('rt-detr');
    expectBoxes(result);
  });

  it('a mapping says what an unknown signature holds', async () => {
    const boxes = Float32Array.from(BOXES.flatMap(([x, y, width, height]) => [y, x, y + height, x + width]));
    const model: SmallModel = {
      input: { name: 'x', shape: [1, 3, 425, 640] },
      outputs: [
        { name: 'a', shape: [1, 3, 1, 1, 4], values: boxes },
        { name: 'b', shape: [3], values: Float32Array.from(BOXES, (box) => box[4]) },
        { name: 'c', shape: [3], values: BigInt64Array.from(BOXES, (box) => BigInt(box[5] + 1)) },
      ],
      isBlind: true,
    };
    await expect(run(model, IMAGE)).rejects.toThrow(
      /inputs x float32 \[1,3,425,640\]; outputs a float32 \[1,3,1,1,4\], b float32 \[3\], c int64 \[3\]/,
    );
    const result = await run(model, IMAGE, NOTHING, {
      outputs: { boxes: 'a', scores: 'b', classes: 'c' },
      boxOrder: 'yxyx',
      boxUnit: 'image',
      classBase: 1,
    });
    expectBoxes(result);
  });

  it('a classifier is no detector', async () => {
    const model = { input: INPUT, outputs: [{ name: 'y', shape: [1, 10], values: new Float32Array(10) }] };
    await expect(run({ ...model, isBlind: true }, IMAGE)).rejects.toThrow(/classifier/);
  });
});
