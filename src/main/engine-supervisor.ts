/**
 * Owns the engine's process: starts it, connects windows to it, asks it for pixels and paths, starts it again when it
 * dies, and closes the project before the app ends. What the engine acknowledged is on disk, so its end costs only what
 * was still unanswered.
 */
import { MessageChannelMain, utilityProcess } from 'electron';
import type { MessagePortMain, UtilityProcess } from 'electron';
import type { CallError } from '../contract/call';
import type { EngineInit, FromEngine, HostCalls, ToEngine } from '../contract/host-messages';
import type { ProjectState } from '../contract/view-types';
import type { Log } from './log';
import { ModelProcesses } from './model-processes';
import { RestartPolicy } from './restart-policy';

/** How long the engine may take to close a project before the app ends without it. */
const CLOSE_TIMEOUT_MS = 15_000;

export interface EngineWatcher {
  /** A project was opened, changed or closed. */
  project(state: ProjectState | null): void;
  /** The engine runs again; windows get new ports from `connect`. */
  restarted(news: { readonly reason: string; readonly lostWork: string }): void;
  failed(news: { readonly reason: string }): void;
}

interface Question {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A refusal by the engine, with what the window is told. */
export class EngineRefusal extends Error {
  override readonly name = 'EngineRefusal';
  constructor(readonly error: CallError) {
    super(error.message);
  }
}

const gone = (): EngineRefusal =>
  new EngineRefusal({
    kind: 'fault',
    code: 'engine-ended',
    message: 'The engine ended before it answered.',
    where: {},
    next: 'Try again.',
  });

export class EngineSupervisor {
  readonly #file: string;
  readonly #init: Omit<EngineInit, 'reopen'>;
  readonly #log: Log;
  readonly #watcher: EngineWatcher;
  readonly #policy = new RestartPolicy();
  readonly #questions = new Map<number, Question>();
  readonly #models: ModelProcesses;
  #process: UtilityProcess | null = null;
  #nextQuestion = 1;
  #openProject: string | null = null;
  #endReason: string | null = null;
  #failure: string | null = null;
  #isClosing = false;

  constructor(file: string, init: Omit<EngineInit, 'reopen'>, log: Log, watcher: EngineWatcher) {
    this.#file = file;
    this.#init = init;
    this.#log = log;
    this.#watcher = watcher;
    this.#models = new ModelProcesses(file, (message, ports) => this.#send(message, ports));
  }

  /** Why there is no engine and will be none without `retry`; null where there is or soon will be one. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Process id of the running engine. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  start(): void {
    const process = utilityProcess.fork(this.#file, [], { serviceName: 'Reticle engine', stdio: 'pipe' });
    this.#process = process;
    process.stdout?.on('data', (data: Buffer) => this.#log('engine', data.toString('utf8')));
    process.stderr?.on('data', (data: Buffer) => this.#log('engine', data.toString('utf8')));
    process.on('message', (message: FromEngine) => {
      if (process === this.#process) this.#receive(message);
    });
    process.on('exit', (code) => {
      if (process === this.#process) this.#ended(code);
    });
    this.#send({ kind: 'init', init: { ...this.#init, reopen: this.#openProject } });
  }

  /** The user asks for another try after a failure. */
  retry(): void {
    if (this.#process || this.#isClosing) return;
    this.#policy.reset();
    this.#failure = null;
    this.#endReason = 'It was started again by hand.';
    this.start();
  }

  /** A port to the running engine, for a window; null where none runs. Calls wait in it until the engine is ready. */
  connect(): MessagePortMain | null {
    if (!this.#process) return null;
    const { port1, port2 } = new MessageChannelMain();
    this.#send({ kind: 'connect' }, [port1]);
    return port2;
  }

  /** Rejects with `EngineRefusal` where the engine refuses or ends before it answers. */
  ask<K extends keyof HostCalls>(name: K, ask: HostCalls[K]['ask']): Promise<HostCalls[K]['answer']> {
    return new Promise<HostCalls[K]['answer']>((resolve, reject) => {
      if (!this.#process) {
        reject(gone());
        return;
      }
      const id = this.#nextQuestion;
      this.#nextQuestion += 1;
      this.#questions.set(id, { resolve: resolve, reject });
      this.#send({ kind: 'ask', id, name, ask } as ToEngine);
    });
  }

  /** Closes the project and ends the process. Resolves in any case, after a time-out at the latest. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const process = this.#process;
    if (!process) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error('it did not answer in time'));
      }, CLOSE_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.ask('close', null), timeout]);
    } catch (error) {
      this.#log('main', `The engine did not close its project: ${String(error)}`);
    } finally {
      clearTimeout(timer);
    }
    this.#process = null;
    process.kill();
  }

  #send(message: ToEngine, ports: MessagePortMain[] = []): void {
    this.#process?.postMessage(message, ports);
  }

  #receive(message: FromEngine): void {
    switch (message.kind) {
      case 'ready':
        this.#ready(message.problem);
        break;
      case 'failed':
        this.#failure = message.reason;
        this.#log('engine', `cannot work here: ${message.reason}`);
        break;
      case 'project':
        this.#openProject = message.state?.path ?? null;
        this.#watcher.project(message.state);
        break;
      case 'start-session':
        this.#models.start(message.id);
        break;
      case 'end-session':
        this.#models.end(message.id);
        break;
      case 'fault':
        this.#log('engine', message.text);
        break;
      case 'answer':
        this.#settle(message.id)?.resolve(message.value);
        break;
      case 'refusal':
        this.#settle(message.id)?.reject(new EngineRefusal(message.error));
        break;
    }
  }

  #settle(id: number): Question | undefined {
    const question = this.#questions.get(id);
    this.#questions.delete(id);
    return question;
  }

  #ready(problem: CallError | null): void {
    const reason = this.#endReason;
    this.#endReason = null;
    if (reason === null) return;
    const lostWork = problem
      ? `The project could not be opened again: ${problem.message} ${problem.next}`.trim()
      : 'Every edit that was shown as saved is still there.';
    if (problem) this.#openProject = null;
    this.#watcher.restarted({ reason, lostWork });
  }

  #ended(code: number): void {
    this.#process = null;
    this.#models.endAll();
    for (const question of this.#questions.values()) question.reject(gone());
    this.#questions.clear();
    if (this.#isClosing) return;
    this.#log('main', `The engine ended unexpectedly, code ${code}.`);
    const wait = this.#failure === null ? this.#policy.ended() : null;
    if (wait === null) {
      this.#failure ??= 'The engine ended again and again. The log says more.';
      this.#watcher.failed({ reason: this.#failure });
      return;
    }
    this.#endReason = `The engine ended unexpectedly (code ${code}) and was started again.`;
    setTimeout(() => {
      if (!this.#isClosing) this.start();
    }, wait);
  }
}
