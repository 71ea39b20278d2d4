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

/** Red, green and blue of the padding. */
function fillOf({ letterbox }: InputPlan): readonly number[] {
  const fill = letterbox?.fill ?? 0;
  return typeof fill === 'number' ? [fill, fill, fill] : fill;
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
  const step = isPlanar ? 1 : 3;
  const channelStep = isPlanar ? inputWidth * inputHeight : 1;
  const channels: Channels = [
    channelOf(input, 0, offset),
    channelOf(input, 1, offset + channelStep),
    channelOf(input, 2, offset + 2 * channelStep),
  ];
  if (contentWidth !== inputWidth || contentHeight !== inputHeight)
    fillPadding(channels, fillOf(input), target, inputWidth * inputHeight, step);
  const isCopy = !isPlanar && !(levels instanceof Float32Array) && channels.every(keepsLevels);
  const count = contentWidth * 3;
  for (let y = 0; y < contentHeight; y++) {
    const from = y * count;
    const place = ((y + offsetY) * inputWidth + offsetX) * step;
    if (isCopy) target.set(levels.subarray(from, from + count), offset + place);
    else if (!(levels instanceof Float32Array))
      writeWhole(levels, from, target, place, step, contentWidth, channels);
    else
      for (const channel of channels)
        writeFractions(levels, from, target, place, step, contentWidth, channel);
  }
}

/** One channel of the input. */
interface Channel {
  /** Of the image's three. */
  readonly source: number;
  /** Where it begins in the target. */
  readonly base: number;
  readonly scale: number;
  readonly mean: number;
  readonly deviation: number;
  /** What each whole level becomes; those of an exact resize are no whole ones. */
  readonly valueOf: Float64Array;
}

type Channels = readonly [Channel, Channel, Channel];

function channelOf({ channels, scale, ...input }: InputPlan, channel: number, base: number): Channel {
  const mean = input.mean[channel]!;
  const deviation = input.deviation[channel]!;
  const valueOf = new Float64Array(256);
  for (let level = 0; level < valueOf.length; level++) valueOf[level] = (level * scale - mean) / deviation;
  return { source: channels === 'bgr' ? 2 - channel : channel, base, scale, mean, deviation, valueOf };
}

/** Levels that stay what and where they are can be copied, which is far quicker than one by one. */
const keepsLevels = ({ source, valueOf }: Channel, channel: number): boolean =>
  source === channel && valueOf.every((value, level) => value === level);

function fillPadding(
  channels: readonly Channel[],
  fill: readonly number[],
  target: TensorData,
  pixels: number,
  step: number,
): void {
  for (const { source, base, scale, mean, deviation } of channels) {
    const value = (fill[source]! * scale - mean) / deviation;
    if (step === 1) target.fill(value, base, base + pixels);
    else for (let at = 0; at < pixels; at++) target[base + at * step] = value;
  }
}

/**
 * A row of pixels from `from` on. A row is a function of its own: one that is called once an image stays interpreted for
 * the first dozens of images.
 */
function writeWhole(
  levels: Uint8Array | Uint8ClampedArray,
  from: number,
  target: TensorData,
  place: number,
  step: number,
  count: number,
  [first, second, third]: Channels,
): void {
  const { source: a, valueOf: valueOfA } = first;
  const { source: b, valueOf: valueOfB } = second;
  const { source: c, valueOf: valueOfC } = third;
  let toA = first.base + place;
  let toB = second.base + place;
  let toC = third.base + place;
  const end = from + count * 3;
  for (let at = from; at < end; at += 3) {
    target[toA] = valueOfA[levels[at + a]!]!;
    target[toB] = valueOfB[levels[at + b]!]!;
    target[toC] = valueOfC[levels[at + c]!]!;
    toA += step;
    toB += step;
    toC += step;
  }
}

/** The same for one channel of levels with fractions, every third of them. */
function writeFractions(
  levels: Float32Array,
  from: number,
  target: TensorData,
  place: number,
  step: number,
  count: number,
  { source, base, scale, mean, deviation }: Channel,
): void {
  const first = from + source;
  const to = base + place;
  for (let x = 0; x < count; x++) target[to + x * step] = (levels[first + x * 3]! * scale - mean) / deviation;
}
