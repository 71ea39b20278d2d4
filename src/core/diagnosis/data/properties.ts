/** What two sets of images are compared by: a number of each label or of each image. */
import type { Truth } from '../../dataset/dataset';
import type { Resizer } from '../../training/pipeline-config';
import { scaleOf } from '../../training/resizer';
import type { RuleContext } from '../rule';
import type { ImageFacts, ImageLook } from '../situation';
import { sizeOf } from '../situation';

export type PropertyName =
  | 'size'
  | 'aspect-ratio'
  | 'position'
  | 'resolution'
  | 'image-aspect-ratio'
  | 'brightness'
  | 'contrast'
  | 'sharpness'
  | 'colour'
  | 'source';

/** Measures by name; a property may have several. */
export const MEASURE_KEYS = [
  'size',
  'aspect-ratio',
  'distance-from-centre',
  'place-across',
  'place-down',
  'resolution',
  'image-aspect-ratio',
  'brightness',
  'contrast',
  'sharpness',
  'red',
  'blue',
  'input-size',
] as const;
export type MeasureKey = (typeof MEASURE_KEYS)[number];

export interface ImageSet {
  readonly truth: Truth;
  readonly facts: readonly (ImageFacts | null)[] | null;
}

/** The images under diagnosis, repaired where they were; null where there is no truth. */
export function evaluationSet({ repaired, truth, sources }: RuleContext): ImageSet | null {
  if (repaired) return repaired;
  return truth && { truth, facts: sources.facts ?? null };
}

export interface Property {
  readonly key: MeasureKey;
  readonly name: PropertyName;
  /** For people, with the unit. */
  readonly measure: string;
  readonly of: 'labels' | 'images';
  /** How far the medians have to lie apart: as a difference, or as a factor. */
  readonly least: { readonly difference: number } | { readonly factor: number };
  /** The value of a label (or of an image, where `row` is not read); NaN where it is not known. */
  value(set: ImageSet, image: number, row: number): number;
}

const side = (set: ImageSet, image: number): number => {
  const size = sizeOf(set, image);
  return size ? Math.sqrt(size[0] * size[1]) : NaN;
};

/** Centre of the box in parts of the image's sides; NaN where the image's size is not known. */
function centre(set: ImageSet, image: number, row: number): readonly [x: number, y: number] {
  const size = sizeOf(set, image);
  if (!size) return [NaN, NaN];
  const { box } = set.truth.annotations;
  const at = row * 4;
  return [(box[at]! + box[at + 2]! / 2) / size[0], (box[at + 1]! + box[at + 3]! / 2) / size[1]];
}

/** 0 in the middle of the image, 1 at its edge. */
export function distanceFromCentre(set: ImageSet, image: number, row: number): number {
  const [x, y] = centre(set, image, row);
  return 2 * Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5));
}

const boxSize = ({ truth }: ImageSet, row: number): number =>
  Math.sqrt(truth.annotations.box[row * 4 + 2]! * truth.annotations.box[row * 4 + 3]!);

const look =
  (part: keyof ImageLook): Property['value'] =>
  ({ facts }, image) =>
    facts?.[image]?.look?.[part] ?? NaN;

