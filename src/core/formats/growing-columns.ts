/** Columns that grow while records arrive: doubling typed arrays, cut to length at the end. */
import { checkGrowth, MOST_VALUES } from './limits';

const FIRST = 1024;

type Numbers = Float64Array | Int32Array | Uint8Array;

abstract class Growing<T extends Numbers> {
  #values: T;
  #length = 0;
  readonly #most: number;

  constructor(first: T, most: number) {
    this.#values = first;
    this.#most = most;
  }

  protected abstract larger(values: T): T;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      checkGrowth(this.#length + 1, this.#most);
      this.#values = this.larger(this.#values);
    }
    this.#values[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  /** The values so far; valid until the next push. */
  get values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }
}

export class GrowingFloat64 extends Growing<Float64Array> {
  constructor(most = MOST_VALUES) {
    super(new Float64Array(FIRST), most);
  }

  protected override larger(values: Float64Array): Float64Array {
    const larger = new Float64Array(values.length * 2);
    larger.set(values);
    return larger;
  }
}

export class GrowingInt32 extends Growing<Int32Array> {
  constructor(most = MOST_VALUES) {
    super(new Int32Array(FIRST), most);
  }

  protected override larger(values: Int32Array): Int32Array {
    const larger = new Int32Array(values.length * 2);
    larger.set(values);
    return larger;
  }
}

export class GrowingUint8 extends Growing<Uint8Array> {
  constructor(most = MOST_VALUES) {
    super(new Uint8Array(FIRST), most);
  }

  protected override larger(values: Uint8Array): Uint8Array {
    const larger = new Uint8Array(values.length * 2);
    larger.set(values);
    return larger;
  }
}
