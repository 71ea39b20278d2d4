/** The port that every engine fills: one loaded model. */
import type { Backend } from '../../../contract/backends';
import type { ModelOutputs, TensorType } from '../../../core/inference/model';
import type { TensorData } from '../../../core/inference/input-tensor';

export { BACKENDS, type Backend } from '../../../contract/backends';

export interface InputTensor {
  readonly name: string;
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  /** Half precision is given as float32. */
  readonly data: TensorData | BigInt64Array;
}

export interface ModelSession {
  readonly backend: Backend;
  /** For people: what it computes on. */
  readonly device: string;
  /** As many of them, each in a thread of its own, run side by side at their best. */
  readonly sessions: number;
  /** Outputs by the names of the signature. Throws what the engine throws, explained by `explainRunError`. */
  run(inputs: readonly InputTensor[]): Promise<ModelOutputs>;
  close(): Promise<void>;
}

/** Why an engine cannot take a model here: the next one is tried, and this is what the user is told. */
export class BackendUnavailable extends Error {
  override readonly name = 'BackendUnavailable';
}
