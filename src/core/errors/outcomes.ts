import { ignoredRangeBits } from '../matching/match-rule';
import type { MatchTable } from '../matching/match-table';
import { measuredIou } from '../matching/overlap';
import { type PointMatches, STATE_CUT, STATE_IGNORED, STATE_TRUE } from '../matching/point-matches';
import type { TruthRows } from '../matching/truth-store';
import {
  PREDICTION_OUTCOMES,
  type PredictionOutcome,
  TRUTH_OUTCOMES,
  type TruthOutcome,
} from '../metrics/evaluation';
import type { Neighbours } from './neighbours';
import { BKG, BOTH, CLS, DUPE, LOC, NO_ERROR, tideError } from './tide-error';

const outcome = (name: PredictionOutcome): number => PREDICTION_OUTCOMES.indexOf(name);
const truthState = (name: TruthOutcome): number => TRUTH_OUTCOMES.indexOf(name);

const TRUE_POSITIVE = outcome('true-positive');
const IGNORED = outcome('ignored');
const CUT = outcome('cut');
const TRUTH_MATCHED = truthState('matched');
const TRUTH_MISS = truthState('miss');
const TRUTH_IGNORED = truthState('ignored');

/** Outcome by TIDE error. */
const OUTCOME_OF_ERROR = new Uint8Array(6);
OUTCOME_OF_ERROR[LOC] = outcome('loose-box');
OUTCOME_OF_ERROR[CLS] = outcome('wrong-class');
OUTCOME_OF_ERROR[DUPE] = outcome('duplicate');
OUTCOME_OF_ERROR[BKG] = outcome('false-positive');
OUTCOME_OF_ERROR[BOTH] = outcome('false-positive');

/** Columns that a classification fills. Truth rows count from `truthFrom`, the image's first. */
export interface OutcomeColumns {
  readonly predictionOutcome: Uint8Array;
  /** TIDE_ERRORS index. */
  readonly predictionError: Uint8Array;
  readonly predictionTruth: Int32Array;
  readonly predictionIou: Float64Array;
  readonly truthOutcome: Uint8Array;
  readonly truthPrediction: Int32Array;
}

/**
 * Says what became of the predictions and annotations of one image at a point. Reads who matches whom; decides nothing
 * about it.
 */
export class OutcomeClassifier {
  readonly #table: MatchTable;
  readonly #neighbours: Neighbours;
  /** Rows of the image in cell order, and by class the first of its own; valid where the stamp is the present one. */
  #sorted = new Int32Array(64);
  readonly #classStart: Int32Array;
  readonly #classStamp: Int32Array;
  #stamp = 0;

  constructor(table: MatchTable, neighbours: Neighbours) {
    this.#table = table;
    this.#neighbours = neighbours;
    this.#classStart = new Int32Array(table.classCount);
    this.#classStamp = new Int32Array(table.classCount);
  }

  /** Fills `into` for the image, prediction columns by prediction row, truth columns from `truthFrom`. */
  classify(
    image: number,
    points: PointMatches,
    score: number,
    into: OutcomeColumns,
    truthFrom: number,
  ): void {
    const truth = this.#table.truth.rows(image);
    const predictions = this.#predictionsOf(image);
    this.#neighbours.know(image);
    this.#sortByCell(truth);
    this.#setTruthUnmatched(truth, into, truthFrom);
    for (const row of predictions) {
      if (this.#isTrue(row, points, score)) this.#setTrue(row, points, truth, into, truthFrom);
    }
    for (const row of predictions) {
      if (!this.#isTrue(row, points, score)) this.#setOther(row, points, score, truth, into, truthFrom);
    }
    this.#pointAtMisses(predictions, into);
  }

  #predictionsOf(image: number): Int32Array {
    const { imageRows, imageStarts } = this.#table.predictions;
    return imageRows.subarray(imageStarts[image], imageStarts[image + 1]);
  }

  #isTrue(row: number, points: PointMatches, score: number): boolean {
    return points.state[row] === STATE_TRUE && this.#table.columns.score[row]! >= score;
  }

  #setTruthUnmatched(truth: TruthRows, into: OutcomeColumns, truthFrom: number): void {
    const bit = 1 << this.#table.rule.outcomeRange;
    for (let row = truth.from; row < truth.to; row++) {
      const isIgnored = ignoredRangeBits(this.#table.rule, truth.columns, row) & bit;
      into.truthOutcome[truthFrom + row - truth.from] = isIgnored ? TRUTH_IGNORED : TRUTH_MISS;
      into.truthPrediction[truthFrom + row - truth.from] = -1;
    }
  }

