/** The numbers of one run: its images as one tensor, and what else a network wants to know of them. */
import type { TensorData } from '../../../core/inference/input-tensor';
import { filledBatch, inputMemory, inputShape } from '../../../core/inference/input-tensor';
import type { InputPlan, ModelPlan, Placement, SizeInput } from '../../../core/inference/model';
import type { InputTensor } from '../engines/session';
import type { PreparedImage } from './prepare-image';

/**
 * What the network gets for images of one input size. `filled`: images that a run takes at least. `spare`: memory that
 * may serve for a batch, as what is new has to be cleared and mapped first. The memory of an image alone is the image's.
 */
export function inputsOf(
  { input }: ModelPlan,
  images: readonly PreparedImage[],
  filled: number,
  spare: TensorData | null,
): InputTensor[] {
  const [first] = images as readonly [PreparedImage];
  const batch = filledBatch(input, Math.max(filled, images.length));
  const shape = inputShape(input, first.placement, batch);
  const data = batch > 1 ? batchOf(input, images, batch, spare) : first.data;
  const tensors: InputTensor[] = [{ name: input.name, dtype: input.dtype, shape, data }];
  const placements = images.map(({ placement }) => placement);
  for (const size of input.sizes) tensors.push(sizesOf(size, placements, batch));
  if (input.mask) tensors.push(maskOfOnes(input.mask, first.placement, batch));
  return tensors;
}

function batchOf(
  input: InputPlan,
  images: readonly PreparedImage[],
  batch: number,
  spare: TensorData | null,
): TensorData {
  const { length } = images[0]!.data;
  const data = spare?.length === length * batch ? spare : inputMemory(input.dtype, length * batch);
  for (const [index, image] of images.entries()) data.set(image.data, index * length);
  return data;
}

/** Width and height as a `SizeInput` counts them. */
function sizeOf(holds: SizeInput['holds'], placement: Placement): readonly [number, number] {
  const { imageWidth, imageHeight, inputWidth, inputHeight, scaleX, scaleY } = placement;
  if (holds === 'gain') return [scaleX, scaleY];
  return holds === 'image' ? [imageWidth, imageHeight] : [inputWidth, inputHeight];
}

/** What a further input wants to know of the images, one row an image. */
function sizesOf(
  { name, dtype, holds, order }: SizeInput,
  placements: readonly Placement[],
  batch: number,
): InputTensor {
  const values = Array.from({ length: batch }, (_, at) => {
    const [width, height] = sizeOf(holds, placements[Math.min(at, placements.length - 1)]!);
    return order === 'width-height' ? [width, height] : [height, width];
  }).flat();
  const shape = [batch, 2];
  if (dtype === 'int64') return { name, dtype, shape, data: BigInt64Array.from(values, BigInt) };
  const data = inputMemory(dtype, values.length);
  data.set(values);
  return { name, dtype, shape, data };
}

/** The whole input is image: padding was never part of what it was trained to leave out. */
function maskOfOnes(
  { name, dtype, shape }: NonNullable<ModelPlan['input']['mask']>,
  { inputHeight, inputWidth }: Placement,
  batch: number,
): InputTensor {
  const [, height = null, width = null] = shape ?? [];
  const size = [batch, height ?? inputHeight, width ?? inputWidth];
  const length = size.reduce((product, side) => product * side, 1);
  if (dtype === 'int64') return { name, dtype, shape: size, data: new BigInt64Array(length).fill(1n) };
  const data = dtype === 'bool' ? new Uint8Array(length) : inputMemory(dtype, length);
  return { name, dtype, shape: size, data: data.fill(1) };
}
