/** Options that say how to score, and which protocol each belongs to. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Protocol } from '../../core/metrics/evaluation';
import { OBJECT_DETECTION_API_PROTOCOLS, PROTOCOLS } from '../../core/metrics/evaluation';
import { parseAreaRanges, parseIouThresholds, parseMaxDetections } from '../../core/metrics/parameters';
import type { ProtocolParameters } from '../../core/metrics/protocol-evaluation';
import type { TideMode } from '../../core/metrics/tide/tide-parameters';
import { TIDE_MODES } from '../../core/metrics/tide/tide-parameters';
import { collect, usage } from '../command';

export interface ScoringOptions {
  readonly protocol?: string;
  readonly iou?: string;
  readonly maxDetections?: string;
  readonly areaRanges?: string;
  readonly area?: 'file' | 'box';
  readonly classAgnostic?: boolean;
  readonly boxSize?: 'inclusive' | 'edge';
  readonly iouRule?: 'above' | 'at-least';
  readonly asTensorflow2ReportsIt?: boolean;
  readonly maxNumberOfBoxes?: string;
  readonly recallBounds?: string;
  readonly groupOfWeight?: string;
  readonly skipUnlabeledClasses?: boolean;
  readonly tideMode?: TideMode;
  readonly score?: string;
  readonly curves?: boolean;
  readonly confidenceInterval?: string;
  readonly require?: readonly string[];
}

const SCORING = [
  'protocol',
  'iou',
  'maxDetections',
  'areaRanges',
  'area',
  'classAgnostic',
  'boxSize',
  'iouRule',
  'asTensorflow2ReportsIt',
  'maxNumberOfBoxes',
  'recallBounds',
  'groupOfWeight',
  'skipUnlabeledClasses',
  'tideMode',
  'score',
  'curves',
  'confidenceInterval',
] as const satisfies readonly (keyof ScoringOptions)[];

/** The members of `ScoringOptions` alone, in one order, so that equal options are equal text. */
export function scoringOptions(options: ScoringOptions): ScoringOptions {
  return withoutUndefined(Object.fromEntries(SCORING.map((name) => [name, options[name]])));
}

/** Shared by `evaluate` and `project evaluate`. */
export function withScoring(command: Command): Command {
  return command
    .option('--protocol <names>', `${PROTOCOLS.join(', ')}: one, a list with commas, or all`)
    .option('--iou <thresholds>', 'IoU thresholds: 0.5, a list, or from:to:step')
    .option(
      '--max-detections <limits>',
      'limits on detections: 1,10,100 (coco, tf-coco), 300 (lvis), 100 (tide)',
    )
    .option('--area-ranges <ranges>', 'all,small,medium,large or name:min:max,... (coco, lvis)')
    .addOption(new Option('--area <source>', 'where sizes come from (coco, lvis)').choices(['file', 'box']))
    .option('--class-agnostic', 'pool all classes (coco)')
    .addOption(new Option('--box-size <rule>', 'widths of boxes (voc)').choices(['inclusive', 'edge']))
    .addOption(
      new Option('--iou-rule <rule>', 'what matches at the threshold (voc)').choices(['above', 'at-least']),
    )
    .option('--as-tensorflow-2-reports-it', 'pad and clip the truth as its loop does (tf-*, open-images-*)')
    .option('--max-number-of-boxes <count>', 'boxes an image is padded or clipped to, 100 where not given')
    .option('--recall-bounds <lower,upper>', 'part of the curve that counts (tf-precision-at-recall)')
    .option('--group-of-weight <weight>', 'how much a group-of box counts (open-images-*)')
    .option(
      '--skip-unlabeled-classes',
      'leave predictions of classes an image was not labelled for out (tf-*)',
    )
    .addOption(
      new Option('--tide-mode <mode>', 'as the TIDE package, or consistent with COCO (tide)').choices([
        ...TIDE_MODES,
      ]),
    )
    .option('--score <threshold>', 'confidence at which counts stand')
    .option('--confidence-interval <level>', 'add intervals by a bootstrap over images, as 0.95')
    .option('--curves', 'add each class’s curve')
    .option('--require <condition>', "exit with 1 where it does not hold, as 'AP>=0.5'", collect);
}

const OPEN_IMAGES: readonly Protocol[] = ['open-images-v2', 'open-images-challenge'];

/** Which protocols have an option; one that none of the chosen has is a mistake. */
const OPTIONS_OF: Readonly<Partial<Record<keyof ScoringOptions, readonly Protocol[]>>> = {
  maxDetections: ['coco', 'tf-coco', 'lvis', 'tide'],
  areaRanges: ['coco', 'tf-coco', 'lvis'],
  area: ['coco', 'tf-coco', 'lvis'],
  classAgnostic: ['coco', 'tf-coco'],
  asTensorflow2ReportsIt: OBJECT_DETECTION_API_PROTOCOLS,
  maxNumberOfBoxes: OBJECT_DETECTION_API_PROTOCOLS,
  recallBounds: ['tf-precision-at-recall'],
  groupOfWeight: OPEN_IMAGES,
  skipUnlabeledClasses: OBJECT_DETECTION_API_PROTOCOLS.filter((protocol) => !OPEN_IMAGES.includes(protocol)),
  boxSize: ['voc2007', 'voc2012'],
  iouRule: ['voc2007', 'voc2012'],
  tideMode: ['tide'],
};

