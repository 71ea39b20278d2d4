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
  SPARE_END,
  SPARE_FREE,
} from '../../core/kernels/assembly/layout';
import { CELL, FILE, PART_BYTES, PART_FIELDS, PHASE } from './control';
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

/** How long a crew is kept for the next reading or evaluation: its threads have booted, its memory is there. */
const KEPT_FOR_MS = 10_000;

let kept: { readonly crew: Crew; readonly timer: NodeJS.Timeout } | null = null;

export class Crew {
  readonly kernels: Kernels;
  /** The calling thread's own memory. */
  readonly own: number;
  readonly #threads: Worker[] = [];
  /** First byte that a run may have. */
  readonly #base: number;
  #worker: PhaseWorker;
  #parts = 0;

  /** The kept crew where it is large enough, else a new one. Throws `NotForKernels` where memory is short or the file is no list. */
  static of(options: CrewOptions): Crew {
    const listStart = findListStart(options.file, options.size);
    const parts = Math.ceil(options.size / PART_BYTES);
    const others = otherThreads(options, parts);
    const bytes = bytesFor(options, others + 1, parts);
    const crew = takeKept(bytes, others) ?? new Crew(makeMemory(bytes), others);
    crew.#begin(options, listStart, parts);
    return crew;
  }

  private constructor(memory: WebAssembly.Memory, others: number) {
    compiled ??= new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
    this.kernels = instantiate(compiled, memory);
    const { exports, words } = this.kernels;
    words[FREE / 4] = FIRST_FREE;
    words[LIMIT / 4] = Math.min(memory.buffer.byteLength, 2 ** 32 - PAGE);
    exports.fillNumberTables();
    exports.fillEvaluationTables();
    fillFives(memory.buffer);
    this.#worker = new PhaseWorker(this.kernels);
    this.own = this.allocate(THREAD_BYTES);
    for (let index = 0; index < others; index++) this.#boot(compiled, memory);
    this.#base = words[FREE / 4]!;
  }

  #boot(module: WebAssembly.Module, memory: WebAssembly.Memory): void {
    const workerData: ThreadData = { memory, module, own: this.allocate(THREAD_BYTES) };
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

