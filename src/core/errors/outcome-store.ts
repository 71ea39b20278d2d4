import type { MatchTable } from '../matching/match-table';
import { PointMatches, unmatchedStates } from '../matching/point-matches';
import type { ImageOutcomes, OperatingPoint } from '../metrics/evaluation';
import { Neighbours } from './neighbours';
import { OutcomeClassifier, type OutcomeColumns } from './outcomes';

/**
 * Outcomes at the operating point last asked for, kept up while labels are edited: matches at its IoU, and, once asked
 * for, the outcomes of all predictions and annotations.
 */
export class OutcomeStore {
  readonly #table: MatchTable;
  readonly #neighbours: Neighbours;
  readonly #classifier: OutcomeClassifier;
  #unmatched: Uint8Array | null = null;
  #points: PointMatches | null = null;
  #all: { readonly point: OperatingPoint; columns: OutcomeColumns } | null = null;

  constructor(table: MatchTable) {
    this.#table = table;
    this.#neighbours = new Neighbours(table);
    this.#classifier = new OutcomeClassifier(table, this.#neighbours);
  }

  /** Matches at an IoU; the last ones are kept. */
  matchesAt(iou: number): PointMatches {
    this.#unmatched ??= unmatchedStates(this.#table);
    if (this.#points?.iou !== iou) this.#points = new PointMatches(this.#table, iou, this.#unmatched);
    return this.#points;
  }

  /** All outcomes, annotations in the table's present rows. */
  all(point: OperatingPoint): OutcomeColumns {
    if (this.#all?.point.iou === point.iou && this.#all.point.score === point.score) return this.#all.columns;
    const table = this.#table;
    const columns = emptyColumns(table.columns.count, table.truth.count);
    const points = this.matchesAt(point.iou);
    const { starts } = table.truth;
    for (let image = 0; image + 1 < starts.length; image++) {
      this.#classifier.classify(image, points, point.score, columns, starts[image]!);
    }
    this.#all = { point: { ...point }, columns };
    return columns;
  }

  /** One image's outcomes, with rows within the image. */
  image(image: number, point: OperatingPoint): ImageOutcomes {
    const table = this.#table;
    const { imageRows, imageStarts } = table.predictions;
    const rows = imageRows.subarray(imageStarts[image], imageStarts[image + 1]);
    const { starts } = table.truth;
    const truths = starts[image + 1]! - starts[image]!;
    const isStored = this.#all?.point.iou === point.iou && this.#all.point.score === point.score;
    const from = isStored ? starts[image]! : 0;
    const columns = isStored ? this.#all!.columns : this.#classifyAlone(image, point, truths);
    const place = new Map<number, number>();
    rows.forEach((row, index) => place.set(row, index));
    return {
      prediction: Uint8Array.from(rows, (row) => columns.predictionOutcome[row]!),
      predictionTruth: Int32Array.from(rows, (row) => {
        const target = columns.predictionTruth[row]!;
        return target < 0 ? -1 : target - from;
      }),
      predictionIou: Float64Array.from(rows, (row) => columns.predictionIou[row]!),
      truth: columns.truthOutcome.slice(from, from + truths),
      truthPrediction: columns.truthPrediction
        .slice(from, from + truths)
        .map((row) => (row < 0 ? -1 : place.get(row)!)),
    };
  }

  /** After the table has kept an edit of `image` (which had `before` annotations) that rematched `classes`. */
  renew(image: number, before: number, classes: Iterable<number>): void {
    this.#neighbours.forget(image);
    this.#points?.renew(image, classes);
    const all = this.#all;
    if (!all) return;
    const from = this.#table.truth.starts[image]!;
    const to = this.#table.truth.starts[image + 1]!;
    if (to - from !== before) all.columns = withRowsMoved(all.columns, from + before, to - from - before);
    // Another IoU may have been asked for meanwhile; the stored outcomes are then made anew when next asked for.
    if (this.#points?.iou === all.point.iou) {
      this.#classifier.classify(image, this.#points, all.point.score, all.columns, from);
    } else this.#all = null;
  }

  #classifyAlone(image: number, point: OperatingPoint, truths: number): OutcomeColumns {
    const columns = this.#scratch(truths);
    this.#classifier.classify(image, this.matchesAt(point.iou), point.score, columns, 0);
    return columns;
  }

  #spare: OutcomeColumns | null = null;

  /** Prediction columns are as long as the run, so they are made once. */
  #scratch(truths: number): OutcomeColumns {
    this.#spare ??= emptyColumns(this.#table.columns.count, 0);
    return { ...this.#spare, truthOutcome: new Uint8Array(truths), truthPrediction: new Int32Array(truths) };
  }
}

function emptyColumns(predictions: number, truths: number): OutcomeColumns {
  return {
    predictionOutcome: new Uint8Array(predictions),
    predictionError: new Uint8Array(predictions),
    predictionTruth: new Int32Array(predictions),
    predictionIou: new Float64Array(predictions),
    truthOutcome: new Uint8Array(truths),
    truthPrediction: new Int32Array(truths),
  };
}

/** Rows from `end` on move by `change`; what lies between is to be filled again. */
function withRowsMoved(columns: OutcomeColumns, end: number, change: number): OutcomeColumns {
  const count = columns.truthOutcome.length + change;
  const moved = {
    ...columns,
    truthOutcome: new Uint8Array(count),
    truthPrediction: new Int32Array(count),
  };
  const kept = Math.min(end, end + change);
  moved.truthOutcome.set(columns.truthOutcome.subarray(0, kept));
  moved.truthPrediction.set(columns.truthPrediction.subarray(0, kept));
  moved.truthOutcome.set(columns.truthOutcome.subarray(end), end + change);
  moved.truthPrediction.set(columns.truthPrediction.subarray(end), end + change);
  const { predictionTruth } = columns;
  for (let row = 0; row < predictionTruth.length; row++) {
    if (predictionTruth[row]! >= end) predictionTruth[row]! += change;
  }
  return moved;
}
