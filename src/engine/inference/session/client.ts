/** The other end of a session's process: opens a model there, sends images, takes results. */
import type { CallError } from '../../../contract/call';
import { BadInput } from '../../../core/foundation/bad-input';
import type { FromSession, OpenedModel, SessionImage, SessionRequest, ToSession } from './messages';

/** A process that runs `program.ts`, however it was started. */
export interface SessionProcess {
  post(message: ToSession): void;
  receive(listener: (message: FromSession) => void): void;
  /** Once, when it has ended. `how`: for people (`signal SIGKILL`, `code 1`); `output`: the end of what it printed. */
  ended(listener: (how: string, output: string) => void): void;
  kill(): void;
}

export type StartProcess = () => SessionProcess;

export type SessionEvent = Exclude<FromSession, { readonly kind: 'opened' | 'refused' }>;

/** An expected failure that crossed processes, as it was thrown there. */
export function asError({ kind, code, message, where, next }: CallError): Error {
  return kind === 'bad-input' ? new BadInput(code, message, next, where) : new Error(message);
}

const OUT_OF_MEMORY = /out of memory|OOM|bad_alloc|Failed to allocate|heap limit/i;
/**
 * What a process ends of that gets no memory: the system ends it (SIGKILL), or in the app Chromium's allocator does, with a
 * trap on Unix and with the exception 0xE0000008 on Windows.
 */
const ENDS_WITHOUT_MEMORY = /SIGKILL|SIGTRAP|code (-536870904|3758096392)$/;
/** Complaints of GLib while a process falls apart say nothing of why. */
const NOISE = /\b(GLib|GObject|Gtk)\b.*\*\*:/;

/** `how` and `output` as `SessionProcess.ended` gives them. */
export function explainEnd(how: string, output: string): BadInput {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !NOISE.test(line));
  const told = lines.find((line) => OUT_OF_MEMORY.test(line));
  const isMemory = told !== undefined || ENDS_WITHOUT_MEMORY.test(how);
  const last = (isMemory ? told : lines.at(-1))?.trim() ?? '';
  return new BadInput(
    isMemory ? 'model-out-of-memory' : 'model-process-ended',
    `The process that ran the model ended (${how})${isMemory ? ', most likely because memory ran out' : ''}${last === '' ? '' : `: ${last.slice(0, 300)}`}.`,
    isMemory
      ? 'Finished images are kept. Close other programs, or use a smaller input size (--input-size) or batch (--batch), then resume.'
      : 'Finished images are kept. Resume to go on, or try another engine (--backend).',
  );
}

export class SessionClient {
  readonly #process: SessionProcess;
  #listener: (event: SessionEvent) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  #isClosing = false;

  private constructor(process: SessionProcess) {
    this.#process = process;
  }

  /** Throws `BadInput` where the model or the engine cannot be had, or the process ends. */
  static async open(
    start: StartProcess,
    request: SessionRequest,
  ): Promise<{ client: SessionClient; opened: OpenedModel }> {
    const client = new SessionClient(start());
    const opened = await client.#open(request);
    return { client, opened };
  }

  #open(request: SessionRequest): Promise<OpenedModel> {
    return new Promise((resolve, reject) => {
      this.#failed = reject;
      this.#process.receive((message) => {
        if (message.kind === 'opened') resolve(message.opened);
        else if (message.kind === 'refused') {
          this.#failed(asError(message.error));
          this.close();
        } else this.#listener(message);
      });
      this.#process.ended((how, output) => {
        if (!this.#isClosing) this.#failed(explainEnd(how, output));
      });
      this.#process.post({ kind: 'open', request });
    });
  }

  /** What comes from now on; `failed` is called once, after which nothing else comes. */
  listen(listener: (event: SessionEvent) => void, failed: (error: Error) => void): void {
    this.#listener = listener;
    this.#failed = failed;
  }

  send(images: readonly SessionImage[]): void {
    this.#process.post({ kind: 'images', images });
  }

  flush(): void {
    this.#process.post({ kind: 'flush' });
  }

  close(): void {
    this.#isClosing = true;
    this.#process.kill();
  }
}
