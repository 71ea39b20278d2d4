/** Which input takes the image, in which layout and size, and the plans of the usual ways of preparing it. */
import type {
  ImageSize,
  InputPlan,
  LetterboxRule,
  ModelSignature,
  TensorLayout,
  TensorSpec,
  TensorType,
} from '../model';

export interface ImageInput {
  readonly spec: TensorSpec;
  readonly layout: TensorLayout;
  /** Null where it may be of any size. */
  readonly size: ImageSize | null;
  /** Most images at once; null: any number. */
  readonly batch: number | null;
}

const NUMBER_TYPES: readonly TensorType[] = [
  'float32',
  'float16',
  'float64',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
];

const isChannels = (size: number | null | undefined): boolean => size === 3;
const isOpen = (size: number | null | undefined): boolean => size === null;

/** Where the channels stand: by their size 3, else as the form has it by custom. */
function layoutOf({ shape }: TensorSpec, isChannelsFirst: boolean): TensorLayout | null {
  if (shape === null) return isChannelsFirst ? 'nchw' : 'nhwc';
  if (shape.length === 4) {
    const [, second, , fourth] = shape;
    if (isChannels(second) && !(isChannels(fourth) && !isChannelsFirst)) return 'nchw';
    if (isChannels(fourth)) return 'nhwc';
    if (isChannelsFirst && isOpen(second)) return 'nchw';
    return !isChannelsFirst && isOpen(fourth) ? 'nhwc' : null;
  }
  if (shape.length !== 3) return null;
  if (isChannels(shape[0])) return 'chw';
  return isChannels(shape[2]) ? 'hwc' : null;
}

function sizeOf({ shape }: TensorSpec, layout: TensorLayout): ImageSize | null {
  if (shape === null) return null;
  const first = { nchw: 2, nhwc: 1, chw: 1, hwc: 0 }[layout];
  const height = shape[first];
  const width = shape[first + 1];
  return height && width ? { height, width } : null;
}

/** The first input that can take a colour image; null where none can. */
export function findImageInput(signature: ModelSignature): ImageInput | null {
  const isChannelsFirst = signature.form === 'onnx';
  for (const spec of signature.inputs) {
    const layout = NUMBER_TYPES.includes(spec.dtype) ? layoutOf(spec, isChannelsFirst) : null;
    if (layout === null) continue;
    const hasBatch = layout === 'nchw' || layout === 'nhwc';
    const batch = hasBatch ? (spec.shape?.[0] ?? null) : 1;
    return { spec, layout, size: sizeOf(spec, layout), batch };
  }
  return null;
}

const NO_MEAN = [0, 0, 0] as const;
const NO_DEVIATION = [1, 1, 1] as const;

/** Grey levels as they are, resized to the input's size where it has one. */
export function plainInput(image: ImageInput): InputPlan {
  return {
    name: image.spec.name,
    dtype: image.spec.dtype,
    layout: image.layout,
    channels: 'rgb',
    resize: image.size === null ? 'none' : 'stretch',
    size: image.size,
    letterbox: null,
    interpolation: 'exact',
    scale: 1,
    mean: NO_MEAN,
    deviation: NO_DEVIATION,
    batch: image.size === null && image.batch === null ? 1 : image.batch,
    sizes: [],
  };
}

/** Whether the input takes fractions; one of whole numbers gets grey levels, and the graph does the rest. */
export const takesFractions = ({ spec }: ImageInput): boolean => spec.dtype.startsWith('float');

/** Values from 0 to 1, where the input takes fractions. */
export const shareInput = (image: ImageInput): InputPlan => ({
  ...plainInput(image),
  scale: takesFractions(image) ? 1 / 255 : 1,
});

/** ImageNet's mean and deviation of red, green and blue, of values from 0 to 1 and of grey levels. */
export const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
export const IMAGENET_DEVIATION = [0.229, 0.224, 0.225] as const;
export const IMAGENET_MEAN_LEVELS = [123.675, 116.28, 103.53] as const;
export const IMAGENET_DEVIATION_LEVELS = [58.395, 57.12, 57.375] as const;

/** The letterbox of Ultralytics: grey 114, centred, halves to even. */
export const ULTRALYTICS_LETTERBOX: LetterboxRule = {
  fill: 114,
  place: 'centre',
  rounding: 'half-to-even',
  multipleOf: null,
};

/** The letterbox of YOLOX: grey 114, at the upper left corner, sizes rounded down. */
export const YOLOX_LETTERBOX: LetterboxRule = {
  fill: 114,
  place: 'corner',
  rounding: 'down',
  multipleOf: null,
};

/** `320x240` as people write it: width by height. */
export const sizeText = ({ width, height }: ImageSize): string => `${width}×${height}`;

/** Shape as text: `[1,3,?,?]`. */
export const shapeText = ({ shape }: TensorSpec): string =>
  shape === null ? '[unknown]' : `[${shape.map((size) => size ?? '?').join(',')}]`;
