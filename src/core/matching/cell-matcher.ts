import type { PredictionColumns } from '../dataset/dataset';
import type { ImageTruth } from '../metrics/evaluation';
import { HitBuffer } from './hit-buffer';
import {
  effectiveThreshold,
  ignoredRangeBits,
  lowestThreshold,
  maskWords,
  type MatchRule,
  THRESHOLDS_PER_WORD,
} from './match-rule';
import { boxCover, boxIou, cornerCover, cornerIou } from './overlap';
import type { ClassPredictions } from './prediction-table';

/**
 * Matches one cell (a class in one image): `begin`, `addTruth` for each annotation in order, `match`. All thresholds are
 * matched in one pass over bit masks: a prediction asks, in the order of its candidates, for every threshold at which
 * it has no match yet and the candidate is still free. At each threshold that is the greedy walk of the reference.
 */
export class CellMatcher {
  readonly hits: HitBuffer;
  readonly #rule: MatchRule;
  readonly #floor: number;
  readonly #words: number;
  readonly #ranges: number;
  /** Effective thresholds by word. */
  readonly #thresholds: readonly (readonly number[])[];
  readonly #extra: 0 | 1;
  readonly #allRanges: number;
  #columns: ImageTruth | null = null;
  #truths = 0;
  #rows = new Int32Array(64);
  #ignored = new Int32Array(64);
  #isCrowd = new Uint8Array(64);
  #free = new Int32Array(64);
  #ignoredSomewhere = 0;
  #ignoredByAll = 0;

  constructor(rule: MatchRule) {
    this.#rule = rule;
    this.#floor = effectiveThreshold(rule, lowestThreshold(rule));
    this.#words = maskWords(rule);
    this.#ranges = rule.ranges.length;
    this.#allRanges = 2 ** this.#ranges - 1;
    this.#extra = rule.measure === 'pixels' ? 1 : 0;
    const effective = rule.thresholds.map((threshold) => effectiveThreshold(rule, threshold));
    this.#thresholds = Array.from({ length: this.#words }, (_, word) =>
      effective.slice(word * THRESHOLDS_PER_WORD, (word + 1) * THRESHOLDS_PER_WORD),
    );
    this.hits = new HitBuffer(this.#ranges * this.#words);
  }

  begin(columns: ImageTruth): void {
    this.#columns = columns;
    this.#truths = 0;
    this.#ignoredSomewhere = 0;
    this.#ignoredByAll = this.#allRanges;
  }

