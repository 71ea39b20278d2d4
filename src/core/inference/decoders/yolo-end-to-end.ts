/**
 * YOLO with its selection inside the graph (YOLO26 and v10 end to end, or any exported with `nms=True`): one output
 * `[batch, K, 6]`: x1, y1, x2, y2 in pixels of the input, score, class number from 0. Nothing is left to suppress. Other
 * exporters' forms of it are in `selected-outputs`.
 */
import { concluded, type Decoder } from './decoder';
import { decodeDetectionRows } from './detection-rows';
import { readSelected, settleRowColumns } from './selected-outputs';
import { decodeSeparateOutputs } from './separate-outputs';
import {
  describeOutput,
  readYolo,
  rowBoxNumbers,
  settleShares,
  ultralyticsInput,
  yoloDecoder,
} from './yolo-reading';

export const yoloEndToEnd: Decoder = {
  name: 'yolo-end-to-end',
  read: (signature, context, isAsked) => {
    const selected = readSelected(signature, isAsked);
    if (selected) return selected;
    const yolo = readYolo(signature, context);
    if (yolo === null || (yolo.layout !== 'end-to-end' && !isAsked)) return null;
    const { output, metadata } = yolo;
    const { input, evidence } = ultralyticsInput(yolo);
    const why = metadata?.isEndToEnd
      ? 'the metadata says that the selection is inside the graph'
      : 'rows of six numbers, far fewer than a grid has places';
    return {
      input,
      decoder: yoloDecoder('yolo-end-to-end', output, {
        boxOrder: 'xyxy',
        suppression: null,
        classCount: metadata?.names?.length ?? null,
      }),
      evidence: [
        concluded(
          'decoder',
          `${describeOutput(output)}: finished boxes (x1, y1, x2, y2, score, class); ${why}.`,
        ),
        ...evidence,
        concluded('suppression', 'None: the graph has chosen already.'),
      ],
    };
  },
  decode: (run) =>
    run.plan.outputs.rows === undefined ? decodeSeparateOutputs(run) : decodeDetectionRows(run),
  settle: (plan, outputs) => {
    if (plan.outputs.rows === undefined) return { plan, evidence: [] };
    return plan.columns === undefined
      ? settleShares(plan, rowBoxNumbers(plan, outputs))
      : settleRowColumns(plan, outputs);
  },
};
