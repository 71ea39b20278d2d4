/**
 * What each failure costs: how much the headline number would rise if it alone were mended, everything else matched as
 * it is. A false positive or duplicate is taken away; a loose box or wrong class becomes the match of the annotation it
 * points at, or is taken away where that has a match already; a miss is found by a detection that ranks before all
 * others. The rules of a mended error are TIDE's (Bolya et al. 2020, section 3.3), but for the miss, which TIDE takes
 * out of the truth: here it is what finding it would give.
 */
import type { LiveProtocol, PredictionOutcome, Scorer } from '../metrics/evaluation';
import { TRUTH_OUTCOMES } from '../metrics/evaluation';
import { imageOrder } from '../matching/image-order';
import { STATE_FALSE, STATE_TRUE } from '../matching/point-matches';
import { COCO_RECALL_POINTS, VOC_RECALL_POINTS } from '../metrics/grids';

export interface Failure {
  readonly outcome: PredictionOutcome | 'miss';
  /** Row of the run's predictions; -1 for a miss. */
  readonly prediction: number;
  /** Row of the scorer's annotations that it points at or that is missed; -1 for none. */
  readonly truth: number;
}

const MATCHED = TRUTH_OUTCOMES.indexOf('matched');
const MISSED = TRUTH_OUTCOMES.indexOf('miss');

/** By the t-th true positive, from 1: what its precision counts in the protocol's AP. Entry 0 is not used. */
function weightsOf(protocol: LiveProtocol, positives: number): Float64Array {
  const weights = new Float64Array(positives + 1);
  if (protocol === 'voc2012') return weights.fill(1 / positives, 1);
  const points = protocol === 'coco' ? COCO_RECALL_POINTS : VOC_RECALL_POINTS;
  let needed = 1;
  for (const recall of points) {
    while (needed < positives && needed / positives < recall) needed++;
    weights[needed]! += 1 / points.length;
  }
  return weights;
}

/** One class at one threshold: the ranks of its true positives among the predictions that count. */
class ClassRanks {
  /** Rank of each true positive, from 1. */
  readonly #ranks: readonly number[];
  readonly #weights: Float64Array;
  readonly #now: number;
  readonly #withoutFalse = new Map<number, number>();
  #foundFirst: number | null = null;

  constructor(ranks: readonly number[], weights: Float64Array) {
    this.#ranks = ranks;
    this.#weights = weights;
    this.#now = this.#sum(ranks.length, (t) => ranks[t - 1]!);
  }

  /** AP of a list of `count` true positives by their ranks (t from 1), less the AP as it is. */
  #gain(count: number, rankOf: (t: number) => number): number {
    return this.#sum(count, rankOf) - this.#now;
  }

  #sum(count: number, rankOf: (t: number) => number): number {
    let envelope = 0;
    let sum = 0;
    for (let t = Math.min(count, this.#weights.length - 1); t >= 1; t--) {
      envelope = Math.max(envelope, t / rankOf(t));
      sum += this.#weights[t]! * envelope;
    }
    return sum;
  }

  /** A false positive with `before` true ones before it is taken away: the same for all between two true ones. */
  withoutFalse(before: number): number {
    const known = this.#withoutFalse.get(before);
    if (known !== undefined) return known;
    const gain = this.#gain(this.#ranks.length, (t) => this.#ranks[t - 1]! - (t > before ? 1 : 0));
    this.#withoutFalse.set(before, gain);
    return gain;
  }

  /** The false positive at `rank`, with `before` true ones before it, becomes a true one. */
  asTrue(before: number, rank: number): number {
    return this.#gain(this.#ranks.length + 1, (t) =>
      t <= before ? this.#ranks[t - 1]! : t === before + 1 ? rank : this.#ranks[t - 2]!,
    );
  }

  /** A new true positive comes in at `rank`, with `before` true ones before it. */
  inserted(before: number, rank: number): number {
    return this.#gain(this.#ranks.length + 1, (t) =>
      t <= before ? this.#ranks[t - 1]! : t === before + 1 ? rank : this.#ranks[t - 2]! + 1,
    );
  }

  /** A missed annotation is found by a prediction that ranks first. */
  foundFirst(): number {
    return (this.#foundFirst ??= this.inserted(0, 1));
  }

  /** The `place`-th true positive (from 1) moves to the first rank. */
  movedFirst(place: number): number {
    return this.#gain(this.#ranks.length, (t) =>
      t === 1 ? 1 : t <= place ? this.#ranks[t - 2]! + 1 : this.#ranks[t - 1]!,
    );
  }
}

/** Everything at one threshold. */
class ThresholdGains {
  readonly #scorer: Scorer;
  readonly #states: Uint8Array;
  readonly #classes: ClassRanks[] = [];
  /** By prediction row: its rank among those of its class that count, and the true ones before it. */
  readonly #rank: Int32Array;
  readonly #before: Int32Array;
  readonly #truthPrediction: Int32Array;
  readonly #truthOutcome: Uint8Array;
  readonly #rows: readonly Int32Array[];