export const PROPERTIES: readonly Property[] = [
  {
    key: 'size',
    name: 'size',
    measure: 'box side in parts of the image’s side',
    of: 'labels',
    least: { factor: 1.1 },
    value: (set, image, row) => boxSize(set, row) / side(set, image),
  },
  {
    key: 'aspect-ratio',
    name: 'aspect-ratio',
    measure: 'width / height of the boxes',
    of: 'labels',
    least: { factor: 1.1 },
    value: ({ truth: { annotations } }, _, row) =>
      annotations.box[row * 4 + 2]! / annotations.box[row * 4 + 3]!,
  },
  {
    key: 'distance-from-centre',
    name: 'position',
    measure: 'distance from the centre (0) to the edge (1)',
    of: 'labels',
    least: { difference: 0.08 },
    value: distanceFromCentre,
  },
  {
    key: 'place-across',
    name: 'position',
    measure: 'place from left (0) to right (1)',
    of: 'labels',
    least: { difference: 0.08 },
    value: (set, image, row) => centre(set, image, row)[0],
  },
  {
    key: 'place-down',
    name: 'position',
    measure: 'place from top (0) to bottom (1)',
    of: 'labels',
    least: { difference: 0.08 },
    value: (set, image, row) => centre(set, image, row)[1],
  },
  {
    key: 'resolution',
    name: 'resolution',
    measure: 'root of the image’s pixels',
    of: 'images',
    least: { factor: 1.1 },
    value: (set, image) => side(set, image),
  },
  {
    key: 'image-aspect-ratio',
    name: 'image-aspect-ratio',
    measure: 'width / height of the images',
    of: 'images',
    least: { factor: 1.1 },
    value: (set, image) => {
      const size = sizeOf(set, image);
      return size ? size[0] / size[1] : NaN;
    },
  },
  {
    key: 'brightness',
    name: 'brightness',
    measure: 'mean luminance (0 black, 1 white)',
    of: 'images',
    least: { difference: 0.05 },
    value: look('brightness'),
  },
  {
    key: 'contrast',
    name: 'contrast',
    measure: 'spread of the luminance',
    of: 'images',
    least: { factor: 1.2 },
    value: look('contrast'),
  },
  {
    key: 'sharpness',
    name: 'sharpness',
    measure: 'spread of the luminance’s Laplacian',
    of: 'images',
    least: { factor: 1.3 },
    value: look('sharpness'),
  },
  {
    key: 'red',
    name: 'colour',
    measure: 'share of red',
    of: 'images',
    least: { difference: 0.015 },
    value: look('red'),
  },
  {
    key: 'blue',
    name: 'colour',
    measure: 'share of blue',
    of: 'images',
    least: { difference: 0.015 },
    value: look('blue'),
  },
];

/** The side of a box as the model gets to see it; in pixels of the image where no resizer is known. */
export function inputSize(resizer: Resizer | null): Property {
  return {
    key: 'input-size',
    name: 'size',
    measure: resizer ? 'box side in pixels at the model’s input' : 'box side in pixels of the image',
    of: 'labels',
    least: { factor: 1.1 },
    value: (set, image, row) => {
      const size = sizeOf(set, image);
      if (!resizer || !size) return resizer ? NaN : boxSize(set, row);
      const [x, y] = scaleOf(resizer, size[0], size[1]);
      return boxSize(set, row) * Math.sqrt(x * y);
    },
  };
}

/** The measure of that name. `resizer`: what the model does with its images; null where it is not known. */
export function measureOf(key: MeasureKey, resizer: Resizer | null): Property {
  return key === 'input-size' ? inputSize(resizer) : PROPERTIES.find((property) => property.key === key)!;
}

/** Whether two medians of the property lie far enough apart to be worth a word. */
export function isFarApart({ least }: Property, a: number, b: number): boolean {
  if ('difference' in least) return Math.abs(a - b) >= least.difference;
  return Math.max(a, b) >= Math.min(a, b) * least.factor;
}

/** One value an image, so that values are independent: its own, or the median of its labels. NaN are left out. */
export function valuesByImage(set: ImageSet, property: Property): Float64Array {
  const { images, annotations } = set.truth;
  if (property.of === 'images') {
    const own = images.map((_, image) => property.value(set, image, -1));
    return Float64Array.from(own.filter(Number.isFinite));
  }
  const values: number[][] = images.map(() => []);
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    const value = property.value(set, image, row);
    if (Number.isFinite(value)) values[image]!.push(value);
  }
  return Float64Array.from(
    values.filter((own) => own.length > 0).map((own) => own.sort((a, b) => a - b)[own.length >> 1]!),
  );
}
