/**
 * Growing columns into which cells are matched. A hit is a prediction that has at least one candidate; most have none
 * and are false positives at every threshold, so they are never stored.
 */
export class HitBuffer {
  hitCount = 0;
  /** First hit of the cell being matched. */
  firstHit = 0;
  hitSlot = new Int32Array(256);
  candidateStart = new Int32Array(257);
  candidateTruth = new Int32Array(256);
  candidateIou = new Float64Array(256);
  candidateFlags = new Uint8Array(256);
  /** Scratch: thresholds of the present word that the candidate clears. */
  candidateMask = new Int32Array(256);
  matched: Int32Array;
  ignored: Int32Array;
  #candidates = 0;
  /** Masks a hit has in each of `matched` and `ignored`. */
  readonly #masks: number;

  constructor(masks: number) {
    this.#masks = masks;
    this.matched = new Int32Array(256 * masks);
    this.ignored = new Int32Array(256 * masks);
  }

  clear(): void {
    this.hitCount = 0;
    this.firstHit = 0;
    this.#candidates = 0;
  }

  get cellHits(): number {
    return this.hitCount - this.firstHit;
  }

  beginCell(): void {
    this.firstHit = this.hitCount;
  }

  beginHit(slot: number): void {
    if (this.hitCount === this.hitSlot.length) this.#growHits();
    this.hitSlot[this.hitCount] = slot;
    this.candidateStart[this.hitCount] = this.#candidates;
  }

  /** Keeps the hit's candidates by falling IoU; of equal ones the newcomer goes first. */
  insertCandidate(truth: number, iou: number, flags: number): void {
    if (this.#candidates === this.candidateTruth.length) this.#growCandidates();
    const { candidateIou, candidateTruth, candidateFlags } = this;
    const first = this.candidateStart[this.hitCount]!;
    let place = this.#candidates++;
    while (place > first && candidateIou[place - 1]! <= iou) {
      candidateIou[place] = candidateIou[place - 1]!;
      candidateTruth[place] = candidateTruth[place - 1]!;
      candidateFlags[place] = candidateFlags[place - 1]!;
      place--;
    }
    candidateIou[place] = iou;
    candidateTruth[place] = truth;
    candidateFlags[place] = flags;
  }

  endHit(): void {
    this.hitCount++;
    this.candidateStart[this.hitCount] = this.#candidates;
  }

  /** Fills `candidateMask` of the cell's candidates for one word of thresholds. */
  maskCandidates(thresholds: readonly number[], mustExceed: boolean): void {
    const to = this.candidateStart[this.hitCount]!;
    for (let candidate = this.candidateStart[this.firstHit]!; candidate < to; candidate++) {
      const iou = this.candidateIou[candidate]!;
      let mask = 0;
      for (let index = 0; index < thresholds.length; index++) {
        const threshold = thresholds[index]!;
        if (mustExceed ? iou > threshold : iou >= threshold) mask |= 1 << index;
      }
      this.candidateMask[candidate] = mask;
    }
  }

  setMasks(hit: number, mask: number, matched: number, ignored: number): void {
    this.matched[hit * this.#masks + mask] = matched;
    this.ignored[hit * this.#masks + mask] = ignored;
  }

  /** The cell's masks of one range from those of another in which nothing is ignored. */
  copyMasks(from: number, to: number, isIgnored: boolean): void {
    for (let hit = this.firstHit; hit < this.hitCount; hit++) {
      const matched = this.matched[hit * this.#masks + from]!;
      this.setMasks(hit, to, isIgnored ? 0 : matched, isIgnored ? matched : 0);
    }
  }

  #growHits(): void {
    const size = this.hitSlot.length * 2;
    this.hitSlot = copied(this.hitSlot, new Int32Array(size));
    this.candidateStart = copied(this.candidateStart, new Int32Array(size + 1));
    this.matched = copied(this.matched, new Int32Array(size * this.#masks));
    this.ignored = copied(this.ignored, new Int32Array(size * this.#masks));
  }

  #growCandidates(): void {
    const size = this.candidateTruth.length * 2;
    this.candidateTruth = copied(this.candidateTruth, new Int32Array(size));
    this.candidateIou = copied(this.candidateIou, new Float64Array(size));
    this.candidateFlags = copied(this.candidateFlags, new Uint8Array(size));
    this.candidateMask = copied(this.candidateMask, new Int32Array(size));
  }
}

function copied<T extends Int32Array | Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
