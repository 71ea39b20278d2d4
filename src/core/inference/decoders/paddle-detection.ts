/**
 * PaddleDetection's models as paddle2onnx converts them: besides the image an input `scale_factor` (and for some
 * `im_shape`, the input's size); rows `[n, 6]` of all images (class from 0, score, x1, y1, x2, y2 in pixels of the image)
 * and how many of them each image has. Suppression is in the graph, preparing the image is not.
 */
import type { ImageSize, ModelSignature, SizeInput, TensorSpec } from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import { assumed, concluded, FINISHED_BOXES, type Decoder, type DecoderRun } from './decoder';
import { findImageInput, shapeText, shareInput, sizeText } from './image-input';
import { outputPart } from './outputs';

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

function decode({ plan, outputs, scoreThreshold }: DecoderRun): Candidates {
  const { data, offset, length } = outputPart(outputs, plan, 'rows', 0, 2);
  const list = new CandidateList(plan.boxOrder);
  for (let at = offset; at + 6 <= offset + length; at += 6) {
    const score = data[at + 1]!;
    // One row of class -1 stands for an image without objects.
    const classIndex = Math.round(data[at]!) - plan.classBase;
    if (score >= scoreThreshold)
      list.add(data[at + 2]!, data[at + 3]!, data[at + 4]!, data[at + 5]!, score, classIndex);
  }
  return list.candidates();
}

export const paddleDetection: Decoder = {
  name: 'paddle-detection',
  read: (signature, _context, isAsked) => {
    const image = findImageInput(signature);
    const rows = signature.outputs.find(hasRows);
    const sizes = sizeInputs(signature);
    if (image === null || rows === undefined || (sizes.length === 0 && !isAsked)) return null;
    const size = image.size ?? USUAL_SIZE;
    return {
      // Rows of several images are not told apart but by their counts.
      input: { ...shareInput(image), resize: 'stretch', size, interpolation: 'opencv', batch: 1, sizes },
      decoder: {
        name: 'paddle-detection',
        outputs: { rows: rows.name },
        boxOrder: 'xyxy',
        boxUnit: 'image',
        classBase: 0,
        ...FINISHED_BOXES,
      },
      evidence: [
        concluded(
          'decoder',
          `${rows.name} ${shapeText(rows)} (class, score, x1, y1, x2, y2 in pixels of the image)${sizes.length === 0 ? '' : ` and the input ${sizes.map(({ name }) => name).join(' and ')}`}: PaddleDetection’s models.`,
        ),
        image.size === null
          ? assumed(
              'input-size',
              `The input may have any size and the file does not say which: ${sizeText(size)} taken, as PP-YOLOE has it; --input-size corrects it.`,
            )
          : concluded('input-size', `The input is ${sizeText(size)}.`),
        assumed(
          'resize',
          'The image is stretched to the input, bilinear (some of PaddleDetection’s configurations take bicubic, which is not offered); --resize letterbox corrects it.',
        ),
        assumed(
          'normalise',
          'RGB from 0 to 1, as PP-YOLOE+ and RT-DETR take it; the file does not say it: --normalise 0.485,0.456,0.406/0.229,0.224,0.225 for PP-YOLOE and PicoDet.',
        ),
        assumed('class-base', 'Classes count from 0, as in PaddleDetection; --class-base 1 corrects it.'),
        concluded('suppression', 'None: the graph has suppressed overlaps already.'),
      ],
    };
  },
  decode,
};
