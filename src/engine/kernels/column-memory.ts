/**
 * Columns that are filled from the kernels' memory, and the memory of those that nobody reads any more, kept for the next
 * reading: pages that a process touches for the first time cost as much as half of reading what goes into them.
 */
import type { RawPredictions } from '../../core/formats/coco/read-results';

const KEPT_FOR_MS = 10_000;
/** More is let go at once. */
const MOST_KEPT_BYTES = 1 << 26;

const lent = new WeakSet<ArrayBufferLike>();
let kept: ArrayBuffer[] = [];
let timer: NodeJS.Timeout | null = null;

/** At least so many bytes, with anything in them. */
function takeMemory(bytes: number): ArrayBuffer {
  const [smallest] = kept
    .filter(({ byteLength }) => byteLength >= bytes)
    .sort((a, b) => a.byteLength - b.byteLength);
  const memory = smallest ?? Buffer.allocUnsafeSlow(bytes).buffer;
  kept = kept.filter((one) => one !== memory);
  lent.add(memory);
  return memory;
}

/** Moves what `takeMemory` gave to a buffer that only this module has: whoever still has the old one finds it empty. */
function giveBack(memory: ArrayBufferLike): void {
  if (!(memory instanceof ArrayBuffer) || !lent.delete(memory)) return;
  const own = structuredClone(memory, { transfer: [memory] });
  if (kept.reduce((sum, { byteLength }) => sum + byteLength, own.byteLength) > MOST_KEPT_BYTES) return;
  kept.push(own);
  timer ??= setTimeout(() => {
    timer = null;
    kept = [];
  }, KEPT_FOR_MS).unref();
}

/** For whoever is through with predictions that were read: the kernels' columns are empty then, others stay as they are. */
export function giveBackColumns({ image, category, box, score, fileIndex }: RawPredictions): void {
  for (const { buffer } of [image, category, box, score, fileIndex]) giveBack(buffer);
}

interface ColumnType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (memory: ArrayBuffer, from: number, length: number): T;
}

export class CopiedColumn<T extends Float64Array | Int32Array> {
  readonly #type: ColumnType<T>;
  readonly #recordBytes: number;
  #memory = Buffer.alloc(0);

  constructor(type: ColumnType<T>, valuesOfRecord = 1) {
    this.#type = type;
    this.#recordBytes = valuesOfRecord * type.BYTES_PER_ELEMENT;
  }

  /** Room for so many records; those that are there stay. */
  reserve(records: number): void {
    const old = this.#memory;
    this.#memory = Buffer.from(takeMemory(records * this.#recordBytes));
    old.copy(this.#memory);
    giveBack(old.buffer);
  }

  /** `records` records from row `row` on: what is in `source` at `from`. */
  copy(source: Buffer, from: number, row: number, records: number): void {
    // Copying bytes takes half as long as setting entries from shared memory.
    source.copy(this.#memory, row * this.#recordBytes, from, from + records * this.#recordBytes);
  }

  /** The first `records` records. */
  of(records: number): T {
    const values = (records * this.#recordBytes) / this.#type.BYTES_PER_ELEMENT;
    return new this.#type(this.#memory.buffer, 0, values);
  }
}
