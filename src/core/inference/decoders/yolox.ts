/**
 * YOLOX: one output `[batch, cells, 5 + classes]`, a row for each cell of a grid of three levels. As exported by default
 * the boxes are relative to their cells: x = (value + column) * stride, width = exp(value) * stride. The image is put
 * at the upper left corner of the input (grey 114), BGR, grey levels from 0 to 255.
 */
import type { InputPlan } from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import { activate, addWithClasses } from './class-columns';
import { assumed, concluded, type Decoder, type DecoderRun } from './decoder';
import { plainInput, sizeText, YOLOX_LETTERBOX } from './image-input';
import { outputPart } from './outputs';
import { gridOf } from './yolo-metadata';
import { describeOutput, readYolo, yoloDecoder } from './yolo-reading';
import { decodeRowsWithObjectness } from './yolov5';

/** Of YOLOX's own evaluation. */
const SUPPRESSION = { iou: 0.65, perClass: true } as const;
const STRIDES = [8, 16, 32] as const;
const USUAL_SIZE = { height: 640, width: 640 };

function decode(run: DecoderRun): Candidates {
  const { plan, outputs, index, scoreThreshold } = run;
  if (plan.strides === null) return decodeRowsWithObjectness(run);
  const part = outputPart(outputs, plan, 'rows', index, 2);
  const width = part.shape.at(-1)!;
  const { data } = part;
  const scores = new Float64Array(width - 5);
  const list = new CandidateList(plan.boxOrder);
  let at = part.offset;
  for (const stride of plan.strides) {
    const columns = Math.ceil(run.inputWidth / stride);
    const cells = columns * Math.ceil(run.inputHeight / stride);
    for (let cell = 0; cell < cells && at + width <= part.offset + part.length; cell++, at += width) {
      const objectness = data[at + 4]!;
      if (plan.activation === 'none' && !(objectness >= scoreThreshold)) continue;
      activate(plan.activation, data, at + 5, scores);
      for (let column = 0; column < scores.length; column++) scores[column]! *= objectness;
      const box = [
        (data[at]! + (cell % columns)) * stride,
        (data[at + 1]! + Math.floor(cell / columns)) * stride,
        Math.exp(data[at + 2]!) * stride,
        Math.exp(data[at + 3]!) * stride,
      ] as const;
      addWithClasses(list, plan, scores, scoreThreshold, box);
    }
  }
  return list.candidates();
}

export const yolox: Decoder = {
  name: 'yolox',
  read: (signature, context, isAsked) => {
    const yolo = readYolo(signature, context);
    if (yolo === null || (yolo.layout !== 'rows-of-cells' && !isAsked)) return null;
    const { image, output, size } = yolo;
    const values = output.shape[2] ?? null;
    const input: InputPlan = {
      ...plainInput(image),
      channels: 'bgr',
      resize: 'letterbox',
      size: size ?? USUAL_SIZE,
      letterbox: YOLOX_LETTERBOX,
      interpolation: 'opencv',
    };
    return {
      input,
      decoder: yoloDecoder('yolox', output, {
        suppression: SUPPRESSION,
        classCount: values === null ? yolo.classes : values - 5,
        strides: gridOf(input.size, output.shape[1] ?? null, 1) ?? STRIDES,
      }),
      evidence: [
        concluded(
          'decoder',
          `${describeOutput(output)}: one row for each cell of a grid of the input, with the box, objectness and class scores, as YOLOX gives them.`,
        ),
        size === null
          ? assumed(
              'input-size',
              `The input may have any size and the file does not say which: ${sizeText(USUAL_SIZE)} taken; --input-size corrects it.`,
            )
          : concluded('input-size', `The input is ${sizeText(size)}.`),
        assumed(
          'resize',
          'The image at the upper left corner of the input, grey 114 around it, as YOLOX does; the file does not say it: --resize corrects it.',
        ),
        assumed(
          'normalise',
          'Grey levels from 0 to 255, BGR, as YOLOX takes them since version 0.1.1; the file does not say it: --normalise and --channels correct it.',
        ),
        assumed(
          'suppression',
          `Suppression of overlaps above IoU ${SUPPRESSION.iou} within a class, as YOLOX’s evaluation does; it is not part of the file.`,
        ),
        assumed(
          'outputs',
          'Boxes are relative to their cells, as YOLOX exports them by default; the first run checks it.',
        ),
      ],
    };
  },
  decode,
  settle: (plan, outputs) => {
    const part = outputPart(outputs, plan, 'rows', 0, 2);
    const width = part.shape.at(-1)!;
    let sum = 0;
    for (let at = part.offset; at < part.offset + part.length; at += width) sum += part.data[at]!;
    const mean = sum / (part.length / width);
    // Finished centres spread over the input, on average its middle; those relative to cells stay near the cell.
    if (plan.strides === null || !(mean > plan.strides[0]!)) return { plan, evidence: [] };
    return {
      plan: { ...plan, strides: null },
      evidence: [
        concluded(
          'outputs',
          `In the first run the boxes’ centres lie at ${mean.toFixed(0)} on average: they are in pixels of the input already.`,
        ),
      ],
    };
  },
};
