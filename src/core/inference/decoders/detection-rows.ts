/** One output of finished detections, a row each: four numbers of the box, score, class number. */
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import type { DecoderRun } from './decoder';
import { outputPart } from './outputs';

/** rows [K,6], or more than six where masks or points follow. */
export function decodeDetectionRows({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const rows = outputPart(outputs, plan, 'rows', index, 2);
  const width = rows.shape.at(-1)!;
  const list = new CandidateList(plan.boxOrder);
  for (let at = rows.offset; at + width <= rows.offset + rows.length; at += width) {
    const { data } = rows;
    const score = data[at + 4]!;
    if (!(score >= scoreThreshold)) continue;
    const classIndex = Math.round(data[at + 5]!) - plan.classBase;
    list.add(data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!, score, classIndex);
  }
  return list.candidates();
}
