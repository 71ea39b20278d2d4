/** Ways in which a number may have been computed: protocols, parameters and known faults of scorers. */
import type { AnnotationColumns } from '../../dataset/dataset';
import type { EvaluationResult, Protocol } from '../../metrics/evaluation';
import { HEADLINE_METRIC } from '../../metrics/evaluation';
import type { ProtocolParameters } from '../../metrics/protocol-evaluation';
import type { Situation } from '../situation';
import { classKey } from './number-names';

export const EMULATIONS = [
  'padded-ground-truth',
  'ground-truth-clipped',
  'id-zero',
  'inclusive-pixels',
  'eleven-points',
  'detections-capped',
  'tie-order',
  'class-averaging',
  'interpolation',
] as const;
export type Emulation = (typeof EMULATIONS)[number];

export interface Way {
  readonly protocol: Protocol;
  readonly emulation: Emulation | null;
  readonly parameters: ProtocolParameters;
  /** Changes the data as the scorer's fault does; null where it does nothing to it. */
  readonly data: ((situation: Situation) => Situation) | null;
  /** The numbers that this way prints, by key; those of the evaluation where it is null. */
  readonly numbers: ((result: EvaluationResult) => Readonly<Record<string, number | null>>) | null;
  readonly words: string;
}

const PLAIN: Pick<Way, 'emulation' | 'parameters' | 'data' | 'numbers'> = {
  emulation: null,
  parameters: {},
  data: null,
  numbers: null,
};

const PASCAL_FAMILY = ['tf-pascal', 'tf-weighted-pascal', 'open-images-v2', 'open-images-challenge'] as const;

/** The most plausible first. */
export function waysOf(situation: Situation, boxLimits: readonly number[]): Way[] {
  const { annotations } = situation.truth;
  const protocols: readonly Protocol[] = [
    'coco',
    'tf-coco',
    'tf-pascal',
    'voc2012',
    'voc2007',
    'tf-weighted-pascal',
    'open-images-v2',
    'open-images-challenge',
    'lvis',
    'tide',
  ];
  const own = [situation.protocol, ...protocols.filter((one) => one !== situation.protocol)];
  const most = mostOfImage(situation);
  const limits = [...new Set([...boxLimits, 100, 50, 200, 300, 500, 1000, 30, 20, 10, 150, 256, 400])];
  return [
    ...own.map((protocol): Way => ({ ...PLAIN, protocol, words: '' })),
    ...limits.flatMap((limit) => PASCAL_FAMILY.map((protocol) => padded(protocol, limit))),
    ...limits.filter((limit) => limit < most).map((limit) => clipped(limit)),
    ...[1, 10, 300, 1000].map((limit) => capped(limit)),
    ...(annotations.id.includes(0) ? [idZero()] : []),
    pascal('voc2012', 'interpolation', 'edge', 'every point of the curve in place of 101'),
    pascal('voc2012', 'inclusive-pixels', 'inclusive', 'boxes with their last pixel counted'),
    pascal('voc2007', 'eleven-points', 'edge', 'eleven points of the curve'),
    pascal(
      'voc2007',
      'eleven-points',
      'inclusive',
      'eleven points of the curve, boxes with their last pixel counted',
    ),
    ...stricterPascal(),
    inclusive('coco'),
    inclusive('tf-pascal'),
    ...averaging(),
    tieOrder('coco'),
    tieOrder('tf-pascal'),
  ];
}

const padded = (protocol: Protocol, limit: number): Way => ({
  ...PLAIN,
  protocol,
  emulation: 'padded-ground-truth',
  parameters: { asTensorflow2ReportsIt: true, maxNumberOfBoxes: limit },
  words: `padding up to ${limit} boxes an image counted as objects of class 1`,
});

const clipped = (limit: number): Way => ({
  ...PLAIN,
  protocol: 'tf-coco',
  emulation: 'ground-truth-clipped',
  parameters: { asTensorflow2ReportsIt: true, maxNumberOfBoxes: limit },
  words: `ground truth cut to ${limit} boxes an image`,
});

const capped = (limit: number): Way => ({
  ...PLAIN,
  protocol: 'coco',
  emulation: 'detections-capped',
  parameters: { maxDetections: [limit] },
  words: `at most ${limit} detections an image and class`,
});

const pascal = (
  protocol: 'voc2007' | 'voc2012',
  emulation: Emulation,
  boxSize: 'inclusive' | 'edge',
  words: string,
): Way => ({
  ...PLAIN,
  protocol,
  emulation,
  parameters: { boxSize, iouRule: 'at-least' },
  words,
});

const TEN_IOUS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95] as const;

