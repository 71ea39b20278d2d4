/** A kernel thread: boots, joins the phases that the first thread opens, and ends with it. */
import { workerData } from 'node:worker_threads';
import { PHASE } from './control';
import { joinPhases } from './gate';
import { instantiate } from './instance';
import { PartReader } from './parts';
import { PhaseWorker } from './phases';

export interface ThreadData {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** Address of the thread's own memory. */
  readonly own: number;
  readonly file: number;
  readonly size: number;
  readonly listStart: number;
}

const { memory, module, own, file, size, listStart } = workerData as ThreadData;
const kernels = instantiate(module, memory);
const worker = new PhaseWorker(kernels);
joinPhases(kernels.words, (kind) =>
  kind === PHASE.parse ? new PartReader(kernels, own, file, size, listStart).readAll() : worker.work(kind),
);
