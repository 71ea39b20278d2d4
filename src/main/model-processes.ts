/** Processes that run models: one each, so that a crash or a lack of memory there ends a run and nothing else. */
import { app, MessageChannelMain, utilityProcess } from 'electron';
import type { MessagePortMain, UtilityProcess } from 'electron';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { env, platform } from 'node:process';
import type { ToEngine } from '../contract/host-messages';
import { sessionEnvironment } from '../contract/session-environment';

const KEPT_OUTPUT = 4000;
const SIGNALS = [
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGSEGV',
  'SIGTERM',
] as const;

/** A utility process that a signal ended reports its number as if it were an exit code, except on Windows. */
function describeEnd(code: number): string {
  const signal = platform === 'win32' ? undefined : SIGNALS.find((name) => constants.signals[name] === code);
  return signal === undefined ? `code ${code}` : `signal ${signal}`;
}

interface Forked {
  readonly process: UtilityProcess;
  /** This side's end of the channel to it. */
  readonly port: MessagePortMain;
}

/** `ended` is called once: how it ended, and the end of what it printed. */
function forkModel(file: string, ended: (how: string, output: string) => void): Forked {
  const process = utilityProcess.fork(file, [], {
    serviceName: 'Reticle model',
    stdio: 'pipe',
    env: sessionEnvironment(env),
  });
  let output = '';
  process.stderr?.on(
    'data',
    (data: Buffer) => (output = (output + data.toString('utf8')).slice(-KEPT_OUTPUT)),
  );
  process.on('exit', (code) => ended(describeEnd(code), output));
  const { port1, port2 } = new MessageChannelMain();
  process.postMessage(null, [port1]);
  return { process, port: port2 };
}

/** The window goes first where both want the processor. Threads begin with their process's priority: set before the model's. */
function runAfterTheWindow({ pid }: UtilityProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended, or the system does not let it: it runs as it is.
  }
}

/** A process that runs a model, as the bundle of the command line takes it. */
export interface ModelProcess {
  post(message: unknown): void;
  receive(listener: (message: unknown) => void): void;
  ended(listener: (how: string, output: string) => void): void;
  kill(): void;
}

/** For commands of the installed app, which does not run as plain Node. Forks once Electron is ready. */
export function startModelProcess(file: string): ModelProcess {
  let receive: (message: unknown) => void = () => undefined;
  let ended: (how: string, output: string) => void = () => undefined;
  let isKilled = false;
  const forked = app.whenReady().then(() => {
    const own = forkModel(file, (how, output) => ended(how, output));
    own.port.on('message', ({ data }) => receive(data));
    own.port.start();
    if (isKilled) own.process.kill();
    return own;
  });
  const whenForked = (work: (own: Forked) => void): void => {
    forked.then(work, (error: unknown) => ended(String(error), ''));
  };
  return {
    post: (message) => whenForked(({ port }) => port.postMessage(message)),
    receive: (listener) => (receive = listener),
    ended: (listener) => (ended = listener),
    kill: () => {
      isKilled = true;
      whenForked(({ process }) => process.kill());
    },
  };
}

export class ModelProcesses {
  readonly #file: string;
  readonly #tellEngine: (message: ToEngine, ports?: MessagePortMain[]) => void;
  readonly #running = new Map<number, UtilityProcess>();

  /** `engineFile`: the engine's program; the models' lies beside it. */
  constructor(engineFile: string, tellEngine: (message: ToEngine, ports?: MessagePortMain[]) => void) {
    this.#file = path.join(path.dirname(engineFile), 'inference.js');
    this.#tellEngine = tellEngine;
  }

  start(id: number): void {
    const { process, port } = forkModel(this.#file, (how, output) => {
      this.#running.delete(id);
      this.#tellEngine({ kind: 'session-ended', id, how, output });
    });
    process.once('spawn', () => runAfterTheWindow(process));
    this.#running.set(id, process);
    this.#tellEngine({ kind: 'session', id }, [port]);
  }

  end(id: number): void {
    this.#running.get(id)?.kill();
  }

  /** The engine is gone, and nobody is left to run them for. */
  endAll(): void {
    for (const process of this.#running.values()) process.kill();
  }
}
