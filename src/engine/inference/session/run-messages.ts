/** What the thread that runs a model is told and what it tells; every task is answered once, in the order of the tasks. */
import type { CallError } from '../../../contract/call';
import type { TensorData } from '../../../core/inference/input-tensor';
import type { ModelOutputs } from '../../../core/inference/model';
import type { InputTensor } from '../engines/session';
import type { OpenedModel, SessionRequest } from './messages';
import type { Trial } from './trial';

/** The start of such a thread. */
export interface RunRole {
  readonly role: 'run';
  readonly model: Pick<SessionRequest, 'model' | 'backend' | 'threads' | 'dataFolder'>;
}

/** The model as it was opened there. */
export interface OpenedRunner {
  readonly opened: OpenedModel;
  /** As `ModelSession.sessions`. */
  readonly sessions: number;
  /** Another engine may be the faster one after all: a trial tells. */
  readonly hasRival: boolean;
}

export type RunTask =
  /** The inputs' memory is handed over. `isShared`: the first comes back for the next batch. */
  | { readonly kind: 'run'; readonly inputs: readonly InputTensor[]; readonly isShared: boolean }
  | { readonly kind: 'compare'; readonly trial: Trial };

export interface Ran {
  readonly outputs: ModelOutputs;
  /** Of shared inputs, for the next ones. */
  readonly memory: TensorData | null;
  /** Of the run alone. */
  readonly milliseconds: number;
}

export type RunAnswer =
  | { readonly kind: 'opened'; readonly runner: OpenedRunner }
  | ({ readonly kind: 'ran' } & Ran)
  /** The engine that was the better one; null where it is the same. */
  | { readonly kind: 'compared'; readonly better: OpenedRunner | null }
  | { readonly kind: 'failed'; readonly error: CallError };
