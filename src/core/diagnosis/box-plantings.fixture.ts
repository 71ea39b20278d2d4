/** Faults of coordinates. */
import type { Box } from './data-files.fixture';
import type { Planting } from './planting.fixture';

type BoxFault = (box: Box, width: number, height: number) => Box;

function onBoxes(side: 'predictions' | 'truth', fault: BoxFault): Planting['plant'] {
  return (files, where) => {
    const images = new Map(
      files.truth.images.map((image, index) => [image.id, { ...image, isIn: where(image, index) }]),
    );
    const records: { image_id?: number | string; bbox: Box }[] =
      side === 'predictions' ? files.predictions : files.truth.annotations;
    for (const record of records) {
      const image = images.get(Number(record.image_id));
      if (image?.isIn) record.bbox = fault(record.bbox, image.width, image.height);
    }
  };
}

const letterbox =
  (size: number, isCentred: boolean): BoxFault =>
  ([x, y, w, h], width, height) => {
    const scale = size / Math.max(width, height);
    const left = isCentred ? (size - width * scale) / 2 : 0;
    const top = isCentred ? (size - height * scale) / 2 : 0;
    return [x * scale + left, y * scale + top, w * scale, h * scale];
  };

const stretch =
  (toWidth: number, toHeight: number): BoxFault =>
  ([x, y, w, h], width, height) => [
    (x * toWidth) / width,
    (y * toHeight) / height,
    (w * toWidth) / width,
    (h * toHeight) / height,
  ];

const toXyxy: BoxFault = ([x, y, w, h]) => [x, y, x + w, y + h];
const toYxyx: BoxFault = ([x, y, w, h]) => [y, x, y + h, x + w];
const toCentre: BoxFault = ([x, y, w, h]) => [x + w / 2, y + h / 2, w, h];
const normalise: BoxFault = ([x, y, w, h], width, height) => [x / width, y / height, w / width, h / height];

const BOX_FAULTS: readonly (Omit<Planting, 'plant'> & { readonly fault: BoxFault })[] = [
  {
    name: 'x and y swapped',
    code: 'axes-swapped',
    kind: 'axes',
    fault: ([x, y, w, h]) => [y, x, h, w],
    evidence: { transform: 'swap-xy' },
  },
  {
    name: 'x and y swapped in parts',
    code: 'axes-swapped',
    kind: 'axes',
    fault: ([x, y, w, h], width, height) => [
      (y * width) / height,
      (x * height) / width,
      (h * width) / height,
      (w * height) / width,
    ],
    evidence: { transform: 'swap-xy' },
  },
  {
    name: 'flip x',
    code: 'coordinates-flipped',
    kind: 'axes',
    fault: ([x, y, w, h], width) => [width - x - w, y, w, h],
    evidence: { transform: 'flip-x' },
  },
  {
    name: 'flip y',
    code: 'coordinates-flipped',
    kind: 'axes',
    fault: ([x, y, w, h], _, height) => [x, height - y - h, w, h],
    evidence: { transform: 'flip-y' },
  },
  {
    name: 'rotate 90',
    code: 'coordinates-flipped',
    kind: 'axes',
    fault: ([x, y, w, h], _, height) => [height - y - h, x, h, w],
    evidence: { transform: 'rotate-90' },
  },
  {
    name: 'rotate 180',
    code: 'coordinates-flipped',
    kind: 'axes',
    fault: ([x, y, w, h], width, height) => [width - x - w, height - y - h, w, h],
    evidence: { transform: 'rotate-180' },
  },
  {
    name: 'rotate 270',
    code: 'coordinates-flipped',
    kind: 'axes',
    fault: ([x, y, w, h], width) => [y, width - x - w, h, w],
    evidence: { transform: 'rotate-270' },
  },
  {
    name: 'swapped and rotated',
    code: 'coordinates-flipped',
    kind: 'axes',
    fault: ([x, y, w, h], width, height) => [height - y - h, width - x - w, h, w],
    evidence: { transform: 'swap-xy-rotate-180' },
  },
  { name: 'xyxy', code: 'box-format', kind: 'format', fault: toXyxy, evidence: { from: 'xyxy', to: 'xywh' } },
  { name: 'yxyx', code: 'box-format', kind: 'format', fault: toYxyx, evidence: { from: 'yxyx', to: 'xywh' } },
  {
    name: 'cxcywh',
    code: 'box-format',
    kind: 'format',
    fault: toCentre,
    evidence: { from: 'cxcywh', to: 'xywh' },
  },
  { name: 'normalised', code: 'coordinates-normalised', kind: 'scale', fault: normalise },
  { name: 'letterbox 640', code: 'coordinates-letterboxed', kind: 'scale', fault: letterbox(640, true) },
  { name: 'letterbox 320', code: 'coordinates-letterboxed', kind: 'scale', fault: letterbox(320, true) },
  { name: 'stretched 320 × 320', code: 'coordinates-scaled', kind: 'scale', fault: stretch(320, 320) },
  { name: 'stretched 512 × 288', code: 'coordinates-scaled', kind: 'scale', fault: stretch(512, 288) },
  { name: 'longest side 1333', code: 'coordinates-scaled', kind: 'scale', fault: letterbox(1333, false) },
  {
    name: 'half size',
    code: 'coordinates-scaled',
    kind: 'scale',
    fault: (box) => box.map((one) => one / 2) as Box,
    evidence: { scale: 0.5 },
  },
  {
    name: 'scaled by 1.5',
    code: 'coordinates-scaled',
    kind: 'scale',
    fault: (box) => box.map((one) => one * 1.5) as Box,
    evidence: { scale: 1.5 },
  },
  {
    name: 'one pixel right and down',
    code: 'coordinates-off-by-one',
    kind: 'shift',
    fault: ([x, y, w, h]) => [x + 1, y + 1, w, h],
    evidence: { offset: 1 },
  },
  {
    name: 'one pixel left and up',
    code: 'coordinates-off-by-one',
    kind: 'shift',
    fault: ([x, y, w, h]) => [x - 1, y - 1, w, h],
    evidence: { offset: -1 },
  },
  {
    name: 'sizes one more',
    code: 'coordinates-off-by-one',
    kind: 'shift',
    fault: ([x, y, w, h]) => [x, y, w + 1, h + 1],
  },
];

export const BOX_PLANTINGS: readonly Planting[] = BOX_FAULTS.flatMap(({ fault, ...rest }) =>
  (['predictions', 'truth'] as const).map((side): Planting => ({
    ...rest,
    // Which side a shift is on cannot be told as a rule.
    evidence: rest.kind === 'shift' && side === 'truth' ? {} : (rest.evidence ?? {}),
    name: `${rest.name}, ${side}`,
    plant: onBoxes(side, fault),
  })),
);
