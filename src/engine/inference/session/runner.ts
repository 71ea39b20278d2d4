/** The other end of a thread that runs a model. */
import { writeSync } from 'node:fs';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { InputTensor } from '../engines/session';
import type { OpenedRunner, Ran, RunAnswer, RunRole, RunTask } from './run-messages';
import { asError } from './session-error';
import type { Trial } from './trial';

/** A run that the engine refused. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';

  /** `error`: as the engine threw it. */
  constructor(readonly error: Error) {
    super(error.message);
  }
}

interface Waiting {
  readonly resolve: (answer: RunAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A second run waits in the thread where runs are short: the next begins while the last one's outputs are on their way. */
const SHORT_RUN_MS = 250;

export class Runner {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #isShort = false;

  /** `program`: the file that calls `serveRuns` in such a thread. */
  private constructor(program: string, model: RunRole['model']) {
    // Engines read the process's own environment.
    this.#worker = new Worker(program, {
      workerData: { role: 'run', model } satisfies RunRole,
      env: SHARE_ENV,
    });
    this.#worker.on('message', (answer: RunAnswer) => this.#settle(answer));
    this.#worker.on('error', endProcess);
  }

  /** Throws what opening the model throws. */
  static async open(
    program: string,
    model: RunRole['model'],
  ): Promise<{ readonly runner: Runner; readonly opened: OpenedRunner }> {
    const runner = new Runner(program, model);
    const answer = await runner.#answer().catch((error: unknown) => {
      runner.close();
      throw error instanceof RunFailed ? error.error : error;
    });
    return { runner, opened: (answer as RunAnswer & { kind: 'opened' }).runner };
  }

  /** Runs that it was given and has not answered. */
  get load(): number {
    return this.#waiting.length;
  }

  /** Whether it takes a run without being kept waiting by it for long. */
  get isFree(): boolean {
    return this.load < (this.#isShort ? 2 : 1);
  }

  /** Hands the inputs' memory over. `isShared`: the first's comes back. Throws `RunFailed`. */
  async run(inputs: readonly InputTensor[], isShared: boolean): Promise<Ran> {
    const buffers = inputs.map(({ data }) => data.buffer as ArrayBuffer);
    const answer = await this.#ask({ kind: 'run', inputs, isShared }, buffers);
    const ran = answer as RunAnswer & { kind: 'ran' };
    this.#isShort = ran.milliseconds < SHORT_RUN_MS;
    return ran;
  }

  /** The engine that was the better one over the inputs; null where it is the same. */
  async compare(trial: Trial): Promise<OpenedRunner | null> {
    const answer = await this.#ask({ kind: 'compare', trial }, []);
    return (answer as RunAnswer & { kind: 'compared' }).better;
  }

  close(): void {
    void this.#worker.terminate();
  }

  #ask(task: RunTask, handedOver: ArrayBuffer[]): Promise<RunAnswer> {
    this.#worker.postMessage(task, handedOver);
    return this.#answer();
  }

  /** Answers come in the order of the tasks. */
  #answer(): Promise<RunAnswer> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #settle(answer: RunAnswer): void {
    const waiting = this.#waiting.shift();
    if (answer.kind === 'failed') waiting?.reject(new RunFailed(asError(answer.error)));
    else waiting?.resolve(answer);
  }
}

/** A thread ends by itself where its memory is not enough: the process does as well, and whoever started it says why. */
function endProcess(error: unknown): void {
  writeSync(2, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