  #begin({ file, size }: CrewOptions, listStart: number, parts: number): void {
    const { words, doubles } = this.kernels;
    words[CELL.run] = words[CELL.run]! + 1;
    words[CELL.refused] = 0;
    words[FREE / 4] = this.#base;
    words[SPARE_FREE / 4] = 0;
    words[SPARE_END / 4] = 0;
    doubles[FILE.descriptor] = file;
    doubles[FILE.size] = size;
    doubles[FILE.listStart] = listStart;
    this.#worker = new PhaseWorker(this.kernels);
    this.#parts = parts;
    words[CELL.parts] = parts;
    words[CELL.partTable] = this.allocate(parts * PART_FIELDS * 8);
  }

  /** Whether the crew can do what needs so much, by so many other threads. */
  fits(bytes: number, others: number): boolean {
    return this.kernels.bytes.length >= Math.min(bytes, MOST_PAGES * PAGE) && this.#threads.length === others;
  }

  /** Memory that nobody reads any more: predictions and the scratch of classes may go there. The larger piece counts. */
  reuse({ from, to }: { readonly from: number; readonly to: number }): void {
    const { words } = this.kernels;
    const left = (words[SPARE_END / 4]! >>> 0) - (words[SPARE_FREE / 4]! >>> 0);
    if (to - from <= left) return;
    Atomics.store(words, SPARE_FREE / 4, (from + 15) & ~15);
    Atomics.store(words, SPARE_END / 4, to);
  }

  #file(): { readonly file: number; readonly size: number; readonly listStart: number } {
    const { doubles } = this.kernels;
    return {
      file: doubles[FILE.descriptor]!,
      size: doubles[FILE.size]!,
      listStart: doubles[FILE.listStart]!,
    };
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
    return new PartReader(this.kernels, this.own);
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
   * The parts one after the other, by this thread alone, as columns at an address: `take` has each before the next comes
   * there. Throws `NotForKernels`, which may be after parts were taken.
   */
  async readColumnsOneByOne(columns: number, take: (part: Part) => Promise<void>): Promise<void> {
    const reader = this.#reader();
    this.kernels.exports.useColumns(columns);
    const { size, listStart } = this.#file();
    let start = listStart;
    for (let index = 0; index < this.#parts; index++) {
      if (!reader.read(index, start)) throw new NotForKernels('records out of the ordinary');
      const part = partAt(this.kernels, index);
      if (part.start < 0) continue;
      start = part.isLast ? size : part.end;
      await take(part);
    }
    if (!this.#chain()) throw new NotForKernels('a list that does not end as it should');
  }

  /** As `readPredictions`; between parts `pause` is told how many bytes are claimed, and may let others have their turn. */
  async readPredictionsPausing(pause: (claimed: number) => Promise<void>): Promise<Part[]> {
    const reader = this.#reader();
    let isRead = true;
    for (let index = reader.claim(); index >= 0 && isRead; index = reader.claim()) {
      isRead = reader.read(index, null);
      await pause(Math.min(this.#file().size, (index + 1) * PART_BYTES));
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
    const { listStart } = this.#file();
    const parts = Array.from({ length: this.#parts }, (_, index) => partAt(this.kernels, index));
    const used = parts.filter(({ start }) => start >= 0);
    const meet = used.every(({ start }, index) =>
      index === 0 ? start === listStart : start === used[index - 1]!.end && !used[index - 1]!.isLast,
    );
    const last = used[used.length - 1];
    return meet && last?.isLast && this.#isSpaceFrom(last.end + 1) ? parts : null;
  }

  /** One pass that guesses nothing. */
  #readSerially(): Part[] {
    const reader = this.#reader();
    const { size, listStart } = this.#file();
    let start = listStart;
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
    const { file, size } = this.#file();
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

  /** The run is over, whatever the threads are at; they wait for the next one, for a while. */
  release(): void {
    const { words } = this.kernels;
    Atomics.store(words, CELL.refused, 1);
    closePhase(words);
    if (kept) {
      this.dismiss();
      return;
    }
    const timer = setTimeout(() => {
      kept = null;
      this.dismiss();
    }, KEPT_FOR_MS);
    timer.unref();
    kept = { crew: this, timer };
  }

  /** Ends the threads. */
  dismiss(): void {
    openPhase(this.kernels.words, PHASE.stop);
    for (const thread of this.#threads) void thread.terminate();
  }
}

/** The crew that the last run left, where it will do; one that will not makes room. */
function takeKept(bytes: number, others: number): Crew | null {
  if (!kept) return null;
  const { crew, timer } = kept;
  clearTimeout(timer);
  kept = null;
  if (crew.fits(bytes, others)) return crew;
  crew.dismiss();
  return null;
}

function otherThreads({ size, threads }: CrewOptions, parts: number): number {
  if (size < WORTH_A_THREAD && threads === null) return 0;
  const most = Math.min(threads ?? availableParallelism(), parts, MOST_THREADS);
  return Math.max(0, most - 1);
}

function bytesFor(options: CrewOptions, threads: number, parts: number): number {
  const predictions = Math.ceil(options.size / SHORTEST_RECORD);
  // Generously: pages that are never touched cost nothing.
  return (
    FIRST_FREE +
    64 * PAGE +
    parts * PART_FIELDS * 8 +
    threads * (THREAD_BYTES + (1 << 23) + (1 << 24)) +
    options.extraBytes +
    predictions * (PREDICTION_TOTAL_BYTES + EVALUATION_BYTES)
  );
}

function makeMemory(bytes: number): WebAssembly.Memory {
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
