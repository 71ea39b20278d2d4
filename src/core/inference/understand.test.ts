/** What is concluded from signatures alone, names of classes, and what the user says instead. */
import { describe, expect, it } from 'vitest';
import { classIds } from './class-names';
import { decodeRun, settlePlan } from './decode';
import type { ModelForm, ModelSignature, OutputTensor, TensorSpec, TensorType } from './model';
import { NOTHING } from './model-context.fixture';
import { readInputSize, readNormalise } from './overrides';
import { placeImage } from './placement';
import { understandModel } from './understand';

const LABELS = ['RBC', 'WBC', 'Platelets'].map((name, index) => ({ id: index + 1, name }));

const spec = (name: string, shape: TensorSpec['shape'], dtype: TensorType = 'float32'): TensorSpec => ({
  name,
  shape,
  dtype,
});

const signature = (
  form: ModelForm,
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  more: Partial<ModelSignature> = {},
): ModelSignature => ({ form, inputs, outputs, metadata: {}, operators: null, producer: null, ...more });

const tensor = (shape: readonly number[], data: readonly number[]): OutputTensor => ({
  shape,
  data: Float32Array.from(data),
});

const IMAGE = spec('input_tensor', [1, null, null, 3], 'uint8');
const API = ['detection_boxes', 'detection_classes', 'detection_scores', 'num_detections'];
const API_SHAPES = [[1, 100, 4], [1, 100], [1, 100], [1]];

