/** What any thread does in a phase after parsing, over pieces that it claims one by one. */
import { SUMMARY_HEAD_BYTES, TRUTH_BYTES } from '../../core/kernels/assembly/layout';
import { CELL, PHASE } from './control';
import type { Kernels } from './instance';
import { partAt, threadMaps } from './parts';

export class PhaseWorker {
  readonly #kernels: Kernels;
  /** Predictions of a class that the thread has memory for, and whether it has that for cells. */
  #room = -1;
  #hasCellMemory = false;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  /** False where something is not for the kernels. */
  work(kind: number): boolean {
    if (kind === PHASE.count) return this.#eachPart((index) => this.#count(index));
    if (kind === PHASE.scatter) return this.#eachPart((index) => this.#scatter(index));
    return this.#evaluateAll();
  }

  #eachPart(work: (index: number) => void): boolean {
    const { words } = this.#kernels;
    for (;;) {
      const index = Atomics.add(words, CELL.ticket, 1);
      if (index >= words[CELL.parts]!) return true;
      work(index);
    }
  }

  #maps(owner: number): readonly [images: number, classes: number] {
    const at = threadMaps(owner) / 4;
    return [this.#kernels.words[at]! >>> 0, this.#kernels.words[at + 1]! >>> 0];
  }

  #count(index: number): void {
    const { exports, words } = this.#kernels;
    const { records, address, owner } = partAt(this.#kernels, index);
    const counts = (words[CELL.counts]! >>> 0) + index * words[CELL.classCount]! * 4;
    exports.countPart(address, records, this.#maps(owner)[1], counts);
  }

  #scatter(index: number): void {
    const { exports, words } = this.#kernels;
    const { records, address, owner } = partAt(this.#kernels, index);
    const cursors = (words[CELL.counts]! >>> 0) + index * words[CELL.classCount]! * 4;
    const [images, classes] = this.#maps(owner);
    exports.scatterPart(address, records, images, classes, cursors, words[CELL.list]! >>> 0);
  }

  #evaluateAll(): boolean {
    const { words } = this.#kernels;
    for (;;) {
      const index = Atomics.add(words, CELL.ticket, 1);
      if (index >= words[CELL.classCount]!) return true;
      if (!this.evaluate(words[(words[CELL.order]! >>> 0) / 4 + index]!)) return false;
    }
  }

  /** One class; false where it is not for the kernels. */
  evaluate(klass: number): boolean {
    const { exports, words } = this.#kernels;
    const listStarts = (words[CELL.listStarts]! >>> 0) / 4 + klass;
    const truthStarts = (words[CELL.truthStarts]! >>> 0) / 4 + klass;
    const first = words[listStarts]!;
    const count = words[listStarts + 1]! - first;
    const truthFirst = words[truthStarts]!;
    const truthCount = words[truthStarts + 1]! - truthFirst;
    if (!this.#reserveCells() || !this.#reserve(count)) return false;
    const truth = (words[CELL.truth]! >>> 0) + truthFirst * TRUTH_BYTES;
    const list = (words[CELL.list]! >>> 0) + first * 8;
    const summary = (words[CELL.summaries]! >>> 0) + klass * words[CELL.summaryBytes]!;
    return exports.evaluateClass(list, count, truth, truth + truthCount * TRUTH_BYTES, summary) !== 0;
  }

  #reserveCells(): boolean {
    if (this.#hasCellMemory) return true;
    const { exports, words } = this.#kernels;
    const annotations = words[CELL.mostAnnotations]!;
    const address = exports.allocate(exports.cellBytes(annotations)) >>> 0;
    exports.useCellMemory(address, annotations);
    this.#hasCellMemory = address !== 0;
    return this.#hasCellMemory;
  }

  /** Memory grows by doubling: what a thread leaves behind is no more than what it has. */
  #reserve(predictions: number): boolean {
    if (predictions <= this.#room) return true;
    const { exports } = this.#kernels;
    const room = Math.max(predictions, 2 * this.#room, 1024);
    const bytes = exports.classBytes(room);
    const address = bytes < 2 ** 32 ? exports.allocateSpare(bytes) >>> 0 : 0;
    if (address === 0) return false;
    exports.useClassMemory(address, room);
    this.#room = room;
    return true;
  }
}

/** Bytes of a class's summary. */
export const summaryBytes = (thresholds: number, ranges: number, limits: number): number =>
  SUMMARY_HEAD_BYTES + thresholds * ranges * (1 + limits) * 8;
