import { CLS, LOC } from '../../errors/tide-error';
import { countingSort } from '../../matching/grouping';
import { imageOrder } from '../../matching/image-order';
import { STATE_FALSE, STATE_TRUE } from '../../matching/point-matches';
import { ScoreSorter } from '../../matching/score-order';
import { ABSENT, type DetectionList, FALSE_POSITIVE, HIT } from './detection-list';
import { countedTruth, type ImageBoxes } from './image-boxes';
import { ERROR_OF_BAR, type TideBar, type TideErrors } from './tide-errors';
import type { TideMatches } from './tide-matching';
import type { TideMode } from './tide-parameters';

/** Makes the list of an evaluation as detected, and with the errors of one type mended. */
export class MendedLists {
  /** As detected: what AP is made of. */
  readonly detected: DetectionList;
  /** Nothing mended, in the order of the mended lists. */
  readonly unmended: DetectionList;
  readonly #boxes: ImageBoxes;
  readonly #errors: TideErrors;
  readonly #missed: readonly number[];
  readonly #unmatched: readonly number[];

  /** `missed`, `unmatched`: annotation rows. */
  constructor(
    boxes: ImageBoxes,
    matches: TideMatches,
    errors: TideErrors,
    missed: readonly number[],
    unmatched: readonly number[],
    mode: TideMode,
  ) {
    this.#boxes = boxes;
    this.#errors = errors;
    this.#missed = missed;
    this.#unmatched = unmatched;
    const { predictions } = boxes.input;
    const visited = visitedRows(boxes, mode);
    this.detected = {
      order: byFallingScore(visited, predictions.score),
      verdict: matches.state.map(verdictOf),
      category: predictions.category,
      truth: countedTruth(boxes.input),
    };
    // The package puts a mended list together from the errors and, after them, the hits; sorting by score then keeps
    // errors before hits of the same score. COCO's mode leaves every prediction in its place.
    this.unmended =
      mode === 'package'
        ? {
            ...this.detected,
            order: byFallingScore(
              partitioned(visited, (row) => matches.state[row] !== STATE_TRUE),
              predictions.score,
            ),
          }
        : this.detected;
  }

  /** The list with all errors of one type mended. */
  mended(bar: TideBar): DetectionList {
    if (bar === 'Miss') return { ...this.unmended, truth: this.#truthWithout(this.#missed) };
    const verdict = this.unmended.verdict.slice();
    const category = bar === 'Cls' ? this.unmended.category.slice() : this.unmended.category;
    const wanted = ERROR_OF_BAR[bar];
    for (let row = 0; row < verdict.length; row++) {
      const error = this.#errors.error[row]!;
      if (error !== wanted) continue;
      const isHit = (error === LOC || error === CLS) && this.#isClaimant(row);
      verdict[row] = isHit ? HIT : ABSENT;
      if (isHit && error === CLS) category[row] = this.#categoryOfTarget(row);
    }
    return { ...this.unmended, verdict, category };
  }

  /** TIDE's special FalsePos: hits score 1 and false positives 0, so that all hits stand first. */
  withoutFalsePositives(): DetectionList {
    const { order, verdict } = this.detected;
    return { ...this.detected, order: partitioned(order, (row) => verdict[row] === HIT) };
  }

  /** TIDE's special FalseNeg: no unmatched annotation is left, whether an error points to it or not. A re-scored list too. */
  withoutFalseNegatives(): DetectionList {
    return { ...this.unmended, truth: this.#truthWithout(this.#unmatched) };
  }

  /** Of all Loc and Cls errors on one unmatched annotation one becomes a hit, of whichever type it is. */
  #isClaimant(row: number): boolean {
    return this.#errors.claimant[this.#errors.target[row]!] === row;
  }

  #categoryOfTarget(row: number): number {
    return this.#boxes.input.annotations.category[this.#errors.target[row]!]!;
  }

  #truthWithout(annotations: readonly number[]): Int32Array {
    const truth = this.detected.truth.slice();
    for (const row of annotations) truth[this.#boxes.input.annotations.category[row]!]!--;
    return truth;
  }
}

function verdictOf(state: number): number {
  if (state === STATE_TRUE) return HIT;
  return state === STATE_FALSE ? FALSE_POSITIVE : ABSENT;
}

/**
 * Prediction rows as images are visited: in the order of the file (package), or by rising id (COCO). It decides between
 * equal scores of different images.
 */
function visitedRows(boxes: ImageBoxes, mode: TideMode): Int32Array {
  if (mode === 'package') return boxes.predictionRows;
  const { places } = imageOrder(boxes.input.imageIds);
  const place = boxes.input.predictions.image.map((image) => places[image]!);
  return countingSort(boxes.predictionRows, place, places.length).rows;
}

function byFallingScore(rows: Int32Array, score: Float64Array): Int32Array {
  const sorted = rows.slice();
  new ScoreSorter().sort(sorted, score);
  return sorted;
}

/** Those that go first, then the others; each in the order given. */
function partitioned(rows: Int32Array, goesFirst: (row: number) => boolean): Int32Array {
  const first = rows.filter(goesFirst);
  const parted = new Int32Array(rows.length);
  parted.set(first);
  parted.set(
    rows.filter((row) => !goesFirst(row)),
    first.length,
  );
  return parted;
}
