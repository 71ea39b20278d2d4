/** What formats say of their boxes' numbers, what they leave open, and how a file was read. */
import type { PredictionsFormat, Truth, TruthFormat } from '../../dataset/dataset';
import type { BoxConvention, ConventionChoice, ConventionPart } from './box-convention';
import { CONVENTION_PARTS } from './box-convention';

export type ConventionEvidence = {
  [P in ConventionPart]: {
    readonly part: P;
    readonly value: BoxConvention[P];
    /** By the numbers themselves; because most files of the format are so; by the user. */
    readonly how: 'found' | 'assumed' | 'given';
    /** For people, a sentence. */
    readonly why: string;
  };
}[ConventionPart];

/** How a file's boxes were read, and what told. */
export interface ConventionReading {
  readonly convention: BoxConvention;
  /** Of the parts that the format leaves open. */
  readonly evidence: readonly ConventionEvidence[];
  /** What the numbers look like instead, where they speak against what was read; never taken unasked. */
  readonly suggested: { readonly choice: ConventionChoice; readonly why: string } | null;
}

interface FormatConvention {
  /** As the format's own tools write it. */
  readonly usual: BoxConvention;
  /** Parts in which files of the format are found to differ. */
  readonly open: readonly ConventionPart[];
}

const usual = (layout: BoxConvention['layout'], units: BoxConvention['units']): BoxConvention => ({
  layout,
  units,
  origin: 0,
  far: 'edge',
  pixels: 'by-size',
});
const format = (
  layout: BoxConvention['layout'],
  units: BoxConvention['units'],
  ...open: ConventionPart[]
): FormatConvention => ({ usual: usual(layout, units), open: [...open, 'pixels'] });

export const FORMAT_CONVENTIONS: Readonly<Record<TruthFormat | PredictionsFormat, FormatConvention>> = {
  coco: format('xywh', 'pixels', 'layout'),
  'coco-results': format('xywh', 'pixels', 'layout'),
  voc: format('xyxy', 'pixels', 'origin', 'far'),
  yolo: format('cxcywh', 'shares', 'layout', 'units'),
  darknet: format('cxcywh', 'shares', 'layout', 'units'),
  tfrecord: format('yxyx', 'shares'),
  'detections-tfrecord': format('yxyx', 'shares'),
  csv: format('xyxy', 'pixels', 'units', 'origin', 'far'),
  'retinanet-csv': format('xyxy', 'pixels', 'layout', 'origin', 'far'),
  'open-images-csv': format('xyxy', 'shares'),
  labelme: format('xyxy', 'pixels'),
  cvat: format('xyxy', 'pixels'),
  'label-studio': format('xywh', 'shares'),
  kitti: format('xyxy', 'pixels'),
  'create-ml': format('cxcywh', 'pixels', 'layout'),
  via: format('xywh', 'pixels'),
  vott: format('xywh', 'pixels'),
};

/** The format's own convention with the parts that the user decided. */
export const conventionFor = (
  name: TruthFormat | PredictionsFormat,
  choice: ConventionChoice = {},
): BoxConvention => ({
  ...FORMAT_CONVENTIONS[name].usual,
  ...Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined)),
});

export const isUsual = (name: TruthFormat | PredictionsFormat, convention: BoxConvention): boolean =>
  CONVENTION_PARTS.every((part) => convention[part] === FORMAT_CONVENTIONS[name].usual[part]);

/** Pixels counted from 1, the last one included, as the official VOC sets have them. */
export const OFFICIAL_CORNERS = { origin: 1, far: 'inclusive' } as const satisfies ConventionChoice;

const LAYOUT_WORDS: Readonly<Record<BoxConvention['layout'], string>> = {
  xywh: 'x, y, width, height',
  xyxy: 'x and y of two corners',
  cxcywh: 'centre, width, height',
  yxyx: 'y and x of two corners',
};
const PIXELS_WORDS: Readonly<Record<BoxConvention['pixels'], string>> = {
  'by-size': 'of the picture whose size is declared',
  stored: 'of the stored pixels',
  upright: 'of the upright picture',
};

/** For people: `x and y of two corners in pixels from 1, the last one included, of the stored pixels`. */
export function conventionWords({ layout, units, origin, far, pixels }: BoxConvention): string {
  const unit = units === 'shares' ? 'in shares of the image' : `in pixels from ${origin}`;
  const end = far === 'inclusive' ? ', the last one included' : '';
  return `${LAYOUT_WORDS[layout]} ${unit}${end}, ${PIXELS_WORDS[pixels]}`;
}

/**
 * How a truth's boxes go out in a format: as they came in it, else as its tools write them. Formats that write pixels as
 * well write shares only where all images have a size.
 */
export function conventionOf(
  { conventions, images }: Pick<Truth, 'conventions' | 'images'>,
  name: TruthFormat,
): BoxConvention {
  const { usual: own, open } = FORMAT_CONVENTIONS[name];
  const kept = conventions?.[name] ?? own;
  const needsSizes = kept.units === 'shares' && own.units === 'pixels' && open.includes('units');
  return needsSizes && !images.every(({ width, height }) => width && height)
    ? { ...kept, units: 'pixels' }
    : kept;
}
