/** The other end of a session's process: opens a model there, sends images, takes results. */
import { BadInput } from '../../../core/foundation/bad-input';
import type { FromSession, OpenedModel, SessionImage, SessionRequest, ToSession } from './messages';
import { asError } from './session-error';

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

const OUT_OF_MEMORY = /out of memory|OOM|bad_alloc|Failed to allocate|heap limit/i;
/**
 * What a process ends of that gets no memory: the system ends it (SIGKILL), or in the app Chromium's allocator does, with a
 * trap on Unix and with the exception 0xE0000008 on Windows.
 */
const ENDS_WITHOUT_MEMORY = /SIGKILL|SIGTRAP|code (-536870904|3758096392)$/;
/** Complaints of GLib while a process falls apart say nothing of why. */
const NOISE = /\b(GLib|GObject|Gtk)\b.*\*\*:/;

/** `how` and `output` as `SessionProcess.ended` gives them. `isKept`: what came before the end is kept, and can be gone on from. */
export function explainEnd(how: string, output: string, isKept: boolean): BadInput {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !NOISE.test(line));
  const told = lines.find((line) => OUT_OF_MEMORY.test(line));
  const isMemory = told !== undefined || ENDS_WITHOUT_MEMORY.test(how);
  const last = (isMemory ? told : lines.at(-1))?.trim() ?? '';
  return new BadInput(
    isMemory ? 'model-out-of-memory' : 'model-process-ended',
    `The process that ran the model ended (${how})${isMemory ? ', most likely because memory ran out' : ''}${last === '' ? '' : `: ${last.slice(0, 300)}`}.`,
    nextAfter(isMemory, isKept),
  );
}

function nextAfter(isMemory: boolean, isKept: boolean): string {
  const again = isKept ? 'resume' : 'try again';
  const next = isMemory
    ? `Close other programs, or use a smaller input size (--input-size) or batch (--batch), then ${again}.`
    : `${isKept ? 'Resume to go on' : 'Try again'}, or try another engine (--backend).`;
  return isKept ? `Finished images are kept. ${next}` : next;
}

export class SessionClient {
  readonly #process: SessionProcess;
  readonly #isKept: boolean;
  #listener: (event: SessionEvent) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  #isClosing = false;

  private constructor(process: SessionProcess, isKept: boolean) {
    this.#process = process;
    this.#isKept = isKept;
  }

  /**
   * `isKept`: what comes is kept by the caller when the session ends early. Throws `BadInput` where the model or the engine
   * cannot be had, or the process ends.
   */
  static async open(
    start: StartProcess,
    request: SessionRequest,
    isKept: boolean,
  ): Promise<{ client: SessionClient; opened: OpenedModel }> {
    const client = new SessionClient(start(), isKept);
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
        if (!this.#isClosing) this.#failed(explainEnd(how, output, this.#isKept));
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

  /** No further run begins; those under way are finished and told of. */
  hold(isHeld: boolean): void {
    this.#process.post({ kind: 'hold', isHeld });
  }

  flush(): void {
    this.#process.post({ kind: 'flush' });
  }

  close(): void {
    this.#isClosing = true;
    this.#process.kill();
  }
}
