/** The memory and the threads of one reading or evaluation. The calling thread is the first; others join as they boot. */
import { availableParallelism } from 'node:os';
import { readSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { kernelBytes } from 'virtual:kernel-bytes';
import { threadSource } from 'virtual:kernel-thread';
import { fillFives } from '../../core/kernels/fives';
import {
  FIRST_FREE,
  FREE,
  LIMIT,
  PREDICTION_TOTAL_BYTES,
  SHORTEST_RECORD,
} from '../../core/kernels/assembly/layout';
import { CELL, PART_BYTES, PART_FIELDS, PHASE } from './control';
import { closePhase, MOST_THREADS, openPhase } from './gate';
import type { Kernels } from './instance';
import { instantiate } from './instance';
import type { Part } from './parts';
import { partAt, PartReader, THREAD_BYTES } from './parts';
import { PhaseWorker } from './phases';
import { NotForKernels } from './refusal';
import type { ThreadData } from './thread';

const PAGE = 65536;
/** What 32-bit addresses reach. */
const MOST_PAGES = 65536;
/** Bytes of evaluation a prediction can ask for: its element in the list, and the scratch of its class. */
const EVALUATION_BYTES = 8 + 128;
/** A smaller file is read before another thread has booted. */
const WORTH_A_THREAD = 1 << 24;
const HEAD = 4096;

let compiled: WebAssembly.Module | null = null;

export interface CrewOptions {
  /** Of the predictions' file. */
  readonly file: number;
  readonly size: number;
  /** Bytes beside those that predictions need. */
  readonly extraBytes: number;
  /** Threads to use at most; all cores where null. */
  readonly threads: number | null;
}

export class Crew {
  readonly kernels: Kernels;
  readonly #options: CrewOptions;
  readonly #worker: PhaseWorker;
  readonly #threads: Worker[] = [];
  /** The calling thread's own memory. */
  readonly own: number;
  readonly #listStart: number;
  readonly #parts: number;

  /** Throws `NotForKernels` where the file is no list in one document, or memory is short. */
  constructor(options: CrewOptions) {
    this.#options = options;
    this.#listStart = findListStart(options.file, options.size);
    this.#parts = Math.ceil(options.size / PART_BYTES);
    const others = this.#otherThreads();
    const memory = makeMemory(options, others + 1, this.#parts);
    compiled ??= new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
    this.kernels = instantiate(compiled, memory);
    const { exports, words } = this.kernels;
    words[FREE / 4] = FIRST_FREE;
    words[LIMIT / 4] = Math.min(memory.buffer.byteLength, 2 ** 32 - PAGE);
    exports.fillNumberTables();
    exports.fillEvaluationTables();
    fillFives(memory.buffer);
    words[CELL.parts] = this.#parts;
    words[CELL.partTable] = this.allocate(this.#parts * PART_FIELDS * 8);
    this.#worker = new PhaseWorker(this.kernels);
    this.own = this.allocate(THREAD_BYTES);
    for (let index = 0; index < others; index++) this.#boot(compiled, memory);
  }

  #otherThreads(): number {
    const { size, threads } = this.#options;
    if (size < WORTH_A_THREAD && threads === null) return 0;
    const most = Math.min(threads ?? availableParallelism(), this.#parts, MOST_THREADS);
    return Math.max(0, most - 1);
  }

  #boot(module: WebAssembly.Module, memory: WebAssembly.Memory): void {
    const { file, size } = this.#options;
    const own = this.allocate(THREAD_BYTES);
    const workerData: ThreadData = { memory, module, own, file, size, listStart: this.#listStart };
    const thread = new Worker(threadSource, {
      eval: true,
      workerData,
      stdin: false,
      stdout: false,
      stderr: false,
      trackUnmanagedFds: false,
    });
    // One that does not boot joins nothing, and the work is done without it.
    thread.on('error', () => {});
    thread.unref();
    this.#threads.push(thread);
  }

  allocate(bytes: number): number {
    const address = bytes < 2 ** 32 ? this.kernels.exports.allocate(bytes) >>> 0 : 0;
    if (address === 0) throw new NotForKernels('no room');
    return address;
  }

  /** Other threads may begin on the predictions; `readPredictions` then ends it. */
  openPredictions(): void {
    openPhase(this.kernels.words, PHASE.parse);
  }

  #reader(): PartReader {
    const { file, size } = this.#options;
    return new PartReader(this.kernels, this.own, file, size, this.#listStart);
  }

  /** The parts of the predictions' file, in its order. Throws `NotForKernels`. */
  readPredictions(): Part[] {
    return this.#closePredictions(this.#reader().readAll());
  }

  /** Whether no other thread helps. */
  get isAlone(): boolean {
    return this.#threads.length === 0;
  }

  /**
   * The parts one after the other, by this thread alone: `take` has each before the next takes its memory. Throws
   * `NotForKernels`, which may be after parts were taken.
   */
  async readPredictionsOneByOne(take: (part: Part) => Promise<void>): Promise<void> {
    const reader = this.#reader();
    let start = this.#listStart;
    for (let index = 0; index < this.#parts; index++) {
      if (!reader.read(index, start)) throw new NotForKernels('records out of the ordinary');
      const part = partAt(this.kernels, index);
      if (part.start < 0) continue;
      start = part.isLast ? this.#options.size : part.end;
      await take(part);
      this.kernels.exports.dropPart();
    }
    if (!this.#chain()) throw new NotForKernels('a list that does not end as it should');
  }

  /** As `readPredictions`; between parts `pause` is told how many bytes are claimed, and may let others have their turn. */
  async readPredictionsPausing(pause: (claimed: number) => Promise<void>): Promise<Part[]> {
    const reader = this.#reader();
    let isRead = true;
    for (let index = reader.claim(); index >= 0 && isRead; index = reader.claim()) {
      isRead = reader.read(index, null);
      await pause(Math.min(this.#options.size, (index + 1) * PART_BYTES));
    }
    return this.#closePredictions(isRead);
  }

  #closePredictions(isRead: boolean): Part[] {
    const { words } = this.kernels;
    if (!isRead) Atomics.store(words, CELL.refused, 1);
    const parts = closePhase(words) ? this.#chain() : null;
    words[CELL.refused] = 0;
    return (parts ?? this.#readSerially()).filter(({ start }) => start >= 0);
  }

  /** Null where a guess was wrong: where a part ends, the next has to start. */
  #chain(): Part[] | null {
    const parts = Array.from({ length: this.#parts }, (_, index) => partAt(this.kernels, index));
    const used = parts.filter(({ start }) => start >= 0);
    const meet = used.every(({ start }, index) =>
      index === 0 ? start === this.#listStart : start === used[index - 1]!.end && !used[index - 1]!.isLast,
    );
    const last = used[used.length - 1];
    return meet && last?.isLast && this.#isSpaceFrom(last.end + 1) ? parts : null;
  }

  /** One pass that guesses nothing. */
  #readSerially(): Part[] {
    const { size } = this.#options;
    const reader = this.#reader();
    let start = this.#listStart;
    for (let index = 0; index < this.#parts; index++) {
      if (!reader.read(index, start)) throw new NotForKernels('records out of the ordinary');
      const part = partAt(this.kernels, index);
      if (part.start >= 0) start = part.isLast ? size : part.end;
    }
    const parts = this.#chain();
    if (!parts) throw new NotForKernels('a list that does not end as it should');
    return parts;
  }

  #isSpaceFrom(at: number): boolean {
    const { file, size } = this.#options;
    if (size - at > HEAD) return false;
    const tail = Buffer.alloc(size - at);
    readSync(file, tail, 0, tail.length, at);
    return /^[ \n\r\t]*$/.test(tail.toString('latin1'));
  }

  /** A phase over pieces, all threads together. Throws `NotForKernels`. */
  run(kind: number): void {
    const { words } = this.kernels;
    openPhase(words, kind);
    const isTaken = this.#worker.work(kind);
    if (!closePhase(words) || !isTaken) throw new NotForKernels('a class too crowded');
  }

  /** Ends the threads, whatever they are at. */
  async dismiss(): Promise<void> {
    Atomics.store(this.kernels.words, CELL.refused, 1);
    openPhase(this.kernels.words, PHASE.stop);
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

function makeMemory(options: CrewOptions, threads: number, parts: number): WebAssembly.Memory {
  const predictions = Math.ceil(options.size / SHORTEST_RECORD);
  // Generously: pages that are never touched cost nothing.
  const bytes =
    FIRST_FREE +
    64 * PAGE +
    parts * PART_FIELDS * 8 +
    threads * (THREAD_BYTES + (1 << 23) + (1 << 24)) +
    options.extraBytes +
    predictions * (PREDICTION_TOTAL_BYTES + EVALUATION_BYTES);
  const initial = Math.min(MOST_PAGES, Math.ceil(bytes / PAGE));
  try {
    return new WebAssembly.Memory({ initial, maximum: initial, shared: true });
  } catch {
    throw new NotForKernels('no memory');
  }
}

/** Offset of the first record of a list. */
function findListStart(file: number, size: number): number {
  const head = Buffer.alloc(Math.min(HEAD, size));
  readSync(file, head, 0, head.length, 0);
  const start = /^[ \n\r\t]*\[[ \n\r\t]*(?=\{)/.exec(head.toString('latin1'));
  if (!start) throw new NotForKernels('no list of records');
  return start[0].length;
}
