import { BadInput } from '../../foundation/bad-input';
import {
  type AnyParameters,
  type CocoParameters,
  OBJECT_DETECTION_API_PROTOCOLS,
  type ObjectDetectionApiParameters,
  type ObjectDetectionApiProtocol,
  type Protocol,
} from '../evaluation';
import { COCO_AREA_RANGES, COCO_IOU_THRESHOLDS } from '../grids';
import { checkThresholds } from '../parameter-checks';

/** The protocols of the base class `ObjectDetectionEvaluator`. */
export type PascalFamilyProtocol = Exclude<ObjectDetectionApiProtocol, 'tf-coco'>;

/** What the TensorFlow 2 loop does to truth, and what of the input the protocol looks at. */
export type LoopParameters = Pick<
  ObjectDetectionApiParameters,
  'asTensorflow2ReportsIt' | 'maxNumberOfBoxes' | 'skipUnlabeledClasses'
>;

export type TfCocoParameters = CocoParameters & LoopParameters;

const DEFAULT_LOOP: LoopParameters = {
  asTensorflow2ReportsIt: false,
  maxNumberOfBoxes: 100,
  skipUnlabeledClasses: false,
};

/** Sizes by box area: the evaluation loops never hand the file's area on. */
export const DEFAULT_TF_COCO_PARAMETERS: TfCocoParameters = {
  iou: COCO_IOU_THRESHOLDS,
  maxDetections: [1, 10, 100],
  areaRanges: COCO_AREA_RANGES,
  classAgnostic: false,
  area: 'box',
  ...DEFAULT_LOOP,
};

const DEFAULT_PASCAL_FAMILY_PARAMETERS: ObjectDetectionApiParameters = {
  iou: [0.5],
  recallBounds: [0, 1],
  groupOfWeight: 0,
  ...DEFAULT_LOOP,
};

export function isObjectDetectionApi(protocol: Protocol): protocol is ObjectDetectionApiProtocol {
  return OBJECT_DETECTION_API_PROTOCOLS.some((known) => known === protocol);
}

export function isOpenImages(protocol: Protocol): boolean {
  return protocol === 'open-images-v2' || protocol === 'open-images-challenge';
}

/** The options that a protocol has, at their defaults. */
export function defaultApiParameters(
  protocol: ObjectDetectionApiProtocol,
): TfCocoParameters | Partial<ObjectDetectionApiParameters> {
  if (protocol === 'tf-coco') return DEFAULT_TF_COCO_PARAMETERS;
  return ownParameters(protocol, completed(protocol, {}));
}

/** Checked and completed; options that the protocol does not have stay at what changes nothing. Throws `BadInput`. */
export function pascalFamilyParameters(
  protocol: PascalFamilyProtocol,
  given: Partial<AnyParameters>,
): ObjectDetectionApiParameters {
  const parameters = completed(protocol, given);
  checkThresholds(parameters.iou);
  checkRecallBounds(parameters.recallBounds);
  checkGroupOfWeight(parameters.groupOfWeight);
  checkLoop(parameters);
  return parameters;
}

/** The options that the protocol has, as they are reported. */
export function ownParameters(
  protocol: PascalFamilyProtocol,
  parameters: ObjectDetectionApiParameters,
): Partial<ObjectDetectionApiParameters> {
  const { iou, recallBounds, groupOfWeight, asTensorflow2ReportsIt, maxNumberOfBoxes } = parameters;
  return {
    iou,
    ...(protocol === 'tf-precision-at-recall' ? { recallBounds } : {}),
    ...(isOpenImages(protocol)
      ? { groupOfWeight }
      : { skipUnlabeledClasses: parameters.skipUnlabeledClasses }),
    asTensorflow2ReportsIt,
    maxNumberOfBoxes,
  };
}

/** Throws `BadInput`. */
export function checkLoop(parameters: LoopParameters): void {
  const { maxNumberOfBoxes } = parameters;
  if (Number.isSafeInteger(maxNumberOfBoxes) && maxNumberOfBoxes >= 1) return;
  throw new BadInput(
    'invalid-option',
    `Boxes of an image: ${maxNumberOfBoxes} is not a whole number from 1`,
    'Write the max_number_of_boxes of the pipeline.config, as in 100.',
  );
}

function completed(
  protocol: PascalFamilyProtocol,
  given: Partial<AnyParameters>,
): ObjectDetectionApiParameters {
  const defaults = DEFAULT_PASCAL_FAMILY_PARAMETERS;
  const challengeWeight = protocol === 'open-images-challenge' ? 1 : defaults.groupOfWeight;
  return {
    iou: given.iou ?? defaults.iou,
    recallBounds:
      protocol === 'tf-precision-at-recall'
        ? (given.recallBounds ?? defaults.recallBounds)
        : defaults.recallBounds,
    groupOfWeight: isOpenImages(protocol) ? (given.groupOfWeight ?? challengeWeight) : 0,
    asTensorflow2ReportsIt: given.asTensorflow2ReportsIt ?? defaults.asTensorflow2ReportsIt,
    maxNumberOfBoxes: given.maxNumberOfBoxes ?? defaults.maxNumberOfBoxes,
    skipUnlabeledClasses: !isOpenImages(protocol) && (given.skipUnlabeledClasses ?? false),
  };
}

function checkRecallBounds([lower, upper]: readonly [number, number]): void {
  if (lower >= 0 && upper >= lower && upper <= 1) return;
  throw new BadInput(
    'invalid-option',
    `Recall bounds: ${lower} to ${upper} does not lie within 0 to 1`,
    'Write lower,upper as in 0,0.5.',
  );
}

function checkGroupOfWeight(weight: number): void {
  if (Number.isFinite(weight) && weight >= 0) return;
  throw new BadInput(
    'invalid-option',
    `Weight of group-of boxes: ${weight} is not a number from 0`,
    'Write 0 (V2) or 1 (challenge), or a weight between.',
  );
}
