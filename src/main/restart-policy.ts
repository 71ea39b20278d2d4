/** When a dead engine is started again: at once, then after growing waits, and no more after five ends in a minute. */
const WINDOW_MS = 60_000;
const MOST_ENDS = 5;
const WAITS_MS = [0, 250, 500, 1000, 2000] as const;

export class RestartPolicy {
  readonly #now: () => number;
  #ends: number[] = [];

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Notes an unexpected end. Milliseconds to wait before the next start; null: give up. */
  ended(): number | null {
    const now = this.#now();
    this.#ends = [...this.#ends.filter((end) => now - end < WINDOW_MS), now];
    return this.#ends.length > MOST_ENDS ? null : (WAITS_MS[this.#ends.length - 1] ?? null);
  }

  /** The user asks for another try. */
  reset(): void {
    this.#ends = [];
  }
}
