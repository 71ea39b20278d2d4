/** From a decoded image to the numbers that a network gets. */
import { BadInput } from '../foundation/bad-input';
import type { InputPlan, Placement, TensorType } from './model';
import { type Levels, resample, type RgbImage } from './resample';

export type TensorData =
  Float32Array | Float64Array | Uint8Array | Int8Array | Int16Array | Uint16Array | Int32Array;

/** Memory for one input; half precision is filled as float32 and narrowed by whoever runs the network. */
export function inputMemory(dtype: TensorType, length: number): TensorData {
  switch (dtype) {
    case 'float32':
    case 'float16':
      return new Float32Array(length);
    case 'float64':
      return new Float64Array(length);
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int16':
      return new Int16Array(length);
    case 'int32':
      return new Int32Array(length);
    default:
      throw new BadInput(
        'model-input-type',
        `The model's input is of type ${dtype}; images go in as float32, uint8 or another number type.`,
        'Export the model with an image tensor as input.',
      );
  }
}

/** Images that a run takes for so many: a file with a fixed batch takes no fewer. */
export const filledBatch = ({ batch }: InputPlan, images: number): number => Math.max(batch ?? 1, images);

/** Dimensions of the input for images of one placement. */
export function inputShape(input: InputPlan, placement: Placement, batch: number): number[] {
  const { inputHeight: height, inputWidth: width } = placement;
  switch (input.layout) {
    case 'nhwc':
      return [batch, height, width, 3];
    case 'nchw':
      return [batch, 3, height, width];
    case 'hwc':
      return [height, width, 3];
    case 'chw':
      return [3, height, width];
  }
}

/**
 * Writes one image into `target` from `offset` on, in the plan's layout. Pixels of the padding get the fill's value;
 * the image is resized as the plan says.
 */
export function writeInput(
  input: InputPlan,
  placement: Placement,
  image: RgbImage,
  target: TensorData,
  offset = 0,
): void {
  const { contentWidth, contentHeight } = placement;
  const levels = resample(image, contentWidth, contentHeight, input.interpolation);
  writeLevels(input, placement, levels, target, offset);
}

/** As `writeInput`, for levels that were resized already: `contentWidth * contentHeight * 3` of them. */
export function writeLevels(
  input: InputPlan,
  placement: Placement,
  levels: Levels,
  target: TensorData,
  offset = 0,
): void {
  const { inputWidth, inputHeight, contentWidth, contentHeight, offsetX, offsetY } = placement;
  const isPlanar = input.layout === 'nchw' || input.layout === 'chw';
  const pixelStep = isPlanar ? 1 : 3;
  const channelStep = isPlanar ? inputWidth * inputHeight : 1;
  const fill = input.letterbox?.fill ?? 0;
  const isPadded = contentWidth !== inputWidth || contentHeight !== inputHeight;
  for (let channel = 0; channel < 3; channel++) {
    const mean = input.mean[channel]!;
    const deviation = input.deviation[channel]!;
    const { scale } = input;
    const source = input.channels === 'bgr' ? 2 - channel : channel;
    const base = offset + channel * channelStep;
    if (isPadded) {
      const value = (fill * scale - mean) / deviation;
      if (isPlanar) target.fill(value, base, base + channelStep);
      else for (let at = 0; at < inputWidth * inputHeight; at++) target[base + at * pixelStep] = value;
    }
    // Whole levels have 256 values only; those of an exact resize have any.
    const valueOf = Float64Array.from({ length: 256 }, (_, level) => (level * scale - mean) / deviation);
    for (let y = 0; y < contentHeight; y++) {
      const from = y * contentWidth * 3 + source;
      const to = base + ((y + offsetY) * inputWidth + offsetX) * pixelStep;
      if (levels instanceof Float32Array)
        writeFractions(levels, from, target, to, pixelStep, contentWidth, { scale, mean, deviation });
      else writeWhole(levels, from, target, to, pixelStep, contentWidth, valueOf);
    }
  }
}

/**
 * One channel of a row, every third of `levels` from `from` on, through a table of what each level becomes. A row is a
 * function of its own: one that is called once an image stays interpreted for the first dozens of images.
 */
function writeWhole(
  levels: Uint8Array | Uint8ClampedArray,
  from: number,
  target: TensorData,
  to: number,
  step: number,
  count: number,
  valueOf: Float64Array,
): void {
  for (let x = 0; x < count; x++) target[to + x * step] = valueOf[levels[from + x * 3]!]!;
}

/** The same for levels with fractions. */
function writeFractions(
  levels: Float32Array,
  from: number,
  target: TensorData,
  to: number,
  step: number,
  count: number,
  { scale, mean, deviation }: { readonly scale: number; readonly mean: number; readonly deviation: number },
): void {
  for (let x = 0; x < count; x++) target[to + x * step] = (levels[from + x * 3]! * scale - mean) / deviation;
}
