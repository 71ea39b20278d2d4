/** Processes that run models: one each, so that a crash or a lack of memory there ends a run and nothing else. */
import { MessageChannelMain, utilityProcess } from 'electron';
import type { MessagePortMain, UtilityProcess } from 'electron';
import path from 'node:path';
import type { ToEngine } from '../contract/host-messages';

const KEPT_OUTPUT = 4000;

export class ModelProcesses {
  readonly #file: string;
  readonly #tellEngine: (message: ToEngine, ports?: MessagePortMain[]) => void;
  readonly #running = new Map<number, UtilityProcess>();

  /** `engineFile`: the engine's program; the models' lies beside it. */
  constructor(engineFile: string, tellEngine: (message: ToEngine, ports?: MessagePortMain[]) => void) {
    this.#file = path.join(path.dirname(engineFile), 'inference.js');
    this.#tellEngine = tellEngine;
  }

  /** Process ids of those that run. */
  get pids(): readonly number[] {
    return [...this.#running.values()].flatMap(({ pid }) => pid ?? []);
  }

  start(id: number): void {
    const process = utilityProcess.fork(this.#file, [], { serviceName: 'Reticle model', stdio: 'pipe' });
    this.#running.set(id, process);
    let output = '';
    process.stderr?.on(
      'data',
      (data: Buffer) => (output = (output + data.toString('utf8')).slice(-KEPT_OUTPUT)),
    );
    process.on('exit', (code) => {
      this.#running.delete(id);
      this.#tellEngine({ kind: 'session-ended', id, how: `code ${code}`, output });
    });
    const { port1, port2 } = new MessageChannelMain();
    process.postMessage(null, [port1]);
    this.#tellEngine({ kind: 'session', id }, [port2]);
  }

  end(id: number): void {
    this.#running.get(id)?.kill();
  }

  /** The engine is gone, and nobody is left to run them for. */
  endAll(): void {
    for (const process of this.#running.values()) process.kill();
  }
}
