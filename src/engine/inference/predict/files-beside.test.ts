/**
 * What libraries write beside a model, read with it: the configurations of transformers, PaddleDetection and mmdeploy,
 * Ultralytics' metadata.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { noProgress } from '../../../core/foundation/cancellation';
import type { ModelPlan } from '../../../core/inference/model';
import { smallOnnx } from '../decoding/small-onnx.fixture';
import type { ImageResult } from '../session/messages';
import { sessionProgram } from '../session/session-program.fixture';
import { runForResults } from './run-for-results';
import { understandFile } from './understand-file';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-beside-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LIMITS = { scoreThreshold: 0.1, maxDetections: 10 };
const NAMES = ['RBC', 'WBC', 'Platelets'];

/** As transformers writes them for an image that keeps its aspect. */
const PROCESSOR = {
  image_processor_type: 'DetrImageProcessor',
  do_normalize: true,
  do_rescale: true,
  do_resize: true,
  image_mean: [0.5, 0.4, 0.3],
  image_std: [0.2, 0.25, 0.5],
  rescale_factor: 1 / 255,
  resample: 2,
  size: { shortest_edge: 32, longest_edge: 96 },
};
const CONFIG = { model_type: 'detr', id2label: { '0': 'RBC', '1': 'WBC', '2': 'Platelets' } };

/** What the model gives for an image of 200 x 100 pixels. */
async function onGrey(model: string, plan: ModelPlan): Promise<readonly ImageResult[]> {
  const file = path.join(folder, 'grey.png');
  const create = { width: 200, height: 100, channels: 3, background: '#808080' } as const;
  await sharp({ create }).png().toFile(file);
  const { results } = await runForResults(
    { start: await sessionProgram(), dataFolder: null },
    { model, backend: 'onnx', plan, limits: LIMITS, batch: null },
    [{ key: 0, file }],
    noProgress,
    'Running',
  );
  return results;
}

/** Two queries of DETR with three classes, inputs of any size, a mask as Optimum's exports want it. */
function writeDetr(to: string): string {
  mkdirSync(to, { recursive: true });
  const model = path.join(to, 'model.onnx');
  const bytes = smallOnnx({
    input: { name: 'pixel_values', shape: ['batch', 3, 'height', 'width'] },
    moreInputs: [{ name: 'pixel_mask', shape: ['batch', 64, 64] }],
    outputs: [
      {
        name: 'logits',
        shape: [1, 2, 4],
        declared: ['batch', 'queries', 4],
        values: Float32Array.of(0, 9, 0, 0, 0, 0, 0, 9),
      },
      {
        name: 'pred_boxes',
        shape: [1, 2, 4],
        // The tracing exporter often loses even the four.
        declared: ['batch', 'queries', 'four'],
        values: Float32Array.of(0.5, 0.5, 0.25, 0.5, 0.1, 0.1, 0.1, 0.1),
      },
    ],
  });
  writeFileSync(model, bytes);
  return model;
}

describe('transformers’ files beside an export', () => {
  it('name the classes and the preparation; a mask of ones goes in', async () => {
    const own = path.join(folder, 'detr');
    const model = writeDetr(path.join(own, 'onnx'));
    writeFileSync(path.join(own, 'config.json'), JSON.stringify(CONFIG));
    writeFileSync(path.join(own, 'preprocessor_config.json'), JSON.stringify(PROCESSOR));
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.decoder).toMatchObject({ name: 'detr', activation: 'softmax', background: 3 });
    expect(plan.classNames).toEqual(NAMES);
    expect(plan.classNamesFrom).toBe('metadata');
    expect(plan.input).toMatchObject({ mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.25, 0.5], scale: 1 / 255 });
    const assumed = plan.evidence.filter(({ isAssumed }) => isAssumed).map(({ about }) => about);
    expect(assumed).toEqual(['class-base']);

    const results = await onGrey(model, plan);
    expect(results).toHaveLength(1);
    expect([...results[0]!.box]).toEqual([75, 25, 50, 50]);
    expect([...results[0]!.classIndex]).toEqual([1]);
  });

  it('of other tools, garbled or with unnamed classes change nothing', async () => {
    const model = writeDetr(path.join(folder, 'other'));
    const without = await understandFile(model, null, null, {});
    const texts = [
      ['{', '{'],
      ['[]', '7'],
      ['{"model_type": 5}', '{"size": 32}'],
      [JSON.stringify({ model_type: 'bert', id2label: { '0': 'LABEL_0', '1': 'LABEL_1' } }), '{}'],
    ] as const;
    for (const [config, processor] of texts) {
      writeFileSync(path.join(path.dirname(model), 'config.json'), config);
      writeFileSync(path.join(path.dirname(model), 'preprocessor_config.json'), processor);
      expect((await understandFile(model, null, null, {})).plan, config).toEqual(without.plan);
    }
  });
});

