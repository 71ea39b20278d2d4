import { CANDIDATE_CROWD, CANDIDATE_IGNORED } from './cell-matcher';
import type { ClassMatches } from './class-matches';
import { effectiveThreshold } from './match-rule';
import type { MatchTable } from './match-table';
import { type ClassPredictions, findCell } from './prediction-table';

/** States of a prediction at one IoU, whatever its score. */
export const STATE_FALSE = 0;
export const STATE_TRUE = 1;
export const STATE_IGNORED = 2;
/** Over the limit on detections, or out of the protocol's sight. */
export const STATE_CUT = 3;

/**
 * Who matches whom at one IoU, on the grid or off it, walked from the table's candidates. A prediction's match never
 * depends on those that score lower, so one walk serves every confidence.
 */
export class PointMatches {
  readonly iou: number;
  /** By prediction row: STATE_*. */
  readonly state: Uint8Array;
  /** By prediction row: place of its annotation among the annotations of the cell; -1 for none. */
  readonly truth: Int32Array;
  readonly #table: MatchTable;
  readonly #unmatched: Uint8Array;
  readonly #threshold: number;
  readonly #mustExceed: boolean;
  #taken = new Uint8Array(64);

  /** `unmatched`: what `unmatchedStates` gives for the table. */
  constructor(table: MatchTable, iou: number, unmatched: Uint8Array) {
    this.iou = iou;
    this.#table = table;
    this.#unmatched = unmatched;
    this.#threshold = effectiveThreshold(table.rule, iou);
    this.#mustExceed = table.rule.comparison === 'exceed';
    this.state = unmatched.slice();
    this.truth = new Int32Array(unmatched.length).fill(-1);
    table.predictions.classes.forEach((predictions, klass) => {
      const matches = table.matches(klass);
      for (let cell = 0; cell < predictions.cellPlace.length; cell++) this.#walk(predictions, matches, cell);
    });
  }

  /** Walks the image's cells of these classes again, after an edit. */
  renew(image: number, classes: Iterable<number>): void {
    const place = this.#table.order.places[image]!;
    for (const klass of classes) {
      const predictions = this.#table.predictions.classes[klass]!;
      const cell = findCell(predictions, place);
      if (cell < 0) continue;
      const last = predictions.cellStart[cell + 1]!;
      for (let slot = predictions.cellStart[cell]!; slot < last; slot++) {
        const row = predictions.rows[predictions.slots[slot]!]!;
        this.state[row] = this.#unmatched[row]!;
        this.truth[row] = -1;
      }
      this.#walk(predictions, this.#table.matches(klass), cell);
    }
  }

  /** Matches a cell whose predictions have been set unmatched. */
  #walk(predictions: ClassPredictions, matches: ClassMatches, cell: number): void {
    if (matches.cellDropped?.[cell]) this.#drop(predictions, cell);
    const from = matches.cellHits[cell]!;
    const to = matches.cellHits[cell + 1]!;
    if (from === to) return;
    this.#clearTaken(matches, from, to);
    for (let hit = from; hit < to; hit++) {
      const candidate = this.#choose(matches, hit);
      if (candidate < 0) continue;
      const truth = matches.candidateTruth[candidate]!;
      const flags = matches.candidateFlags[candidate]!;
      const row = predictions.rows[predictions.slots[matches.hitSlot[hit]!]!]!;
      if (this.state[row] === STATE_CUT) continue;
      this.state[row] = flags & CANDIDATE_IGNORED ? STATE_IGNORED : STATE_TRUE;
      this.truth[row] = truth;
      this.#taken[truth] = 1;
    }
  }

  #drop(predictions: ClassPredictions, cell: number): void {
    for (let slot = predictions.cellStart[cell]!; slot < predictions.cellStart[cell + 1]!; slot++) {
      this.state[predictions.rows[predictions.slots[slot]!]!] = STATE_CUT;
    }
  }

  /** The hit's candidate at this IoU: counted annotations before ignored ones; -1 for none. */
  #choose(matches: ClassMatches, hit: number): number {
    const { candidateStart, candidateIou, candidateFlags, candidateTruth } = matches;
    const isBestOnly = this.#table.rule.choice === 'best';
    let ignored = -1;
    for (let candidate = candidateStart[hit]!; candidate < candidateStart[hit + 1]!; candidate++) {
      const iou = candidateIou[candidate]!;
      if (this.#mustExceed ? iou <= this.#threshold : iou < this.#threshold) break;
      const flags = candidateFlags[candidate]!;
      const isTaken = this.#taken[candidateTruth[candidate]!]! === 1;
      if (!(flags & CANDIDATE_IGNORED)) {
        if (!isTaken) return candidate;
      } else if (ignored < 0 && (!isTaken || isBestOnly || flags & CANDIDATE_CROWD)) ignored = candidate;
    }
    return ignored;
  }

  #clearTaken(matches: ClassMatches, from: number, to: number): void {
    const last = matches.candidateStart[to]!;
    for (let candidate = matches.candidateStart[from]!; candidate < last; candidate++) {
      const truth = matches.candidateTruth[candidate]!;
      if (truth >= this.#taken.length) {
        const larger = new Uint8Array(Math.max(truth + 1, this.#taken.length * 2));
        larger.set(this.#taken);
        this.#taken = larger;
      }
      this.#taken[truth] = 0;
    }
  }
}

/** By prediction row: its state (STATE_*) while it matches nothing, which no IoU and no edit of the truth changes. */
export function unmatchedStates({ columns, predictions, rule, scope }: MatchTable): Uint8Array {
  const state = new Uint8Array(columns.count);
  scope.excluded?.forEach((isExcluded, row) => {
    if (isExcluded) state[row] = STATE_CUT;
  });
  for (const { rows, sizes, rank } of predictions.classes) {
    for (let position = 0; position < rows.length; position++) {
      const row = rows[position]!;
      const isInRange = (sizes[position]! >>> rule.outcomeRange) & 1;
      const isUnderFloor = rule.scoreFloor !== null && columns.score[row]! <= rule.scoreFloor;
      const isCut = isUnderFloor || rank[position]! >= rule.limit;
      state[row] = isCut ? STATE_CUT : isInRange ? STATE_FALSE : STATE_IGNORED;
    }
  }
  return state;
}
