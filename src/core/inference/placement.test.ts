import { describe, expect, it } from 'vitest';
import { ULTRALYTICS_LETTERBOX, YOLOX_LETTERBOX } from './decoders/image-input';
import { inputShape, writeInput } from './input-tensor';
import type { InputPlan } from './model';
import { placeImage, roundHalfToEven } from './placement';

const PLAN: InputPlan = {
  name: 'x',
  dtype: 'float32',
  layout: 'nchw',
  channels: 'rgb',
  resize: 'letterbox',
  size: { height: 320, width: 320 },
  letterbox: ULTRALYTICS_LETTERBOX,
  interpolation: 'opencv',
  scale: 1 / 255,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  batch: 1,
  sizes: [],
};

describe('where an image lies in the input', () => {
  it('rounds halves to even', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 212.5, 213.5, 2.4999, 2.6].map(roundHalfToEven)).toEqual([
      0, 2, 2, -0, -2, 212, 214, 2, 3,
    ]);
  });

  it('letterboxes as Ultralytics: 212 rows of 425, the odd pixel below, a gain for each axis', () => {
    expect(placeImage(PLAN, 640, 425)).toMatchObject({
      contentWidth: 320,
      contentHeight: 212,
      offsetX: 0,
      offsetY: 54,
      scaleX: 0.5,
      scaleY: 212 / 425,
    });
    // 213 rows leave 107: 53 above, 54 below.
    expect(placeImage(PLAN, 640, 426)).toMatchObject({ contentHeight: 213, offsetY: 53 });
    // Small images are enlarged.
    expect(placeImage(PLAN, 160, 120)).toMatchObject({ contentWidth: 320, contentHeight: 240, offsetY: 40 });
  });

  it('pads inputs of any size only to the next multiple', () => {
    const open = { ...PLAN, letterbox: { ...ULTRALYTICS_LETTERBOX, multipleOf: 32 } };
    expect(placeImage(open, 640, 480)).toMatchObject({ inputWidth: 320, inputHeight: 256, offsetY: 8 });
  });

  it('letterboxes as YOLOX: at the corner, rounded down, one gain for both axes', () => {
    const plan = { ...PLAN, letterbox: YOLOX_LETTERBOX };
    const gain = 320 / 333;
    expect(placeImage(plan, 333, 251)).toMatchObject({
      contentHeight: Math.floor(251 * gain),
      offsetX: 0,
      offsetY: 0,
      scaleX: gain,
      scaleY: gain,
    });
  });

  it('keeps the aspect within limits of the sides, whichever way the image lies, in transformers’ steps', () => {
    const letterbox = { fill: 0, place: 'corner', rounding: 'sides', multipleOf: 1 } as const;
    const plan: InputPlan = { ...PLAN, size: { height: 256, width: 400 }, letterbox };
    const size = (width: number, height: number) => {
      const { inputWidth, inputHeight } = placeImage(plan, width, height);
      return [inputWidth, inputHeight];
    };
    // As DetrImageProcessor of transformers 5.23 resizes them.
    expect(size(640, 480)).toEqual([341, 256]);
    expect(size(300, 470)).toEqual([255, 400]);
    expect(size(640, 150)).toEqual([400, 94]);
    expect(size(160, 120)).toEqual([341, 256]);
    expect(placeImage(plan, 640, 480)).toMatchObject({ scaleX: 341 / 640, scaleY: 256 / 480, offsetX: 0 });
  });

  it('rounds halves up as OpenMMLab and Detectron2 do, at the corner or within limits of the sides', () => {
    const letterbox = {
      fill: [124, 116, 104],
      place: 'corner',
      rounding: 'half-up',
      multipleOf: null,
    } as const;
    expect(placeImage({ ...PLAN, letterbox }, 640, 425)).toMatchObject({
      contentHeight: 213,
      scaleY: 213 / 425,
      offsetX: 0,
      offsetY: 0,
    });
    const open = { ...letterbox, rounding: 'sides-half-up', multipleOf: 32 } as const;
    const plan = { ...PLAN, size: { height: 800, width: 1333 }, letterbox: open };
    expect(placeImage(plan, 640, 425)).toMatchObject({
      contentWidth: 1205,
      contentHeight: 800,
      inputWidth: 1216,
    });
    expect(placeImage(plan, 200, 640)).toMatchObject({
      contentWidth: 417,
      contentHeight: 1333,
      inputHeight: 1344,
    });
  });

  it('keeps a line of an extreme image', () => {
    expect(placeImage(PLAN, 10_000, 1)).toMatchObject({ contentHeight: 1, contentWidth: 320 });
  });
});

describe('the numbers that a network gets', () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(255, 51, 0, 102, 153, 204) };

  const written = (plan: InputPlan) => {
    const placement = placeImage(plan, image.width, image.height);
    const shape = inputShape(plan, placement, 1);
    const data = new Float64Array(shape.reduce((product, size) => product * size, 1));
    writeInput(plan, placement, image, data);
    return { shape, data: [...data].map((value) => Math.round(value * 1000) / 1000) };
  };

  it('channels first, padded with grey', () => {
    const grey = 0.447;
    expect(written({ ...PLAN, size: { height: 2, width: 2 } })).toEqual({
      shape: [1, 3, 2, 2],
      data: [1, 0.4, grey, grey, 0.2, 0.6, grey, grey, 0, 0.8, grey, grey],
    });
  });

  it('padded with a colour, in the order of the channels', () => {
    const letterbox = { ...YOLOX_LETTERBOX, fill: [51, 102, 204] } as const;
    const bgr = { ...PLAN, size: { height: 2, width: 2 }, letterbox, channels: 'bgr' } as const;
    expect(written(bgr).data).toEqual([0, 0.8, 0.8, 0.8, 0.2, 0.6, 0.4, 0.4, 1, 0.4, 0.2, 0.2]);
  });

  it('channels last, BGR, mean and deviation in the order of the channels', () => {
    const plan: InputPlan = {
      ...PLAN,
      layout: 'nhwc',
      channels: 'bgr',
      resize: 'none',
      size: null,
      letterbox: null,
      scale: 1,
      mean: [4, 1, 5],
      deviation: [2, 10, 50],
    };
    expect(written(plan)).toEqual({ shape: [1, 1, 2, 3], data: [-2, 5, 5, 100, 15.2, 1.94] });
  });

  it('channels last and as they are: whole rows, between rows of padding', () => {
    const plan: InputPlan = {
      ...PLAN,
      layout: 'nhwc',
      size: { height: 3, width: 3 },
      scale: 1,
    };
    const placement = {
      ...placeImage(plan, 3, 3),
      contentWidth: 2,
      contentHeight: 1,
      offsetX: 1,
      offsetY: 1,
    };
    const data = new Float32Array(27);
    writeInput(plan, placement, image, data);
    const pad = [114, 114, 114];
    expect([...data]).toEqual([...pad, ...pad, ...pad, ...pad, ...image.data, ...pad, ...pad, ...pad]);
  });
});