describe('PaddleDetection’s infer_cfg.yml beside an export', () => {
  /** As its exporter writes it for PP-YOLOE. */
  const yaml = (resize: string, more = '') => `mode: paddle
draw_threshold: 0.5
metric: COCO
use_dynamic_shape: false
arch: YOLO
min_subgraph_size: 3
Preprocess:
- interp: 2
  ${resize}
  type: Resize
- is_scale: true
  mean: [0.485, 0.456, 0.406]
  std: [0.229, 0.224, 0.225]
  type: NormalizeImage
- type: Permute
${more}label_list:
- RBC
- WBC
- Platelets
`;

  /** With rows where suppression is in the graph, else with the grid's boxes and scores, classes first. */
  function writePaddle(to: string, shape: readonly (number | string)[], hasRows: boolean): string {
    mkdirSync(to, { recursive: true });
    const model = path.join(to, 'model.onnx');
    const cells = 84;
    const boxes = new Float32Array(cells * 4);
    boxes.set([10, 20, 60, 50], 5 * 4);
    const scores = new Float32Array(3 * cells);
    scores[2 * cells + 5] = 0.75;
    const rows = { name: 'rows', shape: [1, 6], values: Float32Array.of(2, 0.75, 10, 20, 60, 50) };
    writeFileSync(
      model,
      smallOnnx({
        input: { name: 'image', shape },
        moreInputs: [{ name: 'scale_factor', shape: [1, 2], type: 'float32' }],
        outputs: hasRows
          ? [rows]
          : [
              { name: 'boxes', shape: [1, cells, 4], values: boxes },
              { name: 'scores', shape: [1, 3, cells], values: scores },
            ],
        isBlind: true,
      }),
    );
    return model;
  }

  it.each([true, false])('names classes and preparation; chosen in the graph: %s', async (hasRows) => {
    const model = writePaddle(path.join(folder, `paddle-${hasRows}`), [1, 3, 64, 64], hasRows);
    writeFileSync(
      path.join(path.dirname(model), 'infer_cfg.yml'),
      yaml('keep_ratio: false\n  target_size: [64, 64]'),
    );
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.decoder.name).toBe(hasRows ? 'paddle-detection' : 'grid-boxes');
    expect(plan.classNames).toEqual(NAMES);
    expect(plan.input).toMatchObject({
      resize: 'stretch',
      interpolation: 'opencv-cubic',
      scale: 1 / 255,
      mean: [0.485, 0.456, 0.406],
    });
    const results = await onGrey(model, plan);
    expect([...results[0]!.box]).toEqual([10, 20, 50, 30]);
    expect([...results[0]!.score, ...results[0]!.classIndex]).toEqual([0.75, 2]);
  });

  it('of an input of any size: the limits of its sides, padded to a multiple', async () => {
    const model = writePaddle(path.join(folder, 'paddle-open'), [1, 3, 'height', 'width'], true);
    writeFileSync(
      path.join(path.dirname(model), 'infer_cfg.yml'),
      yaml('keep_ratio: true\n  target_size: [800, 1333]', '- stride: 32\n  type: PadStride\n'),
    );
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.input).toMatchObject({
      resize: 'letterbox',
      size: { height: 800, width: 1333 },
      letterbox: { rounding: 'sides-half-up', multipleOf: 32 },
    });
  });

  it('garbled, it changes nothing', async () => {
    const model = writePaddle(path.join(folder, 'paddle-odd'), [1, 3, 64, 64], true);
    const without = await understandFile(model, null, null, {});
    for (const text of ['Preprocess: [', 'Preprocess: 7', 'a: b']) {
      writeFileSync(path.join(path.dirname(model), 'infer_cfg.yml'), text);
      expect((await understandFile(model, null, null, {})).plan, text).toEqual(without.plan);
    }
  });
});

