/**
 * PaddleDetection's models as paddle2onnx converts them: besides the image an input `scale_factor` (and for some
 * `im_shape`, the input's size); rows `[n, 6]` of all images (class from 0, score, x1, y1, x2, y2 in pixels of the image)
 * and how many of them each image has. Suppression is in the graph, preparing the image is not.
 */
import type {
  Evidence,
  ImageSize,
  InputPlan,
  ModelContext,
  ModelSignature,
  PaddleExport,
  SizeInput,
  TensorSpec,
} from '../model';
import { assumed, concluded, FINISHED_BOXES, type Decoder } from './decoder';
import { decodeDetectionRows } from './detection-rows';
import { findImageInput, type ImageInput, shapeText, shareInput, sizeText } from './image-input';

const USUAL_SIZE: ImageSize = { height: 640, width: 640 };

const SIZE_INPUTS = [
  ['scale_factor', 'gain'],
  ['im_shape', 'input'],
] as const;

function sizeInputs({ inputs }: ModelSignature): readonly SizeInput[] {
  return SIZE_INPUTS.flatMap(([name, holds]) => {
    const spec = inputs.find((input) => input.name === name);
    return spec ? [{ name, dtype: spec.dtype, holds, order: 'height-width' as const }] : [];
  });
}

const hasRows = ({ shape, dtype }: TensorSpec): boolean =>
  dtype.startsWith('float') && shape?.length === 2 && (shape[1] === 6 || shape[1] === null);

/** OpenCV's numbers of its filters. */
const FILTERS: Readonly<Record<number, readonly [InputPlan['interpolation'], string]>> = {
  1: ['opencv', 'bilinear'],
  2: ['opencv-cubic', 'bicubic'],
};

const FILE = 'the infer_cfg.yml beside the model';

function resizedAsTold(
  input: InputPlan,
  image: ImageInput,
  { resize, padsTo }: PaddleExport,
): { input: InputPlan; evidence: Evidence[] } | null {
  if (resize === null) return null;
  const { height, width, keepsAspect, filter } = resize;
  const [interpolation, filterName] = FILTERS[filter] ?? FILTERS[1]!;
  const isKnown = FILTERS[filter] !== undefined;
  const isStretched = !keepsAspect || image.size !== null;
  const size = isStretched
    ? (image.size ?? { height, width })
    : { height: Math.min(height, width), width: Math.max(height, width) };
  return {
    input: {
      ...input,
      interpolation,
      size,
      ...(isStretched
        ? { resize: 'stretch' }
        : {
            resize: 'letterbox',
            letterbox: { fill: 0, place: 'corner', rounding: 'sides-half-up', multipleOf: padsTo ?? 1 },
          }),
    },
    evidence: [
      concluded(
        'input-size',
        isStretched
          ? `The input is ${sizeText(size)}${image.size === null ? `, by ${FILE}` : ''}.`
          : `By ${FILE} the shorter side is ${size.height} and the longer at most ${size.width}, padded to a multiple of ${padsTo ?? 1}.`,
      ),
      (isKnown ? concluded : assumed)(
        'resize',
        `By ${FILE} the image ${isStretched ? 'is stretched to the input' : 'keeps its aspect'}, ${filterName}${isKnown ? '' : ` (it names OpenCV’s filter ${filter}, which is not offered)`}.`,
      ),
    ],
  };
}

const told = (numbers: readonly number[]): string => numbers.join(', ');

/** How PaddleDetection prepares an image, by its own file where that lies beside the model. */
export function paddleInput(
  signature: ModelSignature,
  image: ImageInput,
  { paddle }: ModelContext,
): { input: InputPlan; evidence: Evidence[] } {
  const size = image.size ?? USUAL_SIZE;
  // Rows of several images are not told apart but by their counts.
  const usual: InputPlan = {
    ...shareInput(image),
    resize: 'stretch',
    size,
    interpolation: 'opencv',
    batch: 1,
    sizes: sizeInputs(signature),
  };
  const resized = paddle && resizedAsTold(usual, image, paddle);
  const input = resized?.input ?? usual;
  const { scale, mean, deviation } = paddle?.normalise ?? input;
  return {
    input: { ...input, scale, mean, deviation },
    evidence: [
      ...(resized?.evidence ?? [
        image.size === null
          ? assumed(
              'input-size',
              `The input may have any size and the file does not say which: ${sizeText(size)} taken, as PP-YOLOE has it; --input-size corrects it.`,
            )
          : concluded('input-size', `The input is ${sizeText(size)}.`),
        assumed(
          'resize',
          'The image is stretched to the input, bilinear; PP-YOLOE takes bicubic, which its infer_cfg.yml tells when it lies beside the model; --resize letterbox corrects it.',
        ),
      ]),
      paddle === null
        ? assumed(
            'normalise',
            'RGB from 0 to 1, as PP-YOLOE+ and RT-DETR take it; the file does not say it, the infer_cfg.yml of its export would: --normalise 0.485,0.456,0.406/0.229,0.224,0.225 for PP-YOLOE and PicoDet.',
          )
        : concluded(
            'normalise',
            `By ${FILE}: RGB grey levels${scale === 1 ? '' : ' divided by 255'}, less ${told(mean)}, by ${told(deviation)}.`,
          ),
    ],
  };
}

export const paddleDetection: Decoder = {
  name: 'paddle-detection',
  read: (signature, context, isAsked) => {
    const image = findImageInput(signature);
    const rows = signature.outputs.find(hasRows);
    const sizes = sizeInputs(signature);
    if (image === null || rows === undefined || (sizes.length === 0 && !isAsked)) return null;
    const { input, evidence } = paddleInput(signature, image, context);
    return {
      input,
      decoder: {
        name: 'paddle-detection',
        outputs: { rows: rows.name },
        boxOrder: 'xyxy',
        boxUnit: 'image',
        classBase: 0,
        ...FINISHED_BOXES,
        classCount: context.paddle?.names?.length ?? null,
        // One row of class -1 stands for an image without objects.
        columns: { image: null, class: 0, score: 1, box: 2 },
      },
      evidence: [
        concluded(
          'decoder',
          `${rows.name} ${shapeText(rows)} (class, score, x1, y1, x2, y2 in pixels of the image)${sizes.length === 0 ? '' : ` and the input ${sizes.map(({ name }) => name).join(' and ')}`}: PaddleDetection’s models.`,
        ),
        ...evidence,
        assumed('class-base', 'Classes count from 0, as in PaddleDetection; --class-base 1 corrects it.'),
        concluded('suppression', 'None: the graph has suppressed overlaps already.'),
      ],
    };
  },
  decode: decodeDetectionRows,
};
