/** A 32-bit generator (splitmix32): small, seeded by one number, passes the usual tests of randomness. */
export function randomBits(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** Draws that are the same for a seed on every machine. */
export class Random {
  readonly #bits: () => number;

  constructor(seed: number) {
    this.#bits = randomBits(seed);
  }

  /** Evenly in [0, 1). */
  unit(): number {
    return this.#bits() / 2 ** 32;
  }

  /** Evenly in [low, high). */
  between(low: number, high: number): number {
    return low + this.unit() * (high - low);
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** `count` different ones of 0, ..., `of` - 1, in random order. */
  choose(count: number, of: number): number[] {
    const left = Array.from({ length: of }, (_, index) => index);
    for (let place = 0; place < count; place++) {
      const other = place + this.below(of - place);
      [left[place], left[other]] = [left[other]!, left[place]!];
    }
    return left.slice(0, count);
  }
}
