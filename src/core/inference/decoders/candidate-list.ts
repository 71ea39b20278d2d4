/** Candidates as they are found: columns that grow. */
import type { BoxOrder } from '../model';
import type { Candidates } from '../suppression';

export class CandidateList {
  readonly #order: BoxOrder;
  #count = 0;
  #corners = new Float64Array(256 * 4);
  #score = new Float64Array(256);
  #classIndex = new Int32Array(256);

  /** `order`: of the four numbers that `add` is given. */
  constructor(order: BoxOrder) {
    this.#order = order;
  }

  /** Takes the box at its four numbers. Numbers that are not finite, and classes below 0, are no candidates. */
  add(a: number, b: number, c: number, d: number, score: number, classIndex: number): void {
    if (classIndex < 0 || !Number.isFinite(a + b + c + d) || !Number.isFinite(score)) return;
    if (this.#count === this.#score.length) this.#grow();
    const at = this.#count * 4;
    const corners = this.#corners;
    switch (this.#order) {
      case 'xyxy':
        corners[at] = a;
        corners[at + 1] = b;
        corners[at + 2] = c;
        corners[at + 3] = d;
        break;
      case 'yxyx':
        corners[at] = b;
        corners[at + 1] = a;
        corners[at + 2] = d;
        corners[at + 3] = c;
        break;
      case 'cxcywh':
        corners[at] = a - c / 2;
        corners[at + 1] = b - d / 2;
        corners[at + 2] = a + c / 2;
        corners[at + 3] = b + d / 2;
        break;
      case 'xywh':
        corners[at] = a;
        corners[at + 1] = b;
        corners[at + 2] = a + c;
        corners[at + 3] = b + d;
        break;
    }
    this.#score[this.#count] = score;
    this.#classIndex[this.#count] = classIndex;
    this.#count++;
  }

  candidates(): Candidates {
    return {
      count: this.#count,
      corners: this.#corners.subarray(0, this.#count * 4),
      score: this.#score.subarray(0, this.#count),
      classIndex: this.#classIndex.subarray(0, this.#count),
    };
  }

  #grow(): void {
    const capacity = this.#score.length * 2;
    const corners = new Float64Array(capacity * 4);
    const score = new Float64Array(capacity);
    const classIndex = new Int32Array(capacity);
    corners.set(this.#corners);
    score.set(this.#score);
    classIndex.set(this.#classIndex);
    this.#corners = corners;
    this.#score = score;
    this.#classIndex = classIndex;
  }
}
