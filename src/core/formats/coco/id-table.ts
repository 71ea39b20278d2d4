import type { RecordId } from '../../dataset/dataset';

/** Gives each id an index, in the order first seen. 7 and "7" are two ids. */
export class IdTable {
  readonly ids: RecordId[] = [];
  readonly #byId = new Map<RecordId, number>();
  #lastId: RecordId | null = null;
  #last = -1;

  indexOf(id: RecordId): number {
    // Neighbouring records mostly name the same.
    if (id === this.#lastId) return this.#last;
    let index = this.#byId.get(id);
    if (index === undefined) {
      index = this.ids.push(id) - 1;
      this.#byId.set(id, index);
    }
    this.#lastId = id;
    this.#last = index;
    return index;
  }
}
