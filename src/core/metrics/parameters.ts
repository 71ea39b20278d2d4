import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_UNSEEN } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import type { MatchRule } from '../matching/match-rule';
import type { CocoParameters, Protocol, VocParameters } from './evaluation';
import { COCO_IOU_THRESHOLDS, linspace } from './grids';

/** COCO's area ranges in square pixels, inclusive at both ends: an area of exactly 1024 is small and medium. */
export const COCO_AREA_RANGES: Readonly<Record<string, readonly [number, number]>> = {
  all: [0, 1e10],
  small: [0, 1024],
  medium: [1024, 9216],
  large: [9216, 1e10],
};

export const DEFAULT_COCO_PARAMETERS: CocoParameters = {
  iou: COCO_IOU_THRESHOLDS,
  maxDetections: [1, 10, 100],
  areaRanges: COCO_AREA_RANGES,
  classAgnostic: false,
  area: 'file',
};

export const DEFAULT_VOC_PARAMETERS: VocParameters = { iou: [0.5], boxSize: 'inclusive', iouRule: 'above' };

/** The parameters a protocol has where nothing is asked for. */
export function defaultParameters(protocol: 'coco'): CocoParameters;
export function defaultParameters(protocol: 'voc2007' | 'voc2012'): VocParameters;
export function defaultParameters(protocol: Protocol): CocoParameters | VocParameters;
export function defaultParameters(protocol: Protocol): CocoParameters | VocParameters {
  return protocol === 'coco' ? DEFAULT_COCO_PARAMETERS : DEFAULT_VOC_PARAMETERS;
}

/** Bits of a mask hold ranges. */
const MOST_RANGES = 30;
const MOST_THRESHOLDS = 1000;

/** Checked and completed; limits rise, as pycocotools sorts them. Throws `BadInput`. */
export function cocoParameters(given: Partial<CocoParameters> = {}): CocoParameters {
  const parameters = { ...DEFAULT_COCO_PARAMETERS, ...given };
  checkThresholds(parameters.iou);
  checkLimits(parameters.maxDetections);
  checkRanges(parameters.areaRanges);
  return { ...parameters, maxDetections: [...parameters.maxDetections].sort((a, b) => a - b) };
}

/** Checked and completed. Throws `BadInput`. */
export function vocParameters(given: Partial<VocParameters> = {}): VocParameters {
  const parameters = { ...DEFAULT_VOC_PARAMETERS, ...given };
  checkThresholds(parameters.iou);
  return parameters;
}

/** The rule that a COCO evaluation matches by; ranges as in `ranges`. */
export function cocoRule(
  parameters: CocoParameters,
  ranges: MatchRule['ranges'],
  allRange: number,
): MatchRule {
  return {
    measure: 'coco',
    choice: 'any',
    comparison: 'reach',
    thresholds: parameters.iou,
    limit: Math.max(...parameters.maxDetections),
    ranges,
    outcomeRange: allRange,
    area: parameters.area,
    ignoreFlags: FLAG_CROWD | FLAG_UNSEEN,
    crowdFlags: FLAG_CROWD,
    isClassAgnostic: parameters.classAgnostic,
    ties: 'first',
    scoreFloor: null,
  };
}

/** The rule that a VOC evaluation matches by: no limits, no sizes, no crowds. */
export function vocRule(parameters: VocParameters): MatchRule {
  return {
    measure: parameters.boxSize === 'inclusive' ? 'pixels' : 'corners',
    choice: 'best',
    comparison: parameters.iouRule === 'above' ? 'exceed' : 'reach',
    thresholds: parameters.iou,
    limit: Infinity,
    ranges: [[-Infinity, Infinity]],
    outcomeRange: 0,
    area: 'box',
    ignoreFlags: FLAG_DIFFICULT,
    crowdFlags: 0,
    isClassAgnostic: false,
    ties: 'first',
    scoreFloor: null,
  };
}

/** `0.5`, `0.5,0.75` or `first:last:step`, the last as numpy's linspace rounds it. Throws `BadInput`. */
export function parseIouThresholds(text: string): number[] {
  const thresholds = text
    .split(',')
    .flatMap((part) => (part.includes(':') ? parseGrid(part) : [parseNumber(part)]));
  checkThresholds(thresholds);
  return thresholds;
}