  constructor(scorer: Scorer, iou: number, rows: readonly Int32Array[], weights: readonly Float64Array[]) {
    const { count } = scorer.input.predictions;
    this.#scorer = scorer;
    this.#rows = rows;
    this.#states = scorer.states(iou).slice();
    const all = scorer.allOutcomes({ iou, score: 0 });
    this.#truthPrediction = all.truthPrediction.slice();
    this.#truthOutcome = all.truthOutcome.slice();
    this.#rank = new Int32Array(count);
    this.#before = new Int32Array(count);
    rows.forEach((ofClass, klass) => {
      const ranks: number[] = [];
      let rank = 0;
      for (const row of ofClass) {
        const counts = this.#states[row] === STATE_TRUE || this.#states[row] === STATE_FALSE;
        if (counts) rank++;
        this.#rank[row] = rank;
        this.#before[row] = ranks.length;
        if (this.#states[row] === STATE_TRUE) ranks.push(rank);
      }
      this.#classes.push(new ClassRanks(ranks, weights[klass]!));
    });
  }

  gain({ outcome, prediction, truth }: Failure, categoryOfTruth: number): number {
    if (outcome === 'miss') return this.#foundGain(truth, categoryOfTruth);
    if (this.#states[prediction] !== STATE_FALSE) return 0;
    const own = this.#scorer.input.predictions.category[prediction]!;
    const ranks = this.#classes[own]!;
    const isFree = truth >= 0 && this.#truthOutcome[truth] === MISSED;
    if (outcome === 'loose-box' && isFree)
      return ranks.asTrue(this.#before[prediction]!, this.#rank[prediction]!);
    const taken = ranks.withoutFalse(this.#before[prediction]!);
    return outcome === 'wrong-class' && isFree ? taken + this.#movedTo(prediction, categoryOfTruth) : taken;
  }

  /** The prediction as a true positive of another class: behind those of at least its score. */
  #movedTo(prediction: number, category: number): number {
    const { score } = this.#scorer.input.predictions;
    const rows = this.#rows[category]!;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (score[rows[middle]!]! >= score[prediction]!) low = middle + 1;
      else high = middle;
    }
    const last = low === 0 ? -1 : rows[low - 1]!;
    const before = last < 0 ? 0 : this.#before[last]! + (this.#states[last] === STATE_TRUE ? 1 : 0);
    return this.#classes[category]!.inserted(before, (last < 0 ? 0 : this.#rank[last]!) + 1);
  }

  #foundGain(truth: number, category: number): number {
    const ranks = this.#classes[category]!;
    if (this.#truthOutcome[truth] === MISSED) return ranks.foundFirst();
    // It has a match below the confidence at which it is looked at: that one would rank first.
    const match = this.#truthPrediction[truth]!;
    return this.#truthOutcome[truth] === MATCHED && match >= 0
      ? ranks.movedFirst(this.#before[match]! + 1)
      : 0;
  }
}

/** Predictions of each class by falling score; equal scores as scorers take them: images by their order, then rows. */
function rowsByClass({ input }: Scorer): Int32Array[] {
  const { count, category, score, image } = input.predictions;
  const { places } = imageOrder(input.imageIds);
  const rows: number[][] = input.categories.map(() => []);
  for (let row = 0; row < count; row++) rows[category[row]!]!.push(row);
  return rows.map((list) =>
    Int32Array.from(list).sort(
      (a, b) => score[b]! - score[a]! || places[image[a]!]! - places[image[b]!]! || a - b,
    ),
  );
}

/**
 * Gains of failures in the protocol's headline number. `categoryOfTruth`: class index by the scorer's annotation rows.
 * Costs, for each threshold, at most the product of a class's failures and true positives.
 */
export function failureGains(
  scorer: Scorer,
  protocol: LiveProtocol,
  failures: readonly Failure[],
  categoryOfTruth: Int32Array,
): Float64Array {
  const result = scorer.result();
  const thresholds = result.parameters['iou'] as readonly number[];
  const counted = result.classes.filter(({ truth }) => truth > 0).length;
  const gains = new Float64Array(failures.length);
  if (counted === 0) return gains;
  const rows = rowsByClass(scorer);
  const weights = result.classes.map(({ truth }) => weightsOf(protocol, truth));
  for (const iou of thresholds) {
    const at = new ThresholdGains(scorer, iou, rows, weights);
    failures.forEach((failure, index) => {
      const category = failure.truth < 0 ? -1 : categoryOfTruth[failure.truth]!;
      gains[index]! += at.gain(failure, category) / thresholds.length / counted;
    });
  }
  return gains;
}
