/** Processes that run models, in the app: main starts and ends them, and hands over a port to each. */
import type { FromEngine, ToEngine } from '../../contract/host-messages';
import type { SessionProcess } from '../inference/session/client';
import type { FromSession, ToSession } from '../inference/session/messages';

/** The part of Electron's ports that is used here. */
export interface SessionPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
  start(): void;
}

interface Running {
  port: SessionPort | null;
  /** Said before the port was there. */
  readonly waiting: ToSession[];
  receive: (message: FromSession) => void;
  ended: (how: string, output: string) => void;
}

export class Sessions {
  readonly #tellMain: (message: FromEngine) => void;
  readonly #running = new Map<number, Running>();
  #next = 1;

  constructor(tellMain: (message: FromEngine) => void) {
    this.#tellMain = tellMain;
  }

  start = (): SessionProcess => {
    const id = this.#next++;
    const running: Running = {
      port: null,
      waiting: [],
      receive: () => undefined,
      ended: () => undefined,
    };
    this.#running.set(id, running);
    this.#tellMain({ kind: 'start-session', id });
    return {
      post: (message) => {
        if (running.port) running.port.postMessage(message);
        else running.waiting.push(message);
      },
      receive: (listener) => (running.receive = listener),
      ended: (listener) => (running.ended = listener),
      kill: () => this.#tellMain({ kind: 'end-session', id }),
    };
  };

  connected(id: number, port: SessionPort | undefined): void {
    const running = this.#running.get(id);
    if (!running || !port) return;
    running.port = port;
    port.on('message', ({ data }) => running.receive(data as FromSession));
    port.start();
    for (const message of running.waiting.splice(0)) port.postMessage(message);
  }

  ended({ id, how, output }: Extract<ToEngine, { kind: 'session-ended' }>): void {
    this.#running.get(id)?.ended(how, output);
    this.#running.delete(id);
  }
}
