/** A kernel thread: boots, joins the phases that the first thread opens, and ends with it. */
import { workerData } from 'node:worker_threads';
import { CELL, PHASE } from './control';
import { joinPhases } from './gate';
import { instantiate } from './instance';
import { PartReader } from './parts';
import { PhaseWorker } from './phases';

export interface ThreadData {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** Address of the thread's own memory. */
  readonly own: number;
}

const { memory, module, own } = workerData as ThreadData;
const kernels = instantiate(module, memory);
const { words } = kernels;
let worker = new PhaseWorker(kernels);
let run = words[CELL.run]!;
joinPhases(words, (kind) => {
  // What the last run handed out is handed out again.
  if (words[CELL.run] !== run) {
    worker = new PhaseWorker(kernels);
    run = words[CELL.run]!;
  }
  return kind === PHASE.parse ? new PartReader(kernels, own).readAll() : worker.work(kind);
});
