/** Outputs of TensorFlow's model libraries as small ONNX graphs with the channels last, as converters keep them. */
import { describe, expect, it } from 'vitest';
import { NOTHING } from '../../../core/inference/model-context.fixture';
import { type Box, BOXES, expectBoxes, IMAGE, oneHot, rows, run } from './layouts.fixture';
import type { SmallModel, SmallOutput } from './small-onnx.fixture';

/** Any size, whole grey levels. */
const ANY = { name: 'inputs', shape: [1, 'height', 'width', 3], type: 'uint8' } as const;

const yxyx = ([x, y, width, height]: Box): readonly number[] => [y, x, y + height, x + width];
const shares = (box: Box): readonly number[] => {
  const [top, left, bottom, right] = yxyx(box) as [number, number, number, number];
  return [top / 425, left / 640, bottom / 425, right / 640];
};

const list = (name: string, values: readonly number[]): SmallOutput => ({
  name,
  shape: [1, values.length],
  values: Float32Array.from(values),
});
const boxList = (name: string, boxOf: (box: Box) => readonly number[]): SmallOutput => ({
  name,
  shape: [1, BOXES.length, 4],
  values: Float32Array.from(BOXES.flatMap(boxOf)),
});
const count = (name: string): SmallOutput => ({
  name,
  shape: [1],
  values: Float32Array.of(BOXES.length),
});

const SCORES = BOXES.map(([, , , , score]) => score);
const CLASSES = BOXES.map(([, , , , , index]) => index);
const CLASSES_FROM_ONE = CLASSES.map((index) => index + 1);

describe('TensorFlow’s official models', () => {
  /** As their exporter resizes 640 x 425 within 512 x 512. */
  const INFO = Float32Array.of(425, 640, 512, 512, 0.8, 0.8, 0, 0);
  const model = (boxOf: (box: Box) => readonly number[]): SmallModel => ({
    input: ANY,
    outputs: [
      boxList('detection_boxes', boxOf),
      list('detection_classes', CLASSES_FROM_ONE),
      list('detection_scores', SCORES),
      { name: 'image_info', shape: [1, 4, 2], values: INFO },
      count('num_detections'),
    ],
    isBlind: true,
  });

  it('give boxes in pixels of the image that they resized', async () => {
    const result = await run(
      model((box) => yxyx(box).map((place) => place * 0.8)),
      IMAGE,
    );
    expect(result.plan.decoder).toMatchObject({ name: 'tf2-object-detection-api', boxUnit: 'input' });
    expectBoxes(result);
  });

  it('or in shares of the original, which the values show', async () => {
    const result = await run(model(shares), IMAGE);
    expect(result.plan.decoder.boxUnit).toBe('share');
    expectBoxes(result);
  });
});

describe('a module of TensorFlow Hub for Open Images', () => {
  it('has no batch of boxes and takes values from 0 to 1', async () => {
    const flat = ({ name, values, shape }: SmallOutput): SmallOutput => ({
      name,
      values,
      shape: shape.slice(1),
    });
    const result = await run(
      {
        input: { name: 'images', shape: [1, 'height', 'width', 3] },
        outputs: [
          flat(boxList('detection_boxes', shares)),
          { name: 'detection_class_entities', shape: [3], values: new Float32Array(3) },
          {
            name: 'detection_class_labels',
            shape: [3],
            values: BigInt64Array.from(CLASSES_FROM_ONE, BigInt),
          },
          flat(list('detection_scores', SCORES)),
        ],
        isBlind: true,
      },
      IMAGE,
    );
    expect(result.plan.input.scale).toBe(1 / 255);
    expectBoxes(result);
  });
});

describe('AutoML’s EfficientDet', () => {
  it('gives rows of seven: image, box, score, class', async () => {
    const result = await run(
      {
        input: ANY,
        outputs: [
          {
            name: 'detections',
            shape: [1, 100, 7],
            values: rows(
              100,
              7,
              BOXES.map((box, place) => [place, [0, ...yxyx(box), box[4], box[5] + 1]]),
            ),
          },
        ],
        isBlind: true,
      },
      IMAGE,
    );
    expect(result.plan.decoder).toMatchObject({ name: 'efficientdet', boxOrder: 'yxyx' });
    expectBoxes(result);
  });
});

