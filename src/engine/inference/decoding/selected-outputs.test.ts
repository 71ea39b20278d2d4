/** Selections that exporters of YOLOv6, YOLOv7, YOLO-NAS and DAMO-YOLO put into the graph, and grids before it. */
import { describe, expect, it } from 'vitest';
import {
  type Box,
  BOXES,
  CELLS,
  expectBoxes,
  IMAGE,
  INPUT,
  letterboxed,
  oneHot,
  rows,
  run,
} from './layouts.fixture';
import type { SmallModel } from './small-onnx.fixture';

const wholeNumbers = (numbers: readonly number[]): BigInt64Array => BigInt64Array.from(numbers, BigInt);

/** A few that are filled, and what suppression leaves behind them. */
const PLACES = 20;
const filled = (numbers: readonly number[], width = 1): Float32Array => {
  const values = new Float32Array(PLACES * width).fill(7);
  values.set(numbers);
  return values;
};

describe('boxes chosen in the graph, as four outputs', () => {
  it.each([
    ['YOLOv6 and YOLOv7', ['num_dets', 'det_boxes', 'det_scores', 'det_classes'], undefined],
    [
      'YOLO-NAS',
      ['graph2_num_predictions', 'graph2_pred_boxes', 'graph2_pred_scores', 'graph2_pred_classes'],
      'uint8',
    ],
  ] as const)('of %s: only as many as it counts', async (_, [count, boxes, scores, classes], type) => {
    const model: SmallModel = {
      input: { ...INPUT, ...(type ? { type } : {}) },
      outputs: [
        { name: count, shape: [1, 1], values: wholeNumbers([BOXES.length]) },
        { name: boxes, shape: [1, PLACES, 4], values: filled(BOXES.flatMap(letterboxed), 4) },
        { name: scores, shape: [1, PLACES], values: filled(BOXES.map(([, , , , score]) => score)) },
        {
          name: classes,
          shape: [1, PLACES],
          values: wholeNumbers([...filled(BOXES.map(([, , , , , index]) => index))]),
        },
      ],
      isBlind: true,
    };
    const result = await run(model, IMAGE);
    expect(result.plan.decoder.name).toBe('yolo-end-to-end');
    expect(result.plan.input.scale).toBe(type === 'uint8' ? 1 : 1 / 255);
    expectBoxes(result);
  });
});

describe('boxes chosen in the graph, as rows of all images', () => {
  const model = (name: string, row: (box: Box) => readonly number[]): SmallModel => ({
    input: INPUT,
    outputs: [
      {
        name,
        shape: [BOXES.length + 1, 7],
        declared: ['boxes', 7],
        // The last row is another image's.
        values: Float32Array.from([...BOXES.flatMap((box) => [0, ...row(box)]), 1, ...row(BOXES[0]!)]),
      },
    ],
    moreOperators: ['NonMaxSuppression'],
    isBlind: true,
  });
  const classScore = (box: Box) => [...letterboxed(box), box[5], box[4]];
  const scoreClass = (box: Box) => [...letterboxed(box), box[4], box[5]];

  it('of YOLOv7: class, then score', async () => {
    const result = await run(model('output', classScore), IMAGE);
    expect(result.plan.decoder.name).toBe('yolo-end-to-end');
    expectBoxes(result);
  });

  it('of YOLO-NAS: score, then class', async () => {
    expectBoxes(await run(model('graph2_flat_predictions', scoreClass), IMAGE));
  });

  it('by other names: the values show which of the two is the class', async () => {
    expectBoxes(await run(model('predictions', scoreClass), IMAGE));
  });

  it('a classifier of seven classes is none of them', async () => {
    const classifier = { name: 'y', shape: [1, 7], declared: ['batch', 7], values: new Float32Array(7) };
    await expect(run({ input: INPUT, outputs: [classifier], isBlind: true }, IMAGE)).rejects.toThrow(
      /classifier/,
    );
  });
});

describe('a grid’s boxes and scores as two outputs', () => {
  const places = (box: (box: Box) => readonly number[]) =>
    rows(
      CELLS,
      4,
      BOXES.map((entry, place) => [place * 5, box(entry)]),
    );
  const scores = rows(
    CELLS,
    3,
    BOXES.map((box, place) => [place * 5, oneHot(box[5], 3, box[4])]),
  );

  it('of YOLO-NAS', async () => {
    const result = await run(
      {
        input: INPUT,
        outputs: [
          { name: 'pre_nms_bboxes_xyxy', shape: [1, CELLS, 4], values: places(letterboxed) },
          { name: 'pre_nms_scores', shape: [1, CELLS, 3], values: scores },
        ],
        isBlind: true,
      },
      IMAGE,
    );
    expect(result.plan.decoder).toMatchObject({ name: 'grid-boxes', background: null, classCount: 3 });
    expectBoxes(result);
  });

  it('of DAMO-YOLO: grey levels at the upper left corner, black around', async () => {
    const corner = ([x, y, width, height]: Box) => [x / 2, y / 2, (x + width) / 2, (y + height) / 2];
    const result = await run(
      {
        input: INPUT,
        outputs: [
          { name: 'output', shape: [1, CELLS, 3], values: scores },
          { name: '987', shape: [1, CELLS, 4], values: places(corner) },
        ],
        isBlind: true,
      },
      IMAGE,
    );
    expect(result.plan.input).toMatchObject({ scale: 1, channels: 'rgb', letterbox: { fill: 0 } });
    expectBoxes(result);
  });
});

describe('YOLOv6 without a selection', () => {
  it('is told from YOLOX by how its graph enlarges', async () => {
    const values = rows(
      CELLS,
      8,
      BOXES.map((box, place) => {
        const [left, top, right, bottom] = letterboxed(box) as [number, number, number, number];
        const centre = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
        return [place * 3, [...centre, 1, ...oneHot(box[5], 3, box[4])]];
      }),
    );
    const result = await run(
      {
        input: INPUT,
        outputs: [{ name: 'outputs', shape: [1, CELLS, 8], values }],
        moreOperators: ['ConvTranspose'],
      },
      IMAGE,
    );
    expect(result.plan.decoder).toMatchObject({ name: 'yolov5', suppression: { iou: 0.65 } });
    expectBoxes(result);
  });
});

describe('YOLOv10 as its authors export it', () => {
  it('of one class: six columns of few rows are finished boxes', async () => {
    const boxes = BOXES.map(([x, y, width, height, score]): Box => [x, y, width, height, score, 0]);
    const values = rows(
      300,
      6,
      boxes.map((box, place) => [place, [...letterboxed(box), box[4], 0]]),
    );
    const result = await run(
      {
        input: INPUT,
        outputs: [{ name: 'output0', shape: [1, 300, 6], values }],
        metadata: { names: "{0: 'cell'}", stride: '32', task: 'detect', imgsz: '[320, 320]' },
      },
      IMAGE,
    );
    expect(result.plan.decoder.name).toBe('yolo-end-to-end');
    expectBoxes(result, boxes);
  });
});
