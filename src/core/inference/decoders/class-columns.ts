/** Outputs with a box and one score a class for each candidate: boxes [N,4] and scores [N,C]. */
import type { DecoderPlan } from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import type { DecoderRun } from './decoder';
import { outputPart } from './outputs';

export const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Puts one candidate's scores into `scores`, with the plan's activation. */
export function activate(
  activation: DecoderPlan['activation'],
  data: ArrayLike<number>,
  offset: number,
  scores: Float64Array,
): void {
  if (activation === 'softmax') {
    softmax(data, offset, scores);
    return;
  }
  for (let column = 0; column < scores.length; column++) {
    const value = data[offset + column]!;
    scores[column] = activation === 'sigmoid' ? sigmoid(value) : value;
  }
}

function softmax(data: ArrayLike<number>, offset: number, scores: Float64Array): void {
  let most = -Infinity;
  for (let column = 0; column < scores.length; column++) most = Math.max(most, data[offset + column]!);
  let sum = 0;
  for (let column = 0; column < scores.length; column++) {
    const power = Math.exp(data[offset + column]! - most);
    scores[column] = power;
    sum += power;
  }
  for (let column = 0; column < scores.length; column++) scores[column]! /= sum;
}

/** Column of the highest score, background left out; the first of equal ones. -1 where there is none. */
export function bestColumn(scores: Float64Array, background: number | null): number {
  let best = -1;
  for (let column = 0; column < scores.length; column++) {
    if (column !== background && (best < 0 || scores[column]! > scores[best]!)) best = column;
  }
  return best;
}

/**
 * Adds a candidate under its best class, or under each class that reaches the threshold, as the plan says. `a` to `d`:
 * the box's numbers in the plan's order.
 */
export function addWithClasses(
  list: CandidateList,
  plan: DecoderPlan,
  scores: Float64Array,
  scoreThreshold: number,
  [a, b, c, d]: readonly [number, number, number, number],
): void {
  if (plan.classesPerBox === 'best') {
    const best = bestColumn(scores, plan.background);
    if (best >= 0 && scores[best]! >= scoreThreshold)
      list.add(a, b, c, d, scores[best]!, best - plan.classBase);
    return;
  }
  for (let column = 0; column < scores.length; column++) {
    if (column === plan.background || !(scores[column]! >= scoreThreshold)) continue;
    list.add(a, b, c, d, scores[column]!, column - plan.classBase);
  }
}

/** boxes [N,4] (or [N,1,4]) and scores [N,C]; the class number is the column. */
export function decodeClassColumns({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const boxes = outputPart(outputs, plan, 'boxes', index, 2);
  const columns = outputPart(outputs, plan, 'scores', index, 2);
  const width = columns.shape.at(-1)!;
  const count = columns.length / width;
  const scores = new Float64Array(width);
  const list = new CandidateList(plan.boxOrder);
  const { data } = boxes;
  for (let row = 0; row < count; row++) {
    activate(plan.activation, columns.data, columns.offset + row * width, scores);
    const at = boxes.offset + row * 4;
    const box = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!] as const;
    addWithClasses(list, plan, scores, scoreThreshold, box);
  }
  return list.candidates();
}