describe('TensorFlow Lite’s last step', () => {
  const input = { name: 'normalized_input_image_tensor', shape: [1, 300, 300, 3] } as const;
  const named = (boxes: string, first: SmallOutput, second: SmallOutput, number: string): SmallModel => ({
    input,
    outputs: [boxList(boxes, shares), first, second, count(number)],
    isBlind: true,
  });

  it('counts classes from 0 and takes values from -1 to 1', async () => {
    const step = 'TFLite_Detection_PostProcess';
    const result = await run(
      named(step, list(`${step}:1`, CLASSES), list(`${step}:2`, SCORES), `${step}:3`),
      IMAGE,
    );
    expect(result.plan.input).toMatchObject({ scale: 1, mean: [127.5, 127.5, 127.5], resize: 'stretch' });
    expect(result.plan.assumed.join(' ')).toContain('--class-base 1');
    expectBoxes(result);
  });

  it('by numbers alone: the values show which list is which', async () => {
    const step = 'StatefulPartitionedCall';
    const result = await run(
      named(`${step}:1`, list(`${step}:0`, SCORES), list(`${step}:3`, CLASSES), `${step}:2`),
      IMAGE,
    );
    expectBoxes(result);
  });
});

describe('SSD before suppression', () => {
  const ANCHORS = 3000;
  const input = { name: 'image', shape: [1, 3, 425, 640] } as const;
  const model = (
    boxOf: (box: Box) => readonly number[],
    scoresOf: (box: Box) => readonly number[],
    rest: readonly number[],
    moreOperators: NonNullable<SmallModel['moreOperators']>,
  ): SmallModel => ({
    input,
    outputs: [
      {
        name: 'boxes',
        shape: [1, ANCHORS, 4],
        values: rows(
          ANCHORS,
          4,
          BOXES.map((box, place) => [place, boxOf(box)]),
        ),
      },
      {
        name: 'scores',
        shape: [1, ANCHORS, rest.length],
        values: rows(
          ANCHORS,
          rest.length,
          Array.from({ length: ANCHORS }, (_, place) => {
            const box = BOXES[place];
            return [place, box ? scoresOf(box) : rest];
          }),
        ),
      },
    ],
    moreOperators,
    isBlind: true,
  });
  const corners = ([x, y, width, height]: Box) => [x, y, x + width, y + height];
  const each = (box: Box) => oneHot(box[5], 4, box[4]);
  const withBackground = (box: Box) => [1 - box[4], ...oneHot(box[5], 3, box[4])];

  it('by softmax has a background, by sigmoid none', async () => {
    const softmax = await run(model(corners, withBackground, [1, 0, 0, 0], ['Softmax']), IMAGE);
    expect(softmax.plan.decoder).toMatchObject({ name: 'ssd', background: 0, classCount: 3 });
    expectBoxes(softmax);
    const sigmoid = await run(model(corners, each, [0, 0, 0, 0], ['Sigmoid']), IMAGE);
    expect(sigmoid.plan.decoder).toMatchObject({ name: 'ssd', background: null, classCount: 4 });
    expectBoxes(sigmoid);
  });

  it('where the operations do not tell, the sums of the scores do', async () => {
    const result = await run(model(corners, each, [0, 0, 0, 0], ['Softmax', 'Sigmoid']), IMAGE);
    expect(result.plan.decoder).toMatchObject({ background: null, classBase: 0 });
    expectBoxes(result);
    const asked = await run(model(corners, each, [0, 0, 0, 0], ['Softmax']), IMAGE, NOTHING, {
      background: 0,
    });
    expect(asked.plan.decoder).toMatchObject({ background: 0, classBase: 1 });
  });

  it('distances from anchors that are not in the file are refused', async () => {
    const raw = model(() => [0.1, 0.2, -0.3, -0.4], each, [0, 0, 0, 0], ['Sigmoid']);
    const every = {
      ...raw.outputs[0]!,
      values: Float32Array.from({ length: ANCHORS * 4 }, (_, at) => Math.sin(at * at)),
    };
    await expect(run({ ...raw, outputs: [every, raw.outputs[1]!] }, IMAGE)).rejects.toMatchObject({
      code: 'model-boxes-raw',
    });
  });
});

describe('what a model takes besides an image', () => {
  const outputs: SmallModel['outputs'] = [
    list('detection_classes', CLASSES_FROM_ONE),
    list('detection_scores', SCORES),
    boxList('detection_boxes', shares),
  ];

  it('text is refused', async () => {
    const moreInputs = [
      { name: 'input_ids', shape: ['batch', 'words'] },
      { name: 'attention_mask', shape: ['batch', 'words'] },
    ];
    await expect(run({ input: ANY, moreInputs, outputs, isBlind: true }, IMAGE)).rejects.toThrow(
      /input_ids int64.*attention_mask.*told by text/,
    );
  });
});