describe('the Object Detection API', () => {
  const outputs = API.map((name, index) => spec(name, API_SHAPES[index]!));

  it('of TensorFlow 2 and 1 by its names, with or without `:0`', () => {
    const two = understandModel(signature('saved-model', [IMAGE], outputs), NOTHING);
    expect(two.decoder).toMatchObject({ name: 'tf2-object-detection-api', classBase: 1, boxOrder: 'yxyx' });
    expect(two.input).toMatchObject({ dtype: 'uint8', layout: 'nhwc', resize: 'none', scale: 1 });
    const one = signature(
      'tfjs-graph',
      [spec('image_tensor:0', [null, null, null, 3], 'int32')],
      outputs.map((output) => ({ ...output, name: `${output.name}:0` })),
    );
    expect(understandModel(one, NOTHING).decoder.name).toBe('tf1-object-detection-api');
    // Exporters of TensorFlow 1 call the input so; their graphs call no functions.
    const image = { ...IMAGE, name: 'inputs' };
    const served = (operators: readonly string[]) =>
      understandModel(signature('saved-model', [image], outputs, { operators }), NOTHING).decoder.name;
    expect(served(['Placeholder', 'Conv2D'])).toBe('tf1-object-detection-api');
    expect(served(['Placeholder', 'StatefulPartitionedCall'])).toBe('tf2-object-detection-api');
  });

  it('with lost names: by the numbering, said as an assumption and checked by the values', () => {
    const names = ['detection_boxes', 'Identity_1:0', 'Identity_2:0', 'num_detections'];
    const lost = signature(
      'tfjs-graph',
      [IMAGE],
      [2, 3, 1, 0].map((index) => spec(names[index]!, API_SHAPES[index]!)),
    );
    const plan = understandModel(lost, NOTHING);
    expect(plan.decoder.outputs).toEqual({
      boxes: 'detection_boxes',
      classes: 'Identity_1:0',
      scores: 'Identity_2:0',
      count: 'num_detections',
    });
    expect(plan.assumed.join(' ')).toMatch(/numbering/);
    const run = (scores: string, classes: string) =>
      new Map([
        ['detection_boxes', tensor([1, 2, 4], [0.1, 0.2, 0.3, 0.4, 0, 0, 1, 1])],
        [scores, tensor([1, 2], [0.9, 0.2])],
        [classes, tensor([1, 2], [3, 1])],
        ['num_detections', tensor([1], [1])],
      ]);
    expect(settlePlan(plan, run('Identity_2:0', 'Identity_1:0'))).toBe(plan);
    const swapped = run('Identity_1:0', 'Identity_2:0');
    const settled = settlePlan(plan, swapped);
    expect(settled.decoder.outputs).toMatchObject({ scores: 'Identity_1:0', classes: 'Identity_2:0' });
    expect(settled.assumed.join(' ')).not.toMatch(/numbering/);
    const limits = { scoreThreshold: 0, maxDetections: 9 };
    const [boxes] = decodeRun(settled, swapped, [placeImage(settled.input, 200, 100)], limits);
    // One is filled; ymin, xmin, ymax, xmax as shares of 200 x 100.
    expect(boxes!.count).toBe(1);
    expect([...boxes!.box].map((value) => Math.round(value * 100) / 100)).toEqual([40, 10, 40, 20]);
    expect(boxes!.classIndex[0]).toBe(2);
  });

  it('of all eight outputs without any name', () => {
    const shapes = [
      [1, 100],
      [1, 100, 4],
      [1, 100],
      [1, 100, 91],
      [1, 100],
      [1],
      [1, 1917, 4],
      [1, 1917, 91],
    ];
    const all = shapes.map((shape, index) => spec(`Identity${index ? `_${index}` : ''}:0`, shape));
    const plan = understandModel(signature('tfjs-graph', [IMAGE], all), NOTHING);
    expect(plan.decoder.outputs).toEqual({
      boxes: 'Identity_1:0',
      classes: 'Identity_2:0',
      scores: 'Identity_4:0',
      count: 'Identity_5:0',
    });
  });

  it('reads the configuration beside it', () => {
    const pipelineConfig = `model { ssd { num_classes: 3 feature_extractor { type: "ssd_mobilenet_v2_fpn_keras" }
      image_resizer { fixed_shape_resizer { height: 240 width: 320 } } } }`;
    const model = signature('saved-model', [IMAGE], outputs);
    const plan = understandModel(model, { ...NOTHING, pipelineConfig });
    expect(plan.evidence.map(({ sentence }) => sentence).join(' ')).toMatch(
      /ssd_mobilenet_v2.*320×240.*3 classes/,
    );
    const tooMany = {
      labelMap: [...LABELS, { id: 4, name: 'x' }],
      classNames: null,
      pipelineConfig,
      transformers: null,
      paddle: null,
      mmdeploy: null,
    };
    expect(() => understandModel(model, tooMany)).toThrow(/up to id 4, but the model has 3 classes/);
    const garbled = understandModel(model, { ...NOTHING, pipelineConfig: 'model { ssd {' });
    expect(garbled.assumed.join(' ')).toMatch(/cannot be read and is left out/);
  });
});

describe('coco-ssd’s raw outputs', () => {
  it('come out from a low score on, every class, COCO’s names by id', () => {
    const plan = understandModel(
      signature(
        'tfjs-graph',
        [spec('image_tensor', [1, null, null, 3], 'int32')],
        [spec('Postprocessor/ExpandDims_1', [1, 3, 1, 4]), spec('Postprocessor/Slice', [1, 3, 90])],
      ),
      NOTHING,
    );
    expect(plan.decoder.name).toBe('coco-ssd');
    const scores = new Float32Array(3 * 90);
    scores[17] = 0.9; // dog, id 18
    scores[90 + 17] = 0.8; // the same box: suppressed
    scores[180 + 0] = 0.01; // person
    const outputs = new Map([
      ['Postprocessor/ExpandDims_1', tensor([1, 3, 1, 4], [0, 0, 0.5, 1, 0, 0, 0.5, 1, 0, 0, 0.5, 1])],
      ['Postprocessor/Slice', { shape: [1, 3, 90], data: scores }],
    ]);
    const [boxes] = decodeRun(plan, outputs, [placeImage(plan.input, 100, 50)], {
      scoreThreshold: 0.001,
      maxDetections: 100,
    });
    expect([...boxes!.classIndex].map((index) => plan.classNames![index])).toEqual(['dog', 'person']);
    expect([...boxes!.box.subarray(0, 4)]).toEqual([0, 0, 100, 25]);
  });

  it('of a graph without a signature are known by their names', () => {
    const outputs = ['Postprocessor/Slice', 'Postprocessor/ExpandDims_1'].map((name) => spec(name, null));
    const plan = understandModel(signature('tfjs-graph', [IMAGE], outputs), NOTHING);
    expect(plan.decoder).toMatchObject({ name: 'coco-ssd', outputs: { boxes: outputs[1]!.name } });
    expect(plan.classNames?.slice(0, 2)).toEqual(['person', 'bicycle']);
  });
});

