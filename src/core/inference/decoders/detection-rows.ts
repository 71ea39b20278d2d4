/** One output of finished detections, a row each: four numbers of the box, score, class number. */
import type { RowColumns } from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import type { DecoderRun } from './decoder';
import { outputPart } from './outputs';

const USUAL: RowColumns = { image: null, box: 0, score: 4, class: 5 };

/** rows [K,6], or wider where more follows; with the image's place in each row, [n,7] of all images of the batch. */
export function decodeDetectionRows({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const { data, offset, length, shape } = outputPart(outputs, plan, 'rows', index, 2);
  const columns = plan.columns ?? USUAL;
  const width = shape.at(-1)!;
  const list = new CandidateList(plan.boxOrder);
  for (let row = offset; row + width <= offset + length; row += width) {
    const score = data[row + columns.score]!;
    if (!(score >= scoreThreshold)) continue;
    if (columns.image !== null && data[row + columns.image] !== index) continue;
    const classIndex = Math.round(data[row + columns.class]!) - plan.classBase;
    const at = row + columns.box;
    list.add(data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!, score, classIndex);
  }
  return list.candidates();
}
