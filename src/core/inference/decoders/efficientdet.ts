/**
 * EfficientDet as the PyTorch package `effdet` exports its prediction bench: one output `[batch, n, 6]` of at most 100
 * rows: x1, y1, x2, y2 in pixels of the input, score, class number from 1 on; rows that are not filled are 0. What tells
 * it from CenterNet and YOLO is that its graph suppresses overlaps and takes the exponents of sizes, as anchors need.
 * AutoML's EfficientDet for TensorFlow prepares images itself and gives one output `[batch, n, 7]`: number of the image,
 * ymin, xmin, ymax, xmax in pixels of the image, score, class number from 1 on.
 */
import type { LetterboxRule, ModelSignature, TensorSpec } from '../model';
import { assumed, concluded, FINISHED_BOXES, type Decoder, type Reading } from './decoder';
import { decodeDetectionRows } from './detection-rows';
import {
  findImageInput,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  plainInput,
  shapeText,
  shareInput,
  sizeText,
  takesFractions,
} from './image-input';
import { yoloMetadata } from './yolo-metadata';

/** `max_det_per_image` of its configurations. */
const DETECTIONS = 100;
const USUAL_SIZE = { height: 512, width: 512 };

const LETTERBOX: LetterboxRule = {
  // ImageNet's mean in whole grey levels.
  fill: [124, 116, 104],
  place: 'corner',
  rounding: 'down',
  multipleOf: null,
};

const hasRows = ({ shape }: TensorSpec): boolean => shape?.length === 3 && shape[2] === 6;

const isLikely = (signature: ModelSignature, { shape }: TensorSpec): boolean =>
  (shape![1] === DETECTIONS || shape![1] === null) &&
  signature.outputs.length === 1 &&
  yoloMetadata(signature) === null &&
  ['NonMaxSuppression', 'Exp'].every((operator) => signature.operators?.includes(operator));

/** Columns of a row of AutoML's EfficientDet. */
const AUTOML_COLUMNS = 7;

function readAutoml(signature: ModelSignature): Reading | null {
  const image = findImageInput(signature);
  const rows = signature.outputs.find(({ shape }) => shape?.length === 3 && shape[2] === AUTOML_COLUMNS);
  if (image === null || rows === undefined || image.layout !== 'nhwc' || signature.outputs.length !== 1)
    return null;
  if (takesFractions(image)) return null;
  return {
    input: plainInput(image),
    decoder: {
      name: 'efficientdet',
      outputs: { rows: rows.name },
      boxOrder: 'yxyx',
      boxUnit: 'input',
      classBase: 1,
      ...FINISHED_BOXES,
      columns: { image: null, box: 1, score: 5, class: 6 },
    },
    evidence: [
      concluded(
        'decoder',
        `${rows.name} ${shapeText(rows)} from whole grey levels: a row for each object (number of the image, ymin, xmin, ymax, xmax in pixels, score, class), as AutoML’s EfficientDet gives them.`,
      ),
      concluded('resize', 'The graph resizes and normalises the image itself.'),
      assumed(
        'class-base',
        'Classes count from 1, as AutoML’s EfficientDet has them; --class-base 0 corrects it.',
      ),
      concluded('suppression', 'None: the graph has suppressed overlaps already.'),
    ],
  };
}

export const efficientdet: Decoder = {
  name: 'efficientdet',
  read: (signature, _context, isAsked) => {
    const automl = readAutoml(signature);
    if (automl) return automl;
    const image = findImageInput(signature);
    const rows = signature.outputs.find(hasRows);
    if (image === null || rows === undefined || !(isAsked || isLikely(signature, rows))) return null;
    return {
      input: {
        ...shareInput(image),
        resize: 'letterbox',
        size: image.size ?? USUAL_SIZE,
        letterbox: LETTERBOX,
        interpolation: 'pillow',
        mean: IMAGENET_MEAN,
        deviation: IMAGENET_DEVIATION,
      },
      decoder: {
        name: 'efficientdet',
        outputs: { rows: rows.name },
        boxOrder: 'xyxy',
        boxUnit: 'input',
        classBase: 1,
        ...FINISHED_BOXES,
      },
      evidence: [
        (isAsked ? concluded : assumed)(
          'decoder',
          `${rows.name} ${shapeText(rows)} from a graph with anchors that suppresses overlaps: the best boxes (x1, y1, x2, y2, score, class), as EfficientDet gives them${isAsked ? '' : '; --decoder centernet or yolo-end-to-end if it is one'}.`,
        ),
        image.size === null
          ? assumed(
              'input-size',
              `The input may have any size: ${sizeText(USUAL_SIZE)} taken; --input-size corrects it.`,
            )
          : concluded('input-size', `The input is ${sizeText(image.size)}.`),
        assumed(
          'resize',
          'The image at the upper left corner of the input, bilinear with antialiasing, ImageNet’s mean around it, as effdet does; --resize stretch corrects it.',
        ),
        assumed(
          'normalise',
          'RGB from 0 to 1 less the mean 0.485, 0.456, 0.406, by the deviation 0.229, 0.224, 0.225 (ImageNet’s), as effdet takes it; the file does not say it: --normalise corrects it (0.5/0.5 for its Inception statistics).',
        ),
        assumed('class-base', 'Classes count from 1, as effdet’s do; --class-base 0 corrects it.'),
        concluded('suppression', 'None: the graph has suppressed overlaps already.'),
      ],
    };
  },
  decode: decodeDetectionRows,
};
