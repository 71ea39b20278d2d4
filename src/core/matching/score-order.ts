/**
 * Stable order by falling score: the numpy mergesort of pycocotools. A radix sort over the upper half of the float64,
 * then equal halves put right, because comparison sorts of hundreds of thousands of scores dominate an evaluation.
 */
const BITS = 11;
const BUCKETS = 1 << BITS;
const MASK = BUCKETS - 1;
/** Below this many rows an insertion sort is faster. */
const SMALL = 48;

export class ScoreSorter {
  readonly #float = new Float64Array(1);
  readonly #halves = new Uint32Array(this.#float.buffer);
  /** Where the upper half of a float64 lies on this machine. */
  readonly #upper: 0 | 1;
  readonly #counts = [new Uint32Array(BUCKETS), new Uint32Array(BUCKETS), new Uint32Array(BUCKETS)] as const;
  #keys = [new Uint32Array(0), new Uint32Array(0)] as const;
  #spare = new Int32Array(0);

  constructor() {
    this.#float[0] = 1;
    this.#upper = this.#halves[1] === 0 ? 0 : 1;
  }

  /** Sorts `rows` in place by falling `score[row]`; equal scores keep their order. Scores must not be NaN. */
  sort(rows: Int32Array, score: Float64Array): void {
    if (rows.length < SMALL) insertionSort(rows, 0, rows.length, score);
    else this.#radixSort(rows, score);
  }

  #radixSort(rows: Int32Array, score: Float64Array): void {
    const count = rows.length;
    if (this.#spare.length < count) {
      this.#spare = new Int32Array(count);
      this.#keys = [new Uint32Array(count), new Uint32Array(count)];
    }
    const spare = this.#spare;
    const [keysA, keysB] = this.#keys;
    const [low, middle, high] = this.#counts;
    low.fill(0);
    middle.fill(0);
    high.fill(0);
    for (let index = 0; index < count; index++) {
      const key = this.#descendingKey(score[rows[index]!]!);
      keysA[index] = key;
      low[key & MASK]!++;
      middle[(key >>> BITS) & MASK]!++;
      high[key >>> (2 * BITS)]!++;
    }
    toStarts(low);
    toStarts(middle);
    toStarts(high);
    scatter(rows, keysA, spare, keysB, count, low, 0);
    scatter(spare, keysB, rows, keysA, count, middle, BITS);
    scatter(rows, keysA, spare, keysB, count, high, 2 * BITS);
    rows.set(spare.subarray(0, count));
    orderWithinEqualKeys(rows, keysB, count, score);
  }

  /** The upper 32 bits, mapped so that rising keys are falling scores, negative ones too. -0 counts as 0. */
  #descendingKey(score: number): number {
    this.#float[0] = score + 0;
    const upper = this.#halves[this.#upper]!;
    return upper & 0x80000000 ? upper : ~(upper | 0x80000000) >>> 0;
  }
}

function toStarts(counts: Uint32Array): void {
  let start = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket]!;
    counts[bucket] = start;
    start += count;
  }
}

function scatter(
  rows: Int32Array,
  keys: Uint32Array,
  toRows: Int32Array,
  toKeys: Uint32Array,
  count: number,
  starts: Uint32Array,
  shift: number,
): void {
  for (let index = 0; index < count; index++) {
    const key = keys[index]!;
    const target = starts[(key >>> shift) & MASK]!++;
    toRows[target] = rows[index]!;
    toKeys[target] = key;
  }
}

/** Scores that share their upper half still have to be told apart by the lower one. */
function orderWithinEqualKeys(rows: Int32Array, keys: Uint32Array, count: number, score: Float64Array): void {
  for (let from = 0; from < count;) {
    let to = from + 1;
    while (to < count && keys[to] === keys[from]) to++;
    if (to - from > SMALL) {
      // Typed arrays sort stably; `-` would give NaN for two infinities.
      rows.subarray(from, to).sort((a, b) => compareDescending(score[a]!, score[b]!));
    } else if (to - from > 1) insertionSort(rows, from, to, score);
    from = to;
  }
}

function compareDescending(a: number, b: number): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

function insertionSort(rows: Int32Array, from: number, to: number, score: Float64Array): void {
  for (let index = from + 1; index < to; index++) {
    const row = rows[index]!;
    const value = score[row]!;
    let place = index - 1;
    while (place >= from && score[rows[place]!]! < value) {
      rows[place + 1] = rows[place]!;
      place--;
    }
    rows[place + 1] = row;
  }
}
