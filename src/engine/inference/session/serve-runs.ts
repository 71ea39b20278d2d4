/**
 * The thread that runs a model. Engines hold the thread that calls them until a run is over, ONNX Runtime's included:
 * what prepares the next runs and reads the last ones is on others.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { TensorData } from '../../../core/inference/input-tensor';
import type { ModelOutputs } from '../../../core/inference/model';
import type { OpenedSession, SessionOptions } from '../engines/open';
import { openSession } from '../engines/open';
import type { ModelSession } from '../engines/session';
import { openModelFile } from '../model-file';
import { freeMemory } from './free-memory';
import type { OpenedRunner, RunAnswer, RunRole, RunTask } from './run-messages';
import { asCallError } from './session-error';
import type { Trial } from './trial';
import { findBetter } from './trial';

/** Opens a model for such a thread. Throws as `openSession`. */
export type OpenModel = (model: string, options: SessionOptions) => Promise<OpenedSession>;

const openFile: OpenModel = async (model, options) => openSession(await openModelFile(model), options);

const describe = ({ backend, device, sessions }: ModelSession, fallback: string | null) => ({
  opened: { backend, device, fallback },
  sessions,
});

const answer = (message: RunAnswer, handedOver: readonly ArrayBufferView[] = []): void =>
  parentPort!.postMessage(message, [...new Set(handedOver.map(({ buffer }) => buffer as ArrayBuffer))]);

/** Serves until the thread is ended. */
export function serveRuns(open: OpenModel = openFile): void {
  const { model } = workerData as RunRole;
  const thread = open(model.model, model).then(
    (opened) => {
      const { session, fallback, rival } = opened;
      const runner: OpenedRunner = { ...describe(session, fallback), hasRival: rival !== null };
      answer({ kind: 'opened', runner });
      return new RunThread(opened);
    },
    (error: unknown) => {
      fail(error);
      return null;
    },
  );
  // Tasks wait for the model, and each for the one before.
  let last: Promise<unknown> = thread;
  parentPort!.on('message', (task: RunTask) => {
    last = last.then(async () => (await thread)?.do(task));
  });
}

const fail = (error: unknown): void => answer({ kind: 'failed', error: asCallError(error) });

class RunThread {
  readonly #opened: OpenedSession;
  #session: ModelSession;

  constructor(opened: OpenedSession) {
    this.#opened = opened;
    this.#session = opened.session;
  }

  /** Never throws: what fails is an answer. */
  async do(task: RunTask): Promise<void> {
    if (task.kind === 'compare') return this.#compare(task.trial);
    const { inputs, isShared } = task;
    const data = inputs[0]!.data as TensorData;
    const memory = isShared ? data : null;
    try {
      const start = performance.now();
      const outputs = await this.#session.run(inputs);
      const milliseconds = performance.now() - start;
      if (!isShared) freeMemory(data);
      answer({ kind: 'ran', outputs, memory, milliseconds }, handedOver(outputs, memory));
    } catch (error) {
      fail(error);
    }
  }

  /** Whichever engine is not taken is closed at once: its memory is the other's. */
  async #compare(trial: Trial): Promise<void> {
    const card = this.#session;
    const better = await findBetter(card, this.#opened.rival!, trial);
    if (better === null) {
      answer({ kind: 'compared', better: null });
      return;
    }
    this.#session = better.session;
    await card.close().catch(() => undefined);
    const runner = { ...describe(better.session, better.fallback), hasRival: false };
    answer({ kind: 'compared', better: runner });
  }
}

/** Engines give memory of their own making, which is handed on without a copy. */
function handedOver(outputs: ModelOutputs, memory: TensorData | null): ArrayBufferView[] {
  const views = [...outputs.values()].map(({ data }) => data as ArrayBufferView);
  return memory === null ? views : [...views, memory];
}
