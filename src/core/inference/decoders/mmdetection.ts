/**
 * OpenMMLab's detectors as mmdeploy and mmdetection's own exporter write them: `dets` `[batch, n, 5]` (x1, y1, x2, y2 in
 * pixels of the input, score) and whole-numbered `labels` `[batch, n]` from 0 on (-1 where a row is empty). Suppression
 * is in the graph, preparing the image is not.
 */
import type {
  Evidence,
  InputPlan,
  LetterboxRule,
  MmdeployExport,
  ModelSignature,
  TensorSpec,
} from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import { assumed, concluded, FINISHED_BOXES, type Decoder, type DecoderRun } from './decoder';
import {
  findImageInput,
  IMAGENET_DEVIATION_LEVELS,
  IMAGENET_MEAN_LEVELS,
  type ImageInput,
  plainInput,
  shapeText,
  sizeText,
} from './image-input';
import { outputPart } from './outputs';

/** Of mmdetection's configurations for COCO: the shorter side and the longer at most. */
const USUAL_SIZE = { height: 800, width: 1333 };
const UNIT = 32;

const isWhole = ({ dtype }: TensorSpec): boolean => dtype === 'int64' || dtype === 'int32';

const isRows = ({ name, shape }: TensorSpec): boolean =>
  (shape?.length === 2 || shape?.length === 3) &&
  (shape.at(-1) === 5 || (shape.at(-1) === null && name === 'dets'));

function roles({ outputs }: ModelSignature) {
  const rows = outputs.find(isRows);
  if (rows === undefined) return null;
  const classes = outputs.find((spec) => isWhole(spec) && spec.shape?.length === rows.shape!.length - 1);
  return classes ? { rows, classes } : null;
}

/** As most of mmdetection's configurations for COCO have it. */
const USUAL: MmdeployExport = {
  resize: { ...USUAL_SIZE, keepsAspect: true },
  channels: 'rgb',
  mean: IMAGENET_MEAN_LEVELS,
  deviation: IMAGENET_DEVIATION_LEVELS,
  // Padding comes after the mean is taken away: it is the mean.
  fill: IMAGENET_MEAN_LEVELS,
  padsTo: UNIT,
};

function inputOf(image: ImageInput, told: MmdeployExport): InputPlan {
  const isOpen = image.size === null;
  const { channels, mean, deviation, fill, padsTo } = told;
  const { width, height, keepsAspect } = told.resize ?? { ...USUAL_SIZE, keepsAspect: true };
  const hasLimits = isOpen && keepsAspect && padsTo !== null;
  const letterbox: LetterboxRule = hasLimits
    ? { fill, place: 'corner', rounding: 'sides-half-up', multipleOf: padsTo }
    : { fill, place: 'corner', rounding: 'half-up', multipleOf: null };
  // Limits of the shorter and the longer side, whichever way they are written.
  const size = hasLimits
    ? { height: Math.min(width, height), width: Math.max(width, height) }
    : (image.size ?? { height, width });
  return {
    ...plainInput(image),
    ...(keepsAspect ? { resize: 'letterbox', letterbox } : { resize: 'stretch' }),
    size,
    interpolation: 'opencv',
    channels,
    mean,
    deviation,
    batch: isOpen ? (image.batch ?? 1) : image.batch,
  };
}

const FILE = 'the pipeline.json beside the model';

/** What mmdeploy's own file tells of the preparation. */
function toldEvidence({ size, letterbox }: InputPlan, told: MmdeployExport, isOpen: boolean): Evidence[] {
  return [
    concluded(
      'input-size',
      letterbox?.rounding === 'sides-half-up'
        ? `By ${FILE} the shorter side is ${size!.height} and the longer at most ${size!.width}, padded to a multiple of ${told.padsTo}.`
        : `The input is ${sizeText(size!)}${isOpen ? `, by ${FILE}` : ''}.`,
    ),
    concluded(
      'resize',
      letterbox === null
        ? `By ${FILE} the image is stretched to the input.`
        : `By ${FILE} the image keeps its aspect at the upper left corner of the input, padded with ${told.fill.join(', ')}.`,
    ),
    concluded(
      'normalise',
      `By ${FILE}: ${told.channels.toUpperCase()} grey levels less the mean ${told.mean.join(', ')}, by the deviation ${told.deviation.join(', ')}.`,
    ),
  ];
}

function assumedEvidence(image: ImageInput): Evidence[] {
  return [
    image.size === null
      ? assumed(
          'input-size',
          `The input may have any size: its shorter side is ${USUAL_SIZE.height} and its longer at most ${USUAL_SIZE.width}, padded to a multiple of ${UNIT}, as in mmdetection’s configurations; --input-size corrects it.`,
        )
      : concluded('input-size', `The input is ${sizeText(image.size)}.`),
    assumed(
      'resize',
      'The image keeps its aspect at the upper left corner of the input, padded with the mean, as mmdetection does; the file does not say it: --resize stretch corrects it.',
    ),
    assumed(
      'normalise',
      `RGB grey levels less the mean ${IMAGENET_MEAN_LEVELS.join(', ')}, by the deviation ${IMAGENET_DEVIATION_LEVELS.join(', ')}, as in most of mmdetection’s configurations; the file does not say it: --normalise and --channels correct it (RTMDet takes the same in BGR: --normalise 103.53,116.28,123.675/57.375,57.12,58.395 --channels bgr; YOLOX: --normalise none --channels bgr).`,
    ),
  ];
}

function decode({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const rows = outputPart(outputs, plan, 'rows', index, 2);
  const classes = outputPart(outputs, plan, 'classes', index, 1);
  const list = new CandidateList(plan.boxOrder);
  const { data } = rows;
  for (let row = 0; row < classes.length; row++) {
    const at = rows.offset + row * 5;
    const score = data[at + 4]!;
    const classIndex = Math.round(classes.data[classes.offset + row]!) - plan.classBase;
    if (score >= scoreThreshold)
      list.add(data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!, score, classIndex);
  }
  return list.candidates();
}

export const mmdetection: Decoder = {
  name: 'mmdetection',
  read: (signature, { mmdeploy }) => {
    const image = findImageInput(signature);
    const found = roles(signature);
    if (image === null || found === null) return null;
    const { rows, classes } = found;
    const input = inputOf(image, mmdeploy ?? USUAL);
    return {
      input,
      decoder: {
        name: 'mmdetection',
        outputs: { rows: rows.name, classes: classes.name },
        boxOrder: 'xyxy',
        boxUnit: 'input',
        classBase: 0,
        ...FINISHED_BOXES,
      },
      evidence: [
        concluded(
          'decoder',
          `${rows.name} ${shapeText(rows)} (x1, y1, x2, y2, score) and whole-numbered ${classes.name} ${shapeText(classes)}: mmdetection’s detectors, as mmdeploy exports them.`,
        ),
        ...(mmdeploy === null ? assumedEvidence(image) : toldEvidence(input, mmdeploy, image.size === null)),
        assumed('class-base', 'Classes count from 0, as in mmdetection; --class-base 1 corrects it.'),
        concluded('suppression', 'None: the graph has suppressed overlaps already.'),
      ],
    };
  },
  decode,
};
