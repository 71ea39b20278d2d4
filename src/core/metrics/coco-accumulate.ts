import type { ClassMatches } from '../matching/class-matches';
import { THRESHOLDS_PER_WORD } from '../matching/match-rule';
import type { ClassPredictions } from '../matching/prediction-table';
import { COCO_EPSILON, COCO_RECALL_POINTS } from './grids';

/** Where an evaluation's axes end. */
export interface CocoAxes {
  readonly thresholds: number;
  readonly ranges: number;
  /** Rising. */
  readonly limits: readonly number[];
}

/** What the metrics need of one class: sums and ends of its curves. Meaningless in ranges without positives. */
export interface CocoClassSummary {
  /** By range: annotations that count; 0 makes the range's cells undefined. */
  readonly positives: Int32Array;
  /** [threshold, range]: sum over the recall points of precision, at the largest limit. */
  readonly precisionSum: Float64Array;
  /** [threshold, range, limit]: recall reached. */
  readonly recall: Float64Array;
}

/** Takes the cells of one class: [threshold, point, range, limit] for one curve at a time. */
export type CurveSink = (
  threshold: number,
  range: number,
  limit: number,
  precision: Float64Array,
  score: Float64Array,
) => void;

const POINTS = COCO_RECALL_POINTS.length;

/**
 * Precision and recall of one class, from its matches (pycocotools `accumulate`). Precision can only fall between hits,
 * so curves are built from hits alone, over running counts of the predictions without any candidate.
 */
export class CocoAccumulator {
  readonly #axes: CocoAxes;
  /** 1 + hit by position; 0 where the prediction is no hit. */
  #hitAt = new Int32Array(0);
  /** By listed hit: hit, position, and the false positives before it by [limit, range]. */
  #listedHit = new Int32Array(0);
  #listedPosition = new Int32Array(0);
  #before = new Int32Array(0);
  #listed = 0;
  #precision = new Float64Array(0);
  #position = new Int32Array(0);
  readonly #needed = new Int32Array(POINTS);
  readonly #pointPrecision = new Float64Array(POINTS);
  readonly #pointScore = new Float64Array(POINTS);

  constructor(axes: CocoAxes) {
    this.#axes = axes;
  }

