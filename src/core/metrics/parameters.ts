import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_UNSEEN } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import type { MatchRule } from '../matching/match-rule';
import type {
  CocoParameters,
  LvisParameters,
  ObjectDetectionApiParameters,
  ObjectDetectionApiProtocol,
  TableProtocol,
  VocParameters,
} from './evaluation';
import { COCO_AREA_RANGES, COCO_IOU_THRESHOLDS, linspace } from './grids';
import {
  defaultApiParameters,
  isObjectDetectionApi,
  type TfCocoParameters,
} from './object-detection-api/parameters';
import {
  badRanges,
  badThresholds,
  checkLimits,
  checkRanges,
  checkThresholds,
  MOST_THRESHOLDS,
} from './parameter-checks';

export { COCO_AREA_RANGES } from './grids';

export const DEFAULT_COCO_PARAMETERS: CocoParameters = {
  iou: COCO_IOU_THRESHOLDS,
  maxDetections: [1, 10, 100],
  areaRanges: COCO_AREA_RANGES,
  classAgnostic: false,
  area: 'file',
};

/** 300 detections an image over all classes. */
export const DEFAULT_LVIS_PARAMETERS: LvisParameters = {
  iou: COCO_IOU_THRESHOLDS,
  maxDetections: [300],
  areaRanges: COCO_AREA_RANGES,
  area: 'file',
};

export const DEFAULT_VOC_PARAMETERS: VocParameters = { iou: [0.5], boxSize: 'inclusive', iouRule: 'above' };

type ProtocolParameters =
  CocoParameters | VocParameters | TfCocoParameters | Partial<ObjectDetectionApiParameters>;

/** The parameters a protocol has where nothing is asked for. */
export function defaultParameters(protocol: 'coco'): CocoParameters;
export function defaultParameters(protocol: 'voc2007' | 'voc2012'): VocParameters;
export function defaultParameters(protocol: 'tf-coco'): TfCocoParameters;
export function defaultParameters(
  protocol: Exclude<ObjectDetectionApiProtocol, 'tf-coco'>,
): Partial<ObjectDetectionApiParameters>;
export function defaultParameters(protocol: TableProtocol): ProtocolParameters;
export function defaultParameters(protocol: TableProtocol): ProtocolParameters {
  if (isObjectDetectionApi(protocol)) return defaultApiParameters(protocol);
  if (protocol === 'lvis') return DEFAULT_LVIS_PARAMETERS;
  return protocol === 'coco' ? DEFAULT_COCO_PARAMETERS : DEFAULT_VOC_PARAMETERS;
}

/** Checked and completed; limits rise, as pycocotools sorts them. Throws `BadInput`. */
export function cocoParameters(given: Partial<CocoParameters> = {}): CocoParameters {
  const parameters = { ...DEFAULT_COCO_PARAMETERS, ...given };
  checkThresholds(parameters.iou);
  checkLimits(parameters.maxDetections);
  checkRanges(parameters.areaRanges);
  return { ...parameters, maxDetections: [...parameters.maxDetections].sort((a, b) => a - b) };
}

/** Checked and completed. Throws `BadInput`. */
export function lvisParameters(given: Partial<LvisParameters> = {}): LvisParameters {
  const { iou, maxDetections, areaRanges, area } = { ...DEFAULT_LVIS_PARAMETERS, ...given };
  checkThresholds(iou);
  checkLimits(maxDetections);
  checkRanges(areaRanges);
  if (maxDetections.length !== 1) {
    const many = `LVIS has one limit on detections, not ${maxDetections.length}`;
    throw new BadInput('invalid-option', many, 'Write one whole number, as in 300.');
  }
  return { iou, maxDetections, areaRanges, area };
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
