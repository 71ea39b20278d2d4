/** Outputs of finished detections: boxes, one score each, and one class number each. */
import { CandidateList } from './candidate-list';
import type { DecoderRun } from './decoder';
import { optionalPart, outputPart } from './outputs';
import type { Candidates } from '../suppression';

/** boxes [N,4], scores [N], classes [N], and, where there is one, a count [1] of how many are filled. */
export function decodeSeparateOutputs({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const boxes = outputPart(outputs, plan, 'boxes', index, 2);
  const scores = outputPart(outputs, plan, 'scores', index, 1);
  const classes = outputPart(outputs, plan, 'classes', index, 1);
  const filled = optionalPart(outputs, plan, 'count', index, 0);
  const count = Math.min(scores.length, filled ? filled.data[filled.offset]! : Infinity);
  const list = new CandidateList(plan.boxOrder);
  for (let row = 0; row < count; row++) {
    const score = scores.data[scores.offset + row]!;
    if (!(score >= scoreThreshold)) continue;
    const number = Math.round(classes.data[classes.offset + row]!);
    if (number === plan.background) continue;
    const at = boxes.offset + row * 4;
    const { data } = boxes;
    list.add(data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!, score, number - plan.classBase);
  }
  return list.candidates();
}