/** Pascal's rules at another IoU, and averaged over COCO's, by the devkit and by plain widths. */
function stricterPascal(): Way[] {
  const rules = [
    { emulation: null, parameters: {}, words: '' },
    {
      emulation: 'interpolation',
      parameters: { boxSize: 'edge', iouRule: 'at-least' },
      words: 'plain widths, and what reaches the IoU counted',
    },
  ] as const;
  const ious = [
    { key: 'mAP75', iou: [0.75] },
    { key: 'mAP50-95', iou: TEN_IOUS },
  ];
  return (['voc2012', 'voc2007'] as const).flatMap((protocol) =>
    ious.flatMap(({ key, iou }) =>
      rules.map(({ emulation, parameters, words }): Way => ({
        ...PLAIN,
        protocol,
        emulation,
        parameters: { ...parameters, iou },
        numbers: ({ metrics, classes }) => ({
          [key]: metrics[HEADLINE_METRIC[protocol]] ?? null,
          ...Object.fromEntries(classes.map(({ name, AP }) => [classKey(key.slice(1), name ?? ''), AP])),
        }),
        words,
      })),
    ),
  );
}

/** IoU of boxes with their last pixel counted is that of boxes one larger. */
const inclusive = (protocol: Protocol): Way => ({
  ...PLAIN,
  protocol,
  emulation: 'inclusive-pixels',
  data: (situation) => ({
    ...situation,
    truth: {
      ...situation.truth,
      annotations: { ...situation.truth.annotations, box: onePixelMore(situation.truth.annotations.box) },
    },
    predictions: { ...situation.predictions, box: onePixelMore(situation.predictions.box) },
  }),
  words: 'boxes with their last pixel counted',
});

const onePixelMore = (box: Float64Array): Float64Array =>
  box.map((value, at) => (at % 4 < 2 ? value : value + 1));

/** pycocotools reads id 0 as “no match”: the object stays unfound, whatever covers it. */
const idZero = (): Way => ({
  ...PLAIN,
  protocol: 'coco',
  emulation: 'id-zero',
  data: (situation) => ({
    ...situation,
    truth: { ...situation.truth, annotations: unreachable(situation.truth.annotations) },
  }),
  words: 'the object with id 0 never found',
});

function unreachable(annotations: AnnotationColumns): AnnotationColumns {
  const box = annotations.box.slice();
  annotations.id.forEach((id, row) => {
    if (id === 0) box[row * 4] = box[row * 4 + 1] = 1e9;
  });
  return { ...annotations, box };
}

/** Means over classes as other tools take them, of COCO's AP and AP50. */
function averaging(): Way[] {
  const of = (words: string, weight: (row: EvaluationResult['classes'][number]) => number): Way => ({
    ...PLAIN,
    protocol: 'coco',
    emulation: 'class-averaging',
    numbers: ({ classes }) => ({
      AP: mean(classes, weight, ({ AP }) => AP),
      AP50: mean(classes, weight, ({ AP50 }) => AP50 ?? null),
    }),
    words,
  });
  return [
    of('classes without ground truth counted as 0', () => 1),
    of('classes without ground truth counted as 0 where they have predictions', ({ truth, predictions }) =>
      truth > 0 || predictions > 0 ? 1 : 0,
    ),
    of('classes weighted by their objects', ({ truth }) => truth),
    {
      ...PLAIN,
      protocol: 'coco',
      emulation: 'class-averaging',
      parameters: { classAgnostic: true },
      words: 'all classes pooled',
    },
  ];
}

function mean(
  classes: EvaluationResult['classes'],
  weight: (row: EvaluationResult['classes'][number]) => number,
  value: (row: EvaluationResult['classes'][number]) => number | null,
): number | null {
  const total = classes.reduce((sum, row) => sum + weight(row), 0);
  return total === 0 ? null : classes.reduce((sum, row) => sum + weight(row) * (value(row) ?? 0), 0) / total;
}

/** Equal scores the other way round. */
const tieOrder = (protocol: Protocol): Way => ({
  ...PLAIN,
  protocol,
  emulation: 'tie-order',
  data: (situation) => ({ ...situation, predictions: reversed(situation.predictions) }),
  words: 'equal scores in the opposite order',
});

function reversed(predictions: Situation['predictions']): Situation['predictions'] {
  const { count } = predictions;
  const from = (row: number): number => count - 1 - row;
  const box = new Float64Array(count * 4);
  for (let row = 0; row < count; row++)
    box.set(predictions.box.subarray(from(row) * 4, from(row) * 4 + 4), row * 4);
  return {
    ...predictions,
    image: predictions.image.slice().reverse(),
    category: predictions.category.slice().reverse(),
    box,
    score: predictions.score.slice().reverse(),
    namedImage: predictions.namedImage.slice().reverse(),
    namedCategory: predictions.namedCategory.slice().reverse(),
  };
}

export function mostOfImage({ truth }: Pick<Situation, 'truth'>): number {
  const counts = new Int32Array(truth.images.length);
  for (const image of truth.annotations.image) counts[image]!++;
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

/** Whose number a key is: the protocols that print it, or all where no tool prints it. */
export function isKeyOf(key: string, protocol: Protocol): boolean {
  const headline = HEADLINE_METRIC[protocol];
  return (
    headline === key ||
    (headline.includes('_') && key.startsWith(headline.slice(0, headline.indexOf('_') + 1)))
  );
}