function parseGrid(text: string): number[] {
  const parts = text.split(':').map(parseNumber);
  const [first, last, step] = parts;
  if (parts.length !== 3 || step! <= 0 || last! < first!)
    throw badThresholds(`"${text}" is not first:last:step`);
  const steps = Math.round((last! - first!) / step!);
  if (Math.abs(first! + steps * step! - last!) > 1e-9) {
    throw badThresholds(`"${text}" does not reach its end in whole steps`);
  }
  if (steps >= MOST_THRESHOLDS) throw badThresholds(`"${text}" has over ${MOST_THRESHOLDS} thresholds`);
  return steps === 0 ? [first!] : linspace(first!, last!, steps + 1);
}

/** `1,10,100`. Throws `BadInput`. */
export function parseMaxDetections(text: string): number[] {
  const limits = text.split(',').map(parseNumber);
  checkLimits(limits);
  return limits;
}

/** `all,small,medium,large` (COCO's, by name) or `name:min:max`, mixed as wished. Throws `BadInput`. */
export function parseAreaRanges(text: string): Record<string, readonly [number, number]> {
  const ranges: Record<string, readonly [number, number]> = {};
  for (const part of text.split(',')) {
    const [name = '', min, max, ...rest] = part.trim().split(':');
    if (Object.hasOwn(ranges, name)) throw badRanges(`"${name}" stands there twice`);
    if (min === undefined) {
      const known = Object.hasOwn(COCO_AREA_RANGES, name) ? COCO_AREA_RANGES[name] : undefined;
      if (!known) throw badRanges(`"${part}" is neither name:min:max nor one of all, small, medium, large`);
      ranges[name] = known;
    } else {
      if (max === undefined || rest.length > 0) throw badRanges(`"${part}" is not name:min:max`);
      ranges[name] = [parseNumber(min), parseNumber(max)];
    }
  }
  checkRanges(ranges);
  return ranges;
}

function parseNumber(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  throw new BadInput('invalid-option', `"${text}" is not a number`, 'Write numbers with a point, as in 0.5.');
}

function checkThresholds(thresholds: readonly number[]): void {
  if (thresholds.length === 0) throw badThresholds('there is none');
  if (thresholds.length > MOST_THRESHOLDS) throw badThresholds(`there are over ${MOST_THRESHOLDS}`);
  if (new Set(thresholds).size < thresholds.length) throw badThresholds('one stands there twice');
  const wrong = thresholds.find((threshold) => !(threshold > 0 && threshold <= 1));
  if (wrong !== undefined) throw badThresholds(`${wrong} is not above 0 and at most 1`);
}

function checkLimits(limits: readonly number[]): void {
  const fail = (why: string) =>
    new BadInput(
      'invalid-option',
      `Limits on detections: ${why}`,
      'Write whole numbers from 1, as in 1,10,100.',
    );
  if (limits.length === 0) throw fail('there is none');
  if (new Set(limits).size < limits.length) throw fail('one stands there twice');
  const wrong = limits.find((limit) => !Number.isSafeInteger(limit) || limit < 1);
  if (wrong !== undefined) throw fail(`${wrong} is not a whole number from 1`);
}

function checkRanges(ranges: CocoParameters['areaRanges']): void {
  const entries = Object.entries(ranges);
  if (entries.length === 0) throw badRanges('there is none');
  if (entries.length >= MOST_RANGES) throw badRanges(`there are ${MOST_RANGES} or more`);
  for (const [name, [min, max]] of entries) {
    if (!/^[A-Za-z][\w-]*$/.test(name))
      throw badRanges(`"${name}" is not a name (a letter, then letters or digits)`);
    if (!(min >= 0 && max >= min)) throw badRanges(`${name} runs from ${min} to ${max}`);
  }
}

function badThresholds(why: string): BadInput {
  return new BadInput('invalid-option', `IoU thresholds: ${why}`, 'Write 0.5, 0.5,0.75 or 0.5:0.95:0.05.');
}

function badRanges(why: string): BadInput {
  return new BadInput(
    'invalid-option',
    `Area ranges: ${why}`,
    'Write all,small,medium,large or name:min:max in square pixels, as in tiny:0:256.',
  );
}
