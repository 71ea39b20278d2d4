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
  /** Words of a mask over the thresholds. */
  readonly #words: number;
  /** 1 + hit by position; 0 where the prediction is no hit. */
  #hitAt = new Int32Array(0);
  /** By listed hit: hit, position, and the false positives before it by [limit, range]. */
  #listedHit = new Int32Array(0);
  #listedPosition = new Int32Array(0);
  #before = new Int32Array(0);
  #listed = 0;
  /** Those within one limit, so that every threshold walks over neighbours. */
  readonly #hits = new HitsWithin();
  /** Of one curve, by true positive: precision, and its hit in `#hits`. */
  #precision = new Float64Array(0);
  #found = new Int32Array(0);
  readonly #needed = new Int32Array(POINTS);
  readonly #pointPrecision = new Float64Array(POINTS);
  readonly #pointScore = new Float64Array(POINTS);

  constructor(axes: CocoAxes) {
    this.#axes = axes;
    this.#words = Math.ceil(axes.thresholds / THRESHOLDS_PER_WORD);
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
    const last = limits.length - 1;
    const firstLimit = sink ? 0 : last;
    this.#listHits(predictions, matches, firstLimit, only);
    for (let limit = firstLimit; limit <= last; limit++) {
      this.#gather(predictions, matches, limit, only);
      for (let range = 0; range < ranges; range++) {
        const positives = matches.positives[range]!;
        if (positives === 0 || (only !== null && range !== only)) continue;
        this.#findNeededHits(positives);
        for (let threshold = 0; threshold < thresholds; threshold++) {
          const cell = threshold * ranges + range;
          const found = this.#walk(threshold, range);
          this.#sample(found, predictions, score);
          sink?.(threshold, range, limit, this.#pointPrecision, this.#pointScore);
          if (limit < last) continue;
          if (only === null) this.#setRecall(summary.recall, cell, found, positives);
          summary.precisionSum[cell] = sum(this.#pointPrecision);
        }
      }
    }
    return summary;
  }

  /** Recall at every limit, from the true positives of the largest: a smaller limit only takes the lower ranks away. */
  #setRecall(recall: Float64Array, cell: number, found: number, positives: number): void {
    const { limits } = this.#axes;
    const { rank } = this.#hits;
    for (let limit = 0; limit < limits.length; limit++) {
      const most = limits[limit]!;
      let within = found;
      if (limit + 1 < limits.length) {
        within = 0;
        for (let index = 0; index < found; index++) if (rank[this.#found[index]!]! < most) within++;
      }
      recall[cell * limits.length + limit] = within / positives;
    }
  }

  /**
   * Lists the hits in order of score, each with the false positives without candidate before it, at the limits from
   * `firstLimit` on and in the range `only`, or in all.
   */
  #listHits(
    predictions: ClassPredictions,
    matches: ClassMatches,
    firstLimit: number,
    only: number | null,
  ): void {
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
    const firstRange = only ?? 0;
    const endRange = only === null ? ranges : only + 1;
    let listed = 0;
    for (let position = 0; position < count; position++) {
      const place = rank[position]!;
      if (place >= largest) continue;
      const hit = hitAt[position]!;
      if (hit > 0) {
        for (let counter = firstLimit * ranges; counter < counters; counter++)
          this.#before[listed * counters + counter] = running[counter]!;
        this.#listedHit[listed] = hit - 1;
        this.#listedPosition[listed] = position;
        listed++;
        continue;
      }
      const size = sizes[position]!;
      for (let limit = limits.length - 1; limit >= firstLimit && place < limits[limit]!; limit--) {
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

  /** The listed hits within a limit, with what their curves ask of them, in the range `only` or in all. */
  #gather(predictions: ClassPredictions, matches: ClassMatches, limit: number, only: number | null): void {
    const { rank, sizes } = predictions;
    const { ranges, limits } = this.#axes;
    const words = this.#words;
    const counters = limits.length * ranges;
    const most = limits[limit]!;
    const hits = this.#hits;
    const { room } = hits;
    const firstRange = only ?? 0;
    const endRange = only === null ? ranges : only + 1;
    let count = 0;
    for (let index = 0; index < this.#listed; index++) {
      const position = this.#listedPosition[index]!;
      const place = rank[position]!;
      if (place >= most) continue;
      hits.position[count] = position;
      hits.rank[count] = place;
      const size = sizes[position]!;
      const masks = this.#listedHit[index]! * ranges * words;
      for (let range = firstRange; range < endRange; range++) {
        hits.before[range * room + count] = this.#before[index * counters + limit * ranges + range]!;
        const isInRange = (size >>> range) & 1;
        for (let mask = range * words; mask < (range + 1) * words; mask++) {
          const matched = matches.matched[masks + mask]!;
          hits.matched[mask * room + count] = matched;
          hits.unmatched[mask * room + count] = isInRange ? ~(matched | matches.ignored[masks + mask]!) : 0;
        }
      }
      count++;
    }
    hits.count = count;
  }

  /** Notes precision and hit of every true positive of one curve of those gathered; gives their number. */
  #walk(threshold: number, range: number): number {
    const { matched, unmatched, before, count, room } = this.#hits;
    const masks = (range * this.#words + Math.floor(threshold / THRESHOLDS_PER_WORD)) * room;
    const counters = range * room;
    const precision = this.#precision;
    const shift = threshold % THRESHOLDS_PER_WORD;
    let found = 0;
    let falsePositives = 0;
    for (let index = 0; index < count; index++) {
      if ((matched[masks + index]! >>> shift) & 1) {
        this.#found[found] = index;
        const all = before[counters + index]! + falsePositives + found + 1;
        precision[found] = (found + 1) / (all + COCO_EPSILON);
        found++;
      } else falsePositives += (unmatched[masks + index]! >>> shift) & 1;
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
    const { position: positions } = this.#hits;
    for (let point = 0; point < POINTS; point++) {
      const needed = this.#needed[point]!;
      // Recall 0 is reached by the first prediction, whatever became of it.
      const position = needed === 0 ? 0 : positions[this.#found[needed - 1]!]!;
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
    this.#hits.reserve(hits, ranges, this.#words);
    this.#precision = new Float64Array(hits);
    this.#found = new Int32Array(hits);
  }
}

/** What curves ask of hits, in order of score. */
class HitsWithin {
  count = 0;
  /** Hits that there is room for. */
  room = 0;
  /** By range, word and hit, a bit per threshold: matches a counted annotation; matches none and is a false positive. */
  matched = new Int32Array(0);
  unmatched = new Int32Array(0);
  /** By range and hit: false positives without candidate before it. */
  before = new Int32Array(0);
  /** By hit. */
  position = new Int32Array(0);
  rank = new Int32Array(0);

  reserve(room: number, ranges: number, words: number): void {
    this.room = room;
    this.matched = new Int32Array(room * ranges * words);
    this.unmatched = new Int32Array(room * ranges * words);
    this.before = new Int32Array(room * ranges);
    this.position = new Int32Array(room);
    this.rank = new Int32Array(room);
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