describe('DETR against RT-DETR', () => {
  const model = (columns: number, operators: readonly string[] | null = null) =>
    signature(
      'onnx',
      [spec('pixel_values', [1, 3, 320, 320])],
      [spec('logits', [1, 100, columns]), spec('pred_boxes', [1, 100, 4])],
      { operators },
    );

  it('by the number of classes first, else by the graph’s operations, else said', () => {
    const known = { ...NOTHING, labelMap: LABELS };
    const name = (...args: Parameters<typeof understandModel>) => understandModel(...args).decoder.name;
    expect(name(model(4, ['GridSample']), known)).toBe('detr');
    expect(name(model(3), known)).toBe('rt-detr');
    expect(name(model(3, ['GridSample']), NOTHING)).toBe('rt-detr');
    const blind = understandModel(model(4), NOTHING);
    expect(blind.decoder).toMatchObject({ name: 'detr', activation: 'softmax', background: 3 });
    expect(blind.assumed.join(' ')).toContain('--decoder rt-detr');
    const corrected = understandModel(model(4), NOTHING, { decoder: 'rt-detr' });
    expect(corrected.decoder).toMatchObject({ activation: 'sigmoid', background: null, classCount: 4 });
    expect(corrected.input.deviation).toEqual([1, 1, 1]);
  });
});

describe('raw SSD', () => {
  const model = signature(
    'onnx',
    [spec('image', [1, 3, 320, 320])],
    [spec('scores', [1, 3234, 4]), spec('boxes', [1, 3234, 4])],
  );

  it('has the background in column 0 where a column is left over; flags correct it', () => {
    const plan = understandModel(model, { ...NOTHING, labelMap: LABELS });
    expect(plan.decoder).toMatchObject({ name: 'ssd', background: 0, classBase: 1, classCount: 3 });
    expect(understandModel(model, NOTHING, { background: null }).decoder).toMatchObject({
      background: null,
      classBase: 0,
      classCount: 4,
    });
    expect(understandModel(model, NOTHING, { classBase: 0 }).decoder).toMatchObject({
      background: null,
      classCount: 4,
    });
    expect(understandModel(model, NOTHING, { background: 3 }).decoder).toMatchObject({
      classBase: 0,
      classCount: 3,
    });
  });

  it('raw scores show in the values', () => {
    const small = understandModel(model, NOTHING);
    const outputs = new Map([
      ['scores', tensor([1, 1, 4], [-1, 4, 0, 0])],
      ['boxes', tensor([1, 1, 4], [32, 32, 64, 64])],
    ]);
    expect(settlePlan(small, outputs).decoder.activation).toBe('softmax');
  });
});