  #setTrue(
    row: number,
    points: PointMatches,
    truth: TruthRows,
    into: OutcomeColumns,
    truthFrom: number,
  ): void {
    const { box, category } = this.#table.columns;
    const klass = this.#table.classOf(category[row]!);
    const matched = this.#sorted[this.#classStart[klass]! + points.truth[row]!]!;
    const target = truthFrom + matched - truth.from;
    into.predictionOutcome[row] = TRUE_POSITIVE;
    into.predictionError[row] = NO_ERROR;
    into.predictionTruth[row] = target;
    into.predictionIou[row] = measuredIou(
      this.#table.rule.measure,
      box,
      row * 4,
      truth.columns.box,
      matched * 4,
    );
    into.truthOutcome[target] = TRUTH_MATCHED;
    into.truthPrediction[target] = row;
  }

  /** Everything but true positives, which have been set already. */
  #setOther(
    row: number,
    points: PointMatches,
    score: number,
    truth: TruthRows,
    into: OutcomeColumns,
    truthFrom: number,
  ): void {
    const { sameIou, sameTruth, otherIou, otherTruth, ignoredIou } = this.#neighbours;
    const state = points.state[row]!;
    into.predictionError[row] = NO_ERROR;
    into.predictionTruth[row] = -1;
    into.predictionIou[row] = Math.max(sameIou[row]!, otherIou[row]!, ignoredIou[row]!);
    if (state === STATE_CUT || !(this.#table.columns.score[row]! >= score)) {
      into.predictionOutcome[row] = CUT;
      return;
    }
    if (state === STATE_IGNORED) {
      into.predictionOutcome[row] = IGNORED;
      return;
    }
    const used = sameIou[row]! >= points.iou ? this.#bestUsed(row, truth, into, truthFrom) : NOTHING_USED;
    const error = tideError(points.iou, sameIou[row]!, otherIou[row]!, used.iou);
    into.predictionError[row] = error;
    into.predictionOutcome[row] = OUTCOME_OF_ERROR[error]!;
    if (error === LOC) point(into, row, truthFrom + sameTruth[row]!, sameIou[row]!);
    else if (error === CLS) point(into, row, truthFrom + otherTruth[row]!, otherIou[row]!);
    else if (error === DUPE) point(into, row, used.truth, used.iou);
  }

  /** The matched annotation of the prediction's class with the highest IoU; of equal ones the protocol's choice. */
  #bestUsed(row: number, truth: TruthRows, into: OutcomeColumns, truthFrom: number): Used {
    const { box, category } = this.#table.columns;
    const klass = this.#table.classOf(category[row]!);
    let best = NOTHING_USED;
    for (let other = truth.from; other < truth.to; other++) {
      const target = truthFrom + other - truth.from;
      if (into.truthOutcome[target] !== TRUTH_MATCHED) continue;
      if (this.#table.classOf(truth.columns.category[other]!) !== klass) continue;
      const iou = measuredIou(this.#table.rule.measure, box, row * 4, truth.columns.box, other * 4);
      const isBetter = this.#table.rule.choice === 'any' ? iou >= best.iou : iou > best.iou;
      if (isBetter) best = { iou, truth: target };
    }
    return best;
  }

  /** A miss shows the highest-scoring loose box that points at it, of equal ones the first. */
  #pointAtMisses(predictions: Int32Array, into: OutcomeColumns): void {
    const { score } = this.#table.columns;
    for (const row of predictions) {
      if (into.predictionError[row] !== LOC) continue;
      const target = into.predictionTruth[row]!;
      if (into.truthOutcome[target] !== TRUTH_MISS) continue;
      const rival = into.truthPrediction[target]!;
      if (rival < 0 || score[row]! > score[rival]!) into.truthPrediction[target] = row;
    }
  }

  #sortByCell(truth: TruthRows): void {
    const { columns, from, to } = truth;
    const count = to - from;
    if (this.#sorted.length < count) this.#sorted = new Int32Array(count * 2);
    const sorted = this.#sorted;
    // Insertion sort by category: stable, and most images hold few annotations and few classes.
    for (let index = 0; index < count; index++) {
      const category = columns.category[from + index]!;
      let place = index - 1;
      while (place >= 0 && columns.category[sorted[place]!]! > category) {
        sorted[place + 1] = sorted[place]!;
        place--;
      }
      sorted[place + 1] = from + index;
    }
    this.#stamp++;
    for (let index = 0; index < count; index++) {
      const klass = this.#table.classOf(columns.category[sorted[index]!]!);
      if (this.#classStamp[klass] === this.#stamp) continue;
      this.#classStamp[klass] = this.#stamp;
      this.#classStart[klass] = index;
    }
  }
}

interface Used {
  readonly iou: number;
  /** Row in the truth columns. */
  readonly truth: number;
}

const NOTHING_USED: Used = { iou: 0, truth: -1 };

function point(into: OutcomeColumns, row: number, truth: number, iou: number): void {
  into.predictionTruth[row] = truth;
  into.predictionIou[row] = iou;
}