describe('mmdeploy’s pipeline.json beside an export', () => {
  const pipeline = (transforms: readonly object[]): string =>
    JSON.stringify({
      pipeline: {
        input: ['img'],
        output: ['post_output'],
        tasks: [
          { type: 'Task', module: 'Transform', name: 'Preprocess', transforms },
          { type: 'Task', module: 'Net', name: 'rtmdet', input_map: { img: 'input' } },
        ],
      },
    });
  const load = { type: 'LoadImageFromFile', backend_args: null };
  /** BGR, as RTMDet's configurations have it. */
  const bgr = {
    type: 'Normalize',
    to_rgb: false,
    mean: [103.53, 116.28, 123.675],
    std: [57.375, 57.12, 58.395],
  };

  function writeMmdetection(to: string, shape: readonly (number | string)[]): string {
    mkdirSync(to, { recursive: true });
    const model = path.join(to, 'end2end.onnx');
    const dets = { name: 'dets', shape: [1, 1, 5], values: Float32Array.of(1, 2, 3, 4, 0.5) };
    const labels = { name: 'labels', shape: [1, 1], values: BigInt64Array.of(0n) };
    writeFileSync(
      model,
      smallOnnx({ input: { name: 'input', shape }, outputs: [dets, labels], isBlind: true }),
    );
    return model;
  }

  it.each([
    ['fixed', [1, 3, 64, 64]],
    ['any', ['batch', 3, 'height', 'width']],
  ] as const)('of RTMDet, size %s: grey around, BGR', async (name, shape) => {
    const model = writeMmdetection(path.join(folder, `rtmdet-${name}`), shape);
    const steps = [
      load,
      { type: 'Resize', keep_ratio: true, size: [64, 64] },
      { type: 'Pad', size: [64, 64], pad_val: { img: [114, 113, 112] } },
      bgr,
      { type: 'Pad', size_divisor: 1 },
    ];
    writeFileSync(path.join(path.dirname(model), 'pipeline.json'), pipeline(steps));
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.input).toMatchObject({
      channels: 'bgr',
      mean: bgr.mean,
      deviation: bgr.std,
      size: { height: 64, width: 64 },
      letterbox: { fill: [112, 113, 114], place: 'corner', rounding: 'half-up', multipleOf: null },
    });
    expect(plan.evidence.filter(({ isAssumed }) => isAssumed).map(({ about }) => about)).toEqual([
      'class-base',
      'class-names',
    ]);
  });

  it('of a model of any size: the limits of its sides, padded with the mean', async () => {
    const model = writeMmdetection(path.join(folder, 'faster'), ['batch', 3, 'height', 'width']);
    const steps = [
      load,
      { type: 'Resize', keep_ratio: true, size: [1000, 600] },
      { ...bgr, to_rgb: true, mean: [1, 2, 3] },
      { type: 'Pad', size_divisor: 16 },
    ];
    writeFileSync(path.join(path.dirname(model), 'pipeline.json'), pipeline(steps));
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.input).toMatchObject({
      channels: 'rgb',
      size: { height: 600, width: 1000 },
      letterbox: { fill: [1, 2, 3], rounding: 'sides-half-up', multipleOf: 16 },
    });
  });

  it('garbled or of another tool, it changes nothing', async () => {
    const model = writeMmdetection(path.join(folder, 'mm-odd'), [1, 3, 64, 64]);
    const without = await understandFile(model, null, null, {});
    for (const text of ['{', '{"pipeline": []}', pipeline([load, { type: 'Normalize', mean: 'x' }])]) {
      writeFileSync(path.join(path.dirname(model), 'pipeline.json'), text);
      expect((await understandFile(model, null, null, {})).plan, text).toEqual(without.plan);
    }
  });
});

describe('Ultralytics’ metadata.yaml beside a TF.js model', () => {
  const tensor = (sizes: readonly number[]) => ({
    dtype: 'DT_FLOAT',
    tensorShape: { dim: sizes.map((size) => ({ size: String(size) })) },
  });
  const model = path.join(folder, 'web_model', 'model.json');
  mkdirSync(path.dirname(model));
  writeFileSync(
    model,
    JSON.stringify({
      format: 'graph-model',
      modelTopology: { node: [] },
      signature: {
        inputs: { images: { name: 'images:0', ...tensor([1, 320, 320, 3]) } },
        outputs: { output_0: { name: 'Identity:0', ...tensor([1, 7, 2100]) } },
      },
      weightsManifest: [],
    }),
  );

  it('names classes, size and task', async () => {
    const yaml = `author: Ultralytics
description: Ultralytics YOLO11n model
task: detect
stride: 32
imgsz:
- 320
- 320
end2end: false
args:
  nms: false
names:
  0: RBC
  1: WBC
  2: Platelets
`;
    writeFileSync(path.join(path.dirname(model), 'metadata.yaml'), yaml);
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.decoder).toMatchObject({ name: 'yolov8', classCount: 3, isValuesFirst: true });
    expect(plan.classNames).toEqual(NAMES);
    expect(plan.input).toMatchObject({ layout: 'nhwc', resize: 'letterbox', scale: 1 / 255 });
    expect(plan.assumed).toEqual([]);
  });

  it('a garbled one changes nothing, one of a classifier refuses the model', async () => {
    writeFileSync(path.join(path.dirname(model), 'metadata.yaml'), 'names: {0: [');
    const { plan } = await understandFile(model, null, null, {});
    expect(plan.classNames).toBeNull();
    writeFileSync(path.join(path.dirname(model), 'metadata.yaml'), 'author: Ultralytics\ntask: depth\n');
    await expect(understandFile(model, null, null, {})).rejects.toMatchObject({ code: 'model-no-detector' });
  });
});
