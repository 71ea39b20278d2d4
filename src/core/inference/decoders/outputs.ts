/** One image's part of an output, whatever batch and singular dimensions stand around it. */
import { BadInput } from '../../foundation/bad-input';
import type { DecoderPlan, ModelOutputs, OutputRole, OutputTensor } from '../model';

type Numbers = Exclude<OutputTensor['data'], BigInt64Array>;

export interface OutputPart {
  readonly data: Numbers;
  /** Where the image's numbers begin. */
  readonly offset: number;
  /** How many numbers the image has. */
  readonly length: number;
  /** Dimensions after the batch. */
  readonly shape: readonly number[];
}

const WHOLE = new WeakMap<BigInt64Array, Float64Array>();

/** int64 as numbers: class numbers and counts are far below 2^53. */
function asNumbers(data: OutputTensor['data']): Numbers {
  if (!(data instanceof BigInt64Array)) return data;
  let numbers = WHOLE.get(data);
  if (!numbers) WHOLE.set(data, (numbers = Float64Array.from(data, Number)));
  return numbers;
}

/**
 * The part of image `index` of the output in that role. `rank`: dimensions that one image's part has; one more in the
 * output is the batch.
 */
export function outputPart(
  outputs: ModelOutputs,
  plan: DecoderPlan,
  role: OutputRole,
  index: number,
  rank: number,
): OutputPart {
  const part = optionalPart(outputs, plan, role, index, rank);
  if (part === null)
    throw new BadInput(
      'model-output-missing',
      `The run gave no output for the ${role} (${plan.outputs[role] ?? 'none named'}); it gave ${[...outputs.keys()].join(', ')}.`,
      'Choose which output holds them.',
    );
  return part;
}

export function optionalPart(
  outputs: ModelOutputs,
  plan: DecoderPlan,
  role: OutputRole,
  index: number,
  rank: number,
): OutputPart | null {
  const name = plan.outputs[role];
  const tensor = name === undefined ? undefined : outputs.get(name);
  if (tensor === undefined) return null;
  const data = asNumbers(tensor.data);
  if (tensor.shape.length <= rank) return { data, offset: 0, length: data.length, shape: tensor.shape };
  const batch = tensor.shape[0]!;
  const length = data.length / batch;
  return { data, offset: index * length, length, shape: tensor.shape.slice(1) };
}