/** The protocols asked for, in the order given; `coco` where none is. Throws on usage errors. */
export function chooseProtocols(options: ScoringOptions): readonly Protocol[] {
  const names = (options.protocol ?? 'coco').split(',').map((name) => name.trim());
  const protocols = names.flatMap((name): readonly Protocol[] => {
    if (name === 'all') return PROTOCOLS;
    const known = PROTOCOLS.find((protocol) => protocol === name);
    if (known) return [known];
    throw usage(`There is no protocol “${name}”.`, `Choose from ${PROTOCOLS.join(', ')}, all.`);
  });
  for (const [option, owners] of Object.entries(OPTIONS_OF)) {
    if (options[option as keyof ScoringOptions] === undefined) continue;
    if (owners.some((owner) => protocols.includes(owner))) continue;
    const flag = `--${option.replace(/[A-Z]|\d+/g, (part) => `-${part.toLowerCase()}`)}`;
    throw usage(
      `${flag} belongs to ${owners.join(', ')}, and none of them was chosen.`,
      'Leave it out, or choose the protocol.',
    );
  }
  return [...new Set(protocols)];
}

const has = (option: keyof ScoringOptions, protocol: Protocol): boolean =>
  OPTIONS_OF[option]?.includes(protocol) ?? true;

/** What the options say to one protocol; those that it does not have are left out. */
export function parametersOf(options: ScoringOptions, protocol: Protocol): ProtocolParameters {
  const own = <T>(option: keyof ScoringOptions, value: () => T): T | undefined =>
    options[option] !== undefined && has(option, protocol) ? value() : undefined;
  return withoutUndefined({
    iou: own('iou', () => parseIouThresholds(options.iou!)),
    maxDetections: own('maxDetections', () => limitsOf(options.maxDetections!, protocol)),
    areaRanges: own('areaRanges', () => parseAreaRanges(options.areaRanges!)),
    area: own('area', () => options.area),
    classAgnostic: own('classAgnostic', () => options.classAgnostic),
    boxSize: own('boxSize', () => options.boxSize),
    iouRule: own('iouRule', () => options.iouRule),
    asTensorflow2ReportsIt: own('asTensorflow2ReportsIt', () => options.asTensorflow2ReportsIt),
    maxNumberOfBoxes: own('maxNumberOfBoxes', () =>
      numberOf('max-number-of-boxes', options.maxNumberOfBoxes!),
    ),
    recallBounds: own('recallBounds', () => boundsOf(options.recallBounds!)),
    groupOfWeight: own('groupOfWeight', () => numberOf('group-of-weight', options.groupOfWeight!)),
    skipUnlabeledClasses: own('skipUnlabeledClasses', () => options.skipUnlabeledClasses),
    tideMode: own('tideMode', () => options.tideMode),
  });
}

/** Where several limits are asked for, a protocol that has one takes the largest. */
function limitsOf(text: string, protocol: Protocol): number[] {
  const limits = parseMaxDetections(text);
  return protocol === 'coco' || protocol === 'tf-coco' ? limits : [Math.max(...limits)];
}

function numberOf(name: string, text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw usage(`--${name} has to be a number, not “${text}”.`, 'Write it with a point, as 0.5.');
}

function boundsOf(text: string): [number, number] {
  const [lower, upper, ...rest] = text.split(',').map((part) => numberOf('recall-bounds', part));
  if (lower !== undefined && upper !== undefined && rest.length === 0) return [lower, upper];
  throw usage(`--recall-bounds has to be two numbers, not “${text}”.`, 'Write 0,0.5.');
}

function withoutUndefined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** Threads to use at most; null for as many as there are cores. */
export function threadsOf({ threads }: { readonly threads?: string }): number | null {
  if (threads === undefined) return null;
  if (/^[1-9]\d{0,3}$/.test(threads)) return Number(threads);
  throw usage(`--threads has to be a whole number from 1, not “${threads}”.`, 'Leave it out for all cores.');
}

/** Confidence at which counts stand. */
export function scoreOf(options: ScoringOptions): number {
  const score = options.score === undefined ? 0.5 : Number(options.score);
  if (Number.isFinite(score)) return score;
  throw usage(`--score has to be a number, not “${options.score ?? ''}”.`, 'Give a confidence, as 0.5.');
}

/** Null where no intervals are asked for. */
export function levelOf(options: ScoringOptions): number | null {
  if (options.confidenceInterval === undefined) return null;
  const level = Number(options.confidenceInterval);
  if (level > 0 && level < 1) return level;
  throw usage(
    `--confidence-interval has to lie between 0 and 1, not be “${options.confidenceInterval}”.`,
    'Give a level, as 0.95.',
  );
}