  /**
   * With a sink, every curve is sampled and given to it; without, only those of the largest limit, for the sums. `only`:
   * the one range whose sums of precision are wanted; cells of other ranges and recalls stay 0 then.
   */
  accumulate(
    predictions: ClassPredictions,
    matches: ClassMatches,
    score: Float64Array,
    sink: CurveSink | null,
    only: number | null = null,
  ): CocoClassSummary {
    const { thresholds, ranges, limits } = this.#axes;
    const summary: CocoClassSummary = {
      positives: matches.positives,
      precisionSum: new Float64Array(thresholds * ranges),
      recall: new Float64Array(thresholds * ranges * limits.length),
    };
    this.#listHits(predictions, matches, only);
    const last = limits.length - 1;
    for (let range = 0; range < ranges; range++) {
      const positives = matches.positives[range]!;
      if (positives === 0 || (only !== null && range !== only)) continue;
      this.#findNeededHits(positives);
      for (let threshold = 0; threshold < thresholds; threshold++) {
        const cell = threshold * ranges + range;
        if (sink) this.#sampleSmallerLimits(predictions, matches, score, threshold, range, sink);
        const found = this.#walk(predictions, matches, threshold, range, last);
        if (only === null) this.#setRecall(summary.recall, cell, found, positives, predictions.rank);
        this.#sample(found, predictions, score);
        summary.precisionSum[cell] = sum(this.#pointPrecision);
        sink?.(threshold, range, last, this.#pointPrecision, this.#pointScore);
      }
    }
    return summary;
  }

  #sampleSmallerLimits(
    predictions: ClassPredictions,
    matches: ClassMatches,
    score: Float64Array,
    threshold: number,
    range: number,
    sink: CurveSink,
  ): void {
    for (let limit = 0; limit + 1 < this.#axes.limits.length; limit++) {
      const found = this.#walk(predictions, matches, threshold, range, limit);
      this.#sample(found, predictions, score);
      sink(threshold, range, limit, this.#pointPrecision, this.#pointScore);
    }
  }

  /** Recall at every limit, from the true positives of the largest: a smaller limit only takes the lower ranks away. */
  #setRecall(recall: Float64Array, cell: number, found: number, positives: number, rank: Int32Array): void {
    const { limits } = this.#axes;
    for (let limit = 0; limit < limits.length; limit++) {
      const most = limits[limit]!;
      let within = found;
      if (limit + 1 < limits.length) {
        within = 0;
        for (let index = 0; index < found; index++) if (rank[this.#position[index]!]! < most) within++;
      }
      recall[cell * limits.length + limit] = within / positives;
    }
  }

  /** Lists the hits in order of score, each with the false positives without candidate before it. */
  #listHits(predictions: ClassPredictions, matches: ClassMatches, only: number | null): void {
    const { rank, sizes, slots } = predictions;
    const { ranges, limits } = this.#axes;
    const count = rank.length;
    const hits = matches.hitSlot.length;
    this.#reserve(count, hits);
    const hitAt = this.#hitAt;
    hitAt.fill(0, 0, count);
    for (let hit = 0; hit < hits; hit++) hitAt[slots[matches.hitSlot[hit]!]!] = hit + 1;
    const counters = limits.length * ranges;
    const running = new Int32Array(counters);
    const largest = limits[limits.length - 1]!;
    const leastLimit = only === null ? 0 : limits.length - 1;
    const firstRange = only ?? 0;
    const endRange = only === null ? ranges : only + 1;
    let listed = 0;
    for (let position = 0; position < count; position++) {
      const place = rank[position]!;
      if (place >= largest) continue;
      const hit = hitAt[position]!;
      if (hit > 0) {
        this.#before.set(running, listed * counters);
        this.#listedHit[listed] = hit - 1;
        this.#listedPosition[listed] = position;
        listed++;
        continue;
      }
      const size = sizes[position]!;
      for (let limit = limits.length - 1; limit >= leastLimit && place < limits[limit]!; limit--) {
        for (let range = firstRange; range < endRange; range++)
          running[limit * ranges + range]! += (size >>> range) & 1;
      }
    }
    this.#listed = listed;
  }

  /** Hits needed to reach each recall point: the least whole c with c / positives >= point. */
  #findNeededHits(positives: number): void {
    for (let point = 0; point < POINTS; point++) {
      const recall = COCO_RECALL_POINTS[point]!;
      let needed = Math.max(0, Math.ceil(recall * positives) - 1);
      while (needed <= positives && needed / positives < recall) needed++;
      this.#needed[point] = needed;
    }
  }

  /** Notes precision and position of every true positive of one curve; gives their number. */
  #walk(
    predictions: ClassPredictions,
    matches: ClassMatches,
    threshold: number,
    range: number,
    limit: number,
  ): number {
    const { rank, sizes } = predictions;
    const { matched, ignored } = matches;
    const { ranges, limits, thresholds } = this.#axes;
    const words = Math.ceil(thresholds / THRESHOLDS_PER_WORD);
    const bit = 1 << (threshold % THRESHOLDS_PER_WORD);
    const mask = range * words + Math.floor(threshold / THRESHOLDS_PER_WORD);
    const masks = ranges * words;
    const counters = limits.length * ranges;
    const counter = limit * ranges + range;
    const most = limits[limit]!;
    const listedPosition = this.#listedPosition;
    const listedHit = this.#listedHit;
    const before = this.#before;
    let found = 0;
    let falsePositives = 0;
    for (let index = 0; index < this.#listed; index++) {
      const position = listedPosition[index]!;
      if (rank[position]! >= most) continue;
      const hit = listedHit[index]! * masks + mask;
      if (matched[hit]! & bit) {
        const all = before[index * counters + counter]! + falsePositives + found + 1;
        this.#position[found] = position;
        this.#precision[found] = (found + 1) / (all + COCO_EPSILON);
        found++;
      } else if (!(ignored[hit]! & bit) && (sizes[position]! >>> range) & 1) falsePositives++;
    }
    return found;
  }

  /** The curve at the recall points: highest precision from there on, and the score that reaches the point. */
  #sample(found: number, predictions: ClassPredictions, score: Float64Array): void {
    const precision = this.#precision;
    for (let index = found - 1; index > 0; index--) {
      if (precision[index]! > precision[index - 1]!) precision[index - 1] = precision[index]!;
    }
    const { rows } = predictions;
    for (let point = 0; point < POINTS; point++) {
      const needed = this.#needed[point]!;
      // Recall 0 is reached by the first prediction, whatever became of it.
      const position = needed === 0 ? 0 : this.#position[needed - 1]!;
      const isReached = needed === 0 ? rows.length > 0 : needed <= found;
      this.#pointPrecision[point] = isReached && found > 0 ? precision[Math.max(needed, 1) - 1]! : 0;
      this.#pointScore[point] = isReached ? score[rows[position]!]! : 0;
    }
  }

  #reserve(predictions: number, hits: number): void {
    const { ranges, limits } = this.#axes;
    if (this.#hitAt.length < predictions) this.#hitAt = new Int32Array(predictions);
    if (this.#listedHit.length >= hits) return;
    this.#listedHit = new Int32Array(hits);
    this.#listedPosition = new Int32Array(hits);
    this.#before = new Int32Array(hits * limits.length * ranges);
    this.#precision = new Float64Array(hits);
    this.#position = new Int32Array(hits);
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
