/** Columns that grow while records arrive: doubling typed arrays, cut to length at the end. */
const FIRST = 1024;

type Numbers = Float64Array | Int32Array | Uint8Array;

abstract class Growing<T extends Numbers> {
  #values: T;
  #length = 0;

  constructor(first: T) {
    this.#values = first;
  }

  protected abstract larger(values: T): T;

  push(value: number): void {
    if (this.#length === this.#values.length) this.#values = this.larger(this.#values);
    this.#values[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  /** The values so far; valid until the next push. */
  get values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }
}

export class GrowingFloat64 extends Growing<Float64Array> {
  constructor() {
    super(new Float64Array(FIRST));
  }

  protected override larger(values: Float64Array): Float64Array {
    const larger = new Float64Array(values.length * 2);
    larger.set(values);
    return larger;
  }
}

export class GrowingInt32 extends Growing<Int32Array> {
  constructor() {
    super(new Int32Array(FIRST));
  }

  protected override larger(values: Int32Array): Int32Array {
    const larger = new Int32Array(values.length * 2);
    larger.set(values);
    return larger;
  }
}

export class GrowingUint8 extends Growing<Uint8Array> {
  constructor() {
    super(new Uint8Array(FIRST));
  }

  protected override larger(values: Uint8Array): Uint8Array {
    const larger = new Uint8Array(values.length * 2);
    larger.set(values);
    return larger;
  }
}