  addTruth(row: number): void {
    if (this.#truths === this.#rows.length) this.#grow();
    const columns = this.#columns!;
    const truth = this.#truths++;
    const bits = ignoredRangeBits(this.#rule, columns, row);
    this.#rows[truth] = row;
    this.#ignored[truth] = bits;
    this.#isCrowd[truth] = columns.flags[row]! & this.#rule.crowdFlags ? 1 : 0;
    this.#ignoredSomewhere |= bits;
    this.#ignoredByAll &= bits;
  }

  /** Adds the cell's hits (predictions with a candidate) to `hits`. */
  match(predictions: ClassPredictions, cell: number, columns: PredictionColumns): void {
    this.hits.beginCell();
    if (this.#truths === 0) return;
    const from = predictions.cellStart[cell]!;
    const to = Math.min(predictions.cellStart[cell + 1]!, from + this.#rule.limit);
    if (this.#rule.choice === 'any') this.#findAnyCandidates(predictions, from, to, columns.box);
    else if (this.#rule.crowdFlags === 0) this.#findBestCandidates(predictions, from, to, columns.box);
    else this.#findBestOfBothKinds(predictions, from, to, columns.box);
    this.#assign();
  }

  /** COCO: every annotation above the floor, highest IoU first, of equal ones the later annotation first. */
  #findAnyCandidates(predictions: ClassPredictions, from: number, to: number, box: Float64Array): void {
    const { hits } = this;
    const truthBox = this.#columns!.box;
    for (let slot = from; slot < to; slot++) {
      const offset = predictions.rows[predictions.slots[slot]!]! * 4;
      let found = false;
      for (let truth = 0; truth < this.#truths; truth++) {
        const truthOffset = this.#rows[truth]! * 4;
        const iou = this.#isCrowd[truth]
          ? boxCover(box, offset, truthBox, truthOffset)
          : boxIou(box, offset, truthBox, truthOffset);
        if (iou < this.#floor) continue;
        if (!found) hits.beginHit(slot);
        found = true;
        hits.insertCandidate(truth, iou, this.#candidateFlags(truth));
      }
      if (found) hits.endHit();
    }
  }

  /** VOC: the annotation with the highest IoU alone, of equal ones the first, free or not. */
  #findBestCandidates(predictions: ClassPredictions, from: number, to: number, box: Float64Array): void {
    const { hits } = this;
    const truthBox = this.#columns!.box;
    for (let slot = from; slot < to; slot++) {
      const offset = predictions.rows[predictions.slots[slot]!]! * 4;
      let best = -1;
      let bestIou = 0;
      for (let truth = 0; truth < this.#truths; truth++) {
        const iou = cornerIou(box, offset, truthBox, this.#rows[truth]! * 4, this.#extra);
        if (iou <= bestIou) continue;
        bestIou = iou;
        best = truth;
      }
      if (best < 0 || bestIou < this.#floor) continue;
      hits.beginHit(slot);
      hits.insertCandidate(best, bestIou, this.#candidateFlags(best));
      hits.endHit();
    }
  }

  /**
   * Open Images: the best annotation that is no crowd (group-of) by IoU, and the best crowd by the share of the
   * prediction that it covers; of equal ones the first.
   */
  #findBestOfBothKinds(predictions: ClassPredictions, from: number, to: number, box: Float64Array): void {
    for (let slot = from; slot < to; slot++) {
      const offset = predictions.rows[predictions.slots[slot]!]! * 4;
      const best = this.#bestOfKind(box, offset, 0);
      const crowd = this.#bestOfKind(box, offset, 1);
      if (best.truth < 0 && crowd.truth < 0) continue;
      this.hits.beginHit(slot);
      for (const { truth, overlap } of [best, crowd]) {
        if (truth >= 0) this.hits.insertCandidate(truth, overlap, this.#candidateFlags(truth));
      }
      this.hits.endHit();
    }
  }

  #bestOfKind(box: Float64Array, offset: number, isCrowd: 0 | 1): { truth: number; overlap: number } {
    const truthBox = this.#columns!.box;
    let truth = -1;
    let overlap = 0;
    for (let other = 0; other < this.#truths; other++) {
      if (this.#isCrowd[other] !== isCrowd) continue;
      const measured = isCrowd
        ? cornerCover(box, offset, truthBox, this.#rows[other]! * 4)
        : cornerIou(box, offset, truthBox, this.#rows[other]! * 4, this.#extra);
      if (measured <= overlap) continue;
      overlap = measured;
      truth = other;
    }
    return overlap < this.#floor ? { truth: -1, overlap: 0 } : { truth, overlap };
  }

  #candidateFlags(truth: number): number {
    const ignored = this.#ignored[truth]! & (1 << this.#rule.outcomeRange) ? CANDIDATE_IGNORED : 0;
    return ignored | (this.#isCrowd[truth] ? CANDIDATE_CROWD : 0);
  }

  #assign(): void {
    if (this.hits.cellHits === 0) return;
    for (let word = 0; word < this.#words; word++) {
      this.hits.maskCandidates(this.#thresholds[word]!, this.#rule.comparison === 'exceed');
      this.#assignWord(word);
    }
  }

  /**
   * Where all annotations count, or all are ignored, ranges match alike: such a result is made once and copied. (A crowd
   * is ignored in every range, so with one in the cell nothing is shared.)
   */
  #assignWord(word: number): void {
    let shared = -1;
    for (let range = 0; range < this.#ranges; range++) {
      const bit = 1 << range;
      const areAllIgnored = (this.#ignoredByAll & bit) !== 0;
      const isUniform = areAllIgnored || !(this.#ignoredSomewhere & bit);
      const mask = range * this.#words + word;
      if (isUniform && shared >= 0) {
        this.hits.copyMasks(shared, mask, areAllIgnored);
      } else {
        this.#assignRange(bit, mask, word);
        if (isUniform && !areAllIgnored) shared = mask;
      }
    }
  }

  #assignRange(bit: number, mask: number, word: number): void {
    const full = 2 ** this.#thresholds[word]!.length - 1;
    const { hits } = this;
    const free = this.#free;
    for (let truth = 0; truth < this.#truths; truth++) free[truth] = full;
    for (let hit = hits.firstHit; hit < hits.hitCount; hit++) {
      let open = full;
      let matched = 0;
      let ignored = 0;
      const from = hits.candidateStart[hit]!;
      const to = hits.candidateStart[hit + 1]!;
      for (let candidate = from; candidate < to; candidate++) {
        const truth = hits.candidateTruth[candidate]!;
        if (this.#ignored[truth]! & bit) continue;
        const taken = open & hits.candidateMask[candidate]! & free[truth]!;
        open &= ~taken;
        matched |= taken;
        free[truth]! &= ~taken;
      }
      // Ignored annotations come last, whatever their IoU: a counted match is never given up for one.
      if (this.#ignoredSomewhere & bit) {
        for (let candidate = from; candidate < to; candidate++) {
          const truth = hits.candidateTruth[candidate]!;
          if (!(this.#ignored[truth]! & bit)) continue;
          // Whoever only looks at the best annotation finds an ignored one again and again (VOC's difficult).
          const isShared = this.#isCrowd[truth] === 1 || this.#rule.choice === 'best';
          const taken = open & hits.candidateMask[candidate]! & (isShared ? full : free[truth]!);
          open &= ~taken;
          ignored |= taken;
          free[truth]! &= ~taken;
        }
      }
      hits.setMasks(hit, mask, matched, ignored);
    }
  }

  #grow(): void {
    const size = this.#rows.length * 2;
    this.#rows = enlarged(this.#rows, new Int32Array(size));
    this.#ignored = enlarged(this.#ignored, new Int32Array(size));
    this.#isCrowd = enlarged(this.#isCrowd, new Uint8Array(size));
    this.#free = new Int32Array(size);
  }
}

/** Bits of `ClassMatches.candidateFlags`. */
export const CANDIDATE_IGNORED = 1;
export const CANDIDATE_CROWD = 2;

function enlarged<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
