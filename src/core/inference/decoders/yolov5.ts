/**
 * YOLOv5 (and v7, v6 in the same form): one output `[batch, places, 5 + classes]`: centre x, centre y, width, height in
 * pixels of the input, objectness, then one score a class. A candidate's score is objectness times class score.
 */
import type { ModelSignature } from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import { activate, addWithClasses } from './class-columns';
import { assumed, concluded, type Decoder, type DecoderRun } from './decoder';
import { outputPart } from './outputs';
import {
  describeOutput,
  readYolo,
  rowBoxNumbers,
  settleShares,
  ultralyticsInput,
  type YoloSignature,
  yoloDecoder,
} from './yolo-reading';

/** Of YOLOv5's own `val.py`. */
const SUPPRESSION = { iou: 0.6, perClass: true } as const;

/**
 * YOLOv6 gives rows of the same form with one place a cell, like YOLOX, and an objectness of 1. What tells it from YOLOX
 * are its learnt enlargements (ConvTranspose); its images are prepared as YOLOv5's.
 */
export const isYolov6 = (signature: ModelSignature, { layout }: YoloSignature): boolean =>
  layout === 'rows-of-cells' && (signature.operators?.includes('ConvTranspose') ?? false);

/** Of YOLOv6's and YOLOv7's own evaluation. */
const LATER_SUPPRESSION = { iou: 0.65, perClass: true } as const;

/** rows [N, 5 + C] whose boxes are finished. */
export function decodeRowsWithObjectness({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const part = outputPart(outputs, plan, 'rows', index, 2);
  const width = part.shape.at(-1)!;
  const { data } = part;
  const scores = new Float64Array(Math.min(plan.classCount ?? width - 5, width - 5));
  const list = new CandidateList(plan.boxOrder);
  for (let at = part.offset; at + width <= part.offset + part.length; at += width) {
    const objectness = data[at + 4]!;
    // No class score is above 1.
    if (plan.activation === 'none' && !(objectness >= scoreThreshold)) continue;
    activate(plan.activation, data, at + 5, scores);
    for (let column = 0; column < scores.length; column++) scores[column]! *= objectness;
    const box = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!] as const;
    addWithClasses(list, plan, scores, scoreThreshold, box);
  }
  return list.candidates();
}

export const yolov5: Decoder = {
  name: 'yolov5',
  read: (signature, context, isAsked) => {
    const yolo = readYolo(signature, context);
    if (yolo === null) return null;
    const isV6 = isYolov6(signature, yolo);
    if (yolo.layout !== 'rows-with-objectness' && !isV6 && !isAsked) return null;
    // YOLOv5 writes metadata, which its successors leave out.
    const suppression = yolo.metadata === null ? LATER_SUPPRESSION : SUPPRESSION;
    const library = isV6 ? 'YOLOv6' : yolo.metadata === null ? 'YOLOv7' : 'YOLOv5';
    const { output, metadata, classes } = yolo;
    const values = output.shape[2] ?? null;
    const { input, evidence } = ultralyticsInput(yolo);
    return {
      input,
      decoder: yoloDecoder('yolov5', output, {
        suppression,
        classCount: metadata?.names?.length ?? (values === null ? classes : values - 5),
      }),
      evidence: [
        concluded(
          'decoder',
          `${describeOutput(output)}: a row for each ${isV6 ? 'cell' : 'anchor of each cell'} with the box, objectness and class scores, as ${isV6 ? 'YOLOv6' : 'YOLOv5 and YOLOv7'} give them${isV6 ? ' (the graph enlarges by ConvTranspose, which YOLOX does not; --decoder yolox if it is one)' : ''}.`,
        ),
        ...evidence,
        assumed(
          'suppression',
          `Suppression of overlaps above IoU ${suppression.iou} within a class, as ${library}’s own evaluation does; it is not part of the file.`,
        ),
      ],
    };
  },
  decode: decodeRowsWithObjectness,
  settle: (plan, outputs) => settleShares(plan, rowBoxNumbers(plan, outputs)),
};
