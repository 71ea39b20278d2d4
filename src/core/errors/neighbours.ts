import { ignoredRangeBits } from '../matching/match-rule';
import type { MatchTable } from '../matching/match-table';
import { measuredIou } from '../matching/overlap';

/**
 * For every prediction, what lies nearest: the facts of which TIDE's error types are made. They depend neither on IoU
 * nor on confidence, so they are worked out once an image and again only where that image is edited.
 */
export class Neighbours {
  /** By prediction row: best IoU with a counted annotation of its class, and that annotation's row in the image; -1. */
  readonly sameIou: Float64Array;
  readonly sameTruth: Int32Array;
  /** The same among the other classes. */
  readonly otherIou: Float64Array;
  readonly otherTruth: Int32Array;
  /** Best IoU with an ignored annotation (crowd, difficult) of any class. */
  readonly ignoredIou: Float64Array;
  readonly #table: MatchTable;
  readonly #isKnown: Uint8Array;

  constructor(table: MatchTable) {
    this.#table = table;
    const { count } = table.columns;
    this.sameIou = new Float64Array(count);
    this.sameTruth = new Int32Array(count);
    this.otherIou = new Float64Array(count);
    this.otherTruth = new Int32Array(count);
    this.ignoredIou = new Float64Array(count);
    this.#isKnown = new Uint8Array(table.order.images.length);
  }

  forget(image: number): void {
    this.#isKnown[image] = 0;
  }

  /** Works the image's predictions out where they are not known yet. */
  know(image: number): void {
    if (this.#isKnown[image]) return;
    this.#isKnown[image] = 1;
    const { imageRows, imageStarts } = this.#table.predictions;
    const to = imageStarts[image + 1]!;
    for (let index = imageStarts[image]!; index < to; index++) this.#find(imageRows[index]!, image);
  }

  /**
   * Of equal IoUs the annotation wins that the protocol itself would match: COCO's later one, else the first. With TIDE's
   * own choice (first), errors would point past a matched annotation at its unmatched twin, and hide a miss.
   */
  #find(row: number, image: number): void {
    const table = this.#table;
    const { box, category } = table.columns;
    const { columns, from, to } = table.truth.rows(image);
    const { rule } = table;
    const outcomeBit = 1 << rule.outcomeRange;
    const klass = table.classOf(category[row]!);
    const doesLaterWin = rule.choice === 'any';
    let same = 0;
    let sameTruth = -1;
    let other = 0;
    let otherTruth = -1;
    let ignored = 0;
    for (let truth = from; truth < to; truth++) {
      const iou = measuredIou(rule.measure, box, row * 4, columns.box, truth * 4);
      if (iou === 0) continue;
      if (ignoredRangeBits(rule, columns, truth) & outcomeBit) {
        if (iou > ignored) ignored = iou;
      } else if (table.classOf(columns.category[truth]!) === klass) {
        if (iou > same || (doesLaterWin && iou === same)) {
          same = iou;
          sameTruth = truth - from;
        }
      } else if (iou > other || (doesLaterWin && iou === other)) {
        other = iou;
        otherTruth = truth - from;
      }
    }
    this.sameIou[row] = same;
    this.sameTruth[row] = sameTruth;
    this.otherIou[row] = other;
    this.otherTruth[row] = otherTruth;
    this.ignoredIou[row] = ignored;
  }
}
