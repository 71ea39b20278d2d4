/** What any thread does in a phase after parsing, over pieces that it claims one by one. */
import { SUMMARY_HEAD_BYTES, TRUTH_BYTES } from '../../core/kernels/assembly/layout';
import { CELL, PHASE } from './control';
import type { Kernels } from './instance';
import { partAt, threadMaps } from './parts';

/** Where and how large a thread's memory for evaluation is. */
interface Scratch {
  predictions: number;
  annotations: number;
}

export class PhaseWorker {
  readonly #kernels: Kernels;
  readonly #scratch: Scratch = { predictions: -1, annotations: -1 };

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
    if (!this.#reserve(count, truthCount)) return false;
    const truth = (words[CELL.truth]! >>> 0) + truthFirst * TRUTH_BYTES;
    const list = (words[CELL.list]! >>> 0) + first * 8;
    const summary = (words[CELL.summaries]! >>> 0) + klass * words[CELL.summaryBytes]!;
    return exports.evaluateClass(list, count, truth, truth + truthCount * TRUTH_BYTES, summary) !== 0;
  }

  #reserve(predictions: number, annotations: number): boolean {
    const own = this.#scratch;
    if (predictions <= own.predictions && annotations <= own.annotations) return true;
    const { exports } = this.#kernels;
    own.predictions = Math.max(predictions, own.predictions);
    own.annotations = Math.max(annotations, own.annotations);
    const bytes = exports.evaluationBytes(own.predictions, own.annotations);
    const address = bytes < 2 ** 32 ? exports.allocate(bytes) >>> 0 : 0;
    if (address === 0) return false;
    exports.useEvaluationMemory(address, own.predictions, own.annotations);
    return true;
  }
}

/** Bytes of a class's summary. */
export const summaryBytes = (thresholds: number, ranges: number, limits: number): number =>
  SUMMARY_HEAD_BYTES + thresholds * ranges * (1 + limits) * 8;
