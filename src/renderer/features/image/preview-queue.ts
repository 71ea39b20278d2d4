/** Asks for the score as a box is dragged: one question at a time, then the newest one; those between are left out. */
import type { Operation } from '../../../contract/engine-calls';

export class PreviewQueue {
  readonly #ask: (operations: Operation[] | null) => Promise<void>;
  #isAsking = false;
  /** undefined: nothing waits. */
  #next: Operation[] | null | undefined;

  constructor(ask: (operations: Operation[] | null) => Promise<void>) {
    this.#ask = ask;
  }

  /** `null` takes the preview back. */
  show(operations: Operation[] | null): void {
    this.#next = operations;
    if (!this.#isAsking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isAsking = true;
    while (this.#next !== undefined) {
      const operations = this.#next;
      this.#next = undefined;
      try {
        await this.#ask(operations);
      } catch {
        // A preview that fails changes nothing: the number shown stays, and the edit itself will say what is wrong.
      }
    }
    this.#isAsking = false;
  }
}
