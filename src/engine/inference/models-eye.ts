/** An image as a network gets it: resized, padded, before its levels are normalised. */
import type { ModelsEye, SeenObject } from '../../contract/model-view';
import { inputMemory, writeInput } from '../../core/inference/input-tensor';
import type { InputPlan, Placement } from '../../core/inference/model';
import { placeImage } from '../../core/inference/placement';
import type { RgbImage } from '../../core/inference/resample';

interface Annotation {
  readonly category: number;
  readonly box: readonly [number, number, number, number];
}

/** The plan that gives levels in natural colours, whatever the network wants. */
const asLevels = (input: InputPlan): InputPlan => ({
  ...input,
  dtype: 'float32',
  layout: 'nhwc',
  channels: 'rgb',
  scale: 1,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
});

function seenPixels(input: InputPlan, placement: Placement, image: RgbImage): Uint8ClampedArray<ArrayBuffer> {
  const count = placement.inputWidth * placement.inputHeight;
  const levels = inputMemory('float32', count * 3);
  writeInput(asLevels(input), placement, image, levels);
  const pixels = new Uint8ClampedArray(count * 4).fill(255);
  for (let pixel = 0; pixel < count; pixel++) {
    for (let channel = 0; channel < 3; channel++) pixels[pixel * 4 + channel] = levels[pixel * 3 + channel]!;
  }
  return pixels;
}

const seenObject = ({ category, box }: Annotation, placement: Placement): SeenObject => ({
  category,
  box: [
    box[0] * placement.scaleX + placement.offsetX,
    box[1] * placement.scaleY + placement.offsetY,
    box[2] * placement.scaleX,
    box[3] * placement.scaleY,
  ],
  imageWidth: box[2],
  imageHeight: box[3],
});

const seenArea = ({ box }: SeenObject): number => box[2] * box[3];

export function modelsEye(input: InputPlan, image: RgbImage, annotations: readonly Annotation[]): ModelsEye {
  const placement = placeImage(input, image.width, image.height);
  const { offsetX, offsetY, contentWidth, contentHeight } = placement;
  return {
    input,
    width: placement.inputWidth,
    height: placement.inputHeight,
    pixels: seenPixels(input, placement, image),
    content: [offsetX, offsetY, contentWidth, contentHeight],
    image: { width: image.width, height: image.height },
    objects: annotations
      .map((annotation) => seenObject(annotation, placement))
      .sort((a, b) => seenArea(b) - seenArea(a)),
  };
}