describe('NanoDet', () => {
  it('distances are means of distributions over bins, in cells', () => {
    const shapes = [
      [1, 1600, 3],
      [1, 400, 3],
      [1, 100, 3],
      [1, 1600, 32],
      [1, 400, 32],
      [1, 100, 32],
    ];
    const model = signature(
      'tfjs-graph',
      [spec('input_1:0', [1, 3, 320, 320])],
      shapes.map((shape, index) => spec(`Identity_${index}:0`, shape)),
    );
    const plan = understandModel(model, { ...NOTHING, labelMap: LABELS });
    expect(plan.decoder).toMatchObject({ name: 'nanodet', classCount: 3 });
    expect(plan.input).toMatchObject({ layout: 'nchw', channels: 'bgr' });
    const outputs = new Map(
      shapes.map((shape, index) => [
        `Identity_${index}:0`,
        { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
      ]),
    );
    // Cell (column 3, row 2) of stride 16: class 1, distances 1, 2, 3 and 4 cells.
    const cell = 2 * 20 + 3;
    outputs.get('Identity_1:0')!.data[cell * 3 + 1] = 0.7;
    for (const [side, bin] of [1, 2, 3, 4].entries())
      outputs.get('Identity_4:0')!.data[cell * 32 + side * 8 + bin] = 100;
    const [boxes] = decodeRun(plan, outputs, [placeImage(plan.input, 320, 320)], {
      scoreThreshold: 0.5,
      maxDetections: 9,
    });
    expect(boxes!.count).toBe(1);
    expect([...boxes!.box].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([40, 8, 64, 96]);
    expect(boxes!.classIndex[0]).toBe(1);
  });
});

describe('class names', () => {
  const yolo = signature('onnx', [spec('images', [1, 3, 640, 640])], [spec('output0', [1, 7, 8400])], {
    metadata: { names: "{0: 'WBC', 1: 'RBC', 2: 'Platelets'}", stride: '32' },
  });

  it('of the metadata meet a label map and a truth by name', () => {
    const plan = understandModel(yolo, { ...NOTHING, labelMap: LABELS });
    const { idOf } = classIds(plan, LABELS, null);
    expect([0, 1, 2].map(idOf)).toEqual([2, 1, 3]);
    const truth = [{ id: 7, name: 'RBC' }];
    const joined = classIds(plan, LABELS, truth);
    expect([0, 1, 2].map(joined.idOf)).toEqual([null, 7, null]);
    expect(joined.missing).toEqual(['WBC', 'Platelets']);
  });

  it('a label map of other names does not fit', () => {
    const labelMap = [{ id: 1, name: 'cat' }];
    expect(() => understandModel(yolo, { ...NOTHING, labelMap })).toThrow(/has none of the names/);
  });

  it('without any: the project’s where it has as many, said; else numbers from 1', () => {
    const bare = { ...yolo, metadata: {} };
    const named = understandModel(bare, { ...NOTHING, classNames: ['a', 'b', 'c'] });
    expect(named.classNames).toEqual(['a', 'b', 'c']);
    expect(named.assumed.join(' ')).toMatch(/as many as the project/);
    const unnamed = understandModel(bare, { ...NOTHING, classNames: ['a', 'b'] });
    expect(unnamed.classNames).toBeNull();
    expect(classIds(unnamed, null, null).idOf(1)).toBe(2);
  });
});

describe('what the user says', () => {
  const fixed = signature('onnx', [spec('images', [1, 3, 640, 640])], [spec('output0', [1, 84, 8400])]);

  it.each([
    ['0.485,0.456,0.406/0.229,0.224,0.225', 1 / 255, [0.485, 0.456, 0.406]],
    ['127.5/127.5', 1, [127.5, 127.5, 127.5]],
    ['0/1', 1 / 255, [0, 0, 0]],
    ['none', 1, [0, 0, 0]],
  ])('--normalise %s', (text, scale, mean) => {
    const { input } = understandModel(fixed, NOTHING, { normalise: readNormalise(text) });
    expect(input).toMatchObject({ scale, mean });
  });

  it.each(['', '1', '1/0', 'a/b', '1,2/3', '1/2/3'])('--normalise “%s” is refused', (text) => {
    expect(() => understandModel(fixed, NOTHING, { normalise: readNormalise(text) })).toThrow();
  });

  it('--input-size is height by width; a fixed input takes no other', () => {
    expect(readInputSize('480x640')).toEqual({ height: 480, width: 640 });
    expect(() => readInputSize('0x640')).toThrow();
    expect(() => understandModel(fixed, NOTHING, { inputSize: { height: 320, width: 320 } })).toThrow(
      /fixed at 640×640/,
    );
  });

  it('ends the assumption it concerns', () => {
    const before = understandModel(fixed, NOTHING).assumed.length;
    const plan = understandModel(fixed, NOTHING, { resize: 'stretch' });
    expect(plan.input).toMatchObject({ resize: 'stretch', letterbox: null });
    expect(plan.assumed).toHaveLength(before - 1);
  });

  it('a decoder that cannot read the shapes is refused, an unknown signature listed', () => {
    expect(() => understandModel(fixed, NOTHING, { decoder: 'torchvision' })).toThrow(
      /images float32 \[1,3,640,640\]/,
    );
    const odd = signature('onnx', [spec('in', [1, 3, 64, 64])], [spec('u', [1, 7]), spec('v', null)]);
    expect(() => understandModel(odd, NOTHING)).toThrow(/outputs u float32 \[1,7\], v float32 \[unknown\]/);
  });
});

describe('100 rows of six numbers', () => {
  const rows = (operators: readonly string[], count: number | null = 100) =>
    signature('onnx', [spec('image', [1, 3, 512, 512])], [spec('detections', [1, count, 6])], { operators });

  it('are EfficientDet’s where the graph has anchors and suppresses overlaps, CenterNet’s where it does not', () => {
    // As effdet 0.4.1 exports it: even the number of rows is lost.
    const plan = understandModel(rows(['Conv', 'Exp', 'NonMaxSuppression'], null), NOTHING);
    expect(plan.decoder).toMatchObject({ name: 'efficientdet', classBase: 1, boxUnit: 'input' });
    expect(plan.input).toMatchObject({ resize: 'letterbox', mean: [0.485, 0.456, 0.406] });
    expect(plan.input.letterbox).toMatchObject({ place: 'corner', fill: [124, 116, 104] });
    expect(plan.assumed.join(' ')).toContain('--decoder centernet');
    expect(understandModel(rows(['Conv', 'TopK']), NOTHING).decoder.name).toBe('centernet');
    const yolo = understandModel(rows(['Conv', 'NonMaxSuppression'], null), NOTHING);
    expect(yolo.decoder.name).toBe('yolo-end-to-end');
  });
});

describe('transformers of other makers', () => {
  const image = spec('input', [1, 3, 560, 560]);
  const rfDetr = (columns: number) =>
    signature('onnx', [image], [spec('dets', [1, 300, 4]), spec('labels', [1, 300, columns])]);
  const normalised = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

  it('RF-DETR by the names of its outputs: sigmoid, a free last column, though there are four as a box has', () => {
    const plan = understandModel(rfDetr(4), { ...NOTHING, labelMap: LABELS });
    expect(plan.decoder).toMatchObject({
      ...{ name: 'rt-detr', outputs: { boxes: 'dets', scores: 'labels' }, activation: 'sigmoid' },
      ...{ background: 3, classBase: 0, classCount: 3 },
    });
    expect(plan.input).toMatchObject({ ...normalised, interpolation: 'exact', resize: 'stretch' });
    expect(plan.classNames).toEqual(['RBC', 'WBC', 'Platelets']);
  });

  it('RF-DETR of COCO: its 91 columns are COCO’s ids', () => {
    const plan = understandModel(rfDetr(91), NOTHING);
    expect(plan.decoder).toMatchObject({ background: 0, classBase: 1, classCount: 90 });
    expect(plan.classNames?.[0]).toBe('person');
  });

  it('Conditional DETR: sigmoid over plain attention, normalised as DETR is', () => {
    const outputs = [spec('logits', [1, 50, 3]), spec('pred_boxes', [1, 50, 4])];
    const context = { ...NOTHING, labelMap: LABELS };
    const plain = signature('onnx', [image], outputs, { operators: ['MatMul'] });
    expect(understandModel(plain, context).input).toMatchObject(normalised);
    const sampled = signature('onnx', [image], outputs, { operators: ['MatMul', 'GridSample'] });
    expect(understandModel(sampled, context).input).toMatchObject({ mean: [0, 0, 0], deviation: [1, 1, 1] });
    expect(understandModel(plain, context).decoder).toMatchObject({ name: 'rt-detr', background: null });
  });
});
