/** What recall would be on labels that are distributed as in training, and how sure that is. */
import type { FoundCause } from '../cause';

export interface RecallShift {
  readonly now: number;
  /** With the labels weighted so that they are distributed as in training. */
  readonly asInTraining: number;
  /** Of the difference; labels of one image are not independent. */
  readonly standardError: number;
}

/** A price below this is not worth telling; the difference of the sets still is. */
const LEAST_PRICE = 0.01;
/** Standard errors of the difference in recall: less is an accident of the labels at hand. */
const LEAST_Z = 2;

/**
 * What the score would gain, in proportion to recall, were the evaluation's labels distributed as in training; null where
 * that is too little or cannot be told from none.
 */
export function shiftPrice(
  recall: RecallShift | null,
  score: number | null,
): NonNullable<FoundCause['price']> | null {
  if (!recall || !score) return null;
  const gain = score * (recall.asInTraining / recall.now - 1);
  const doubt = (score * LEAST_Z * recall.standardError) / recall.now;
  return gain >= LEAST_PRICE && gain >= doubt
    ? { gain, interval: [gain - doubt, Math.min(1 - score, gain + doubt)], confidence: 'estimated' }
    : null;
}

/** Labels of like value whose recall stands for the labels of training: this part of all, and no fewer. */
const NEIGHBOURS = 0.05;
const FEWEST_NEIGHBOURS = 30;
/** Values of training that are looked up; a large set's are thinned out evenly. */
const MOST_LOOKED_UP = 1000;

/** Values beyond this part of the evaluation's labels, at either end, have no like ones. */
const TAIL = 0.02;

/**
 * By label of the evaluation: how much it counts where labels are distributed as in training. Each of training's values
 * is given to the labels next to it, all labels of one value alike. Where the evaluation has none that are like it, recall
 * goes on from its outermost labels by the slope of recall over all of them (least squares): such weights may be negative.
 * NaN: not known; such labels count nothing.
 */
export function weightsAsInTraining(training: Float64Array, evaluation: Float64Array): Float64Array {
  const weights = new Float64Array(evaluation.length);
  const order = [...evaluation.keys()]
    .filter((row) => Number.isFinite(evaluation[row]))
    .sort((a, b) => evaluation[a]! - evaluation[b]!);
  const values = [...new Set(order.map((row) => evaluation[row]!))];
  if (values.length === 0) return weights;
  const counts = new Float64Array(values.length);
  const placeOf = new Map(values.map((value, place) => [value, place]));
  for (const row of order) counts[placeOf.get(evaluation[row]!)!]!++;
  const wanted = Math.min(order.length, Math.max(FEWEST_NEIGHBOURS, NEIGHBOURS * order.length));
  const tail = Math.floor(TAIL * (order.length - 1));
  const [low, high] = [evaluation[order[tail]!]!, evaluation[order[order.length - 1 - tail]!]!];
  const ofValue = new Float64Array(values.length);
  let beyond = 0;
  for (const value of thinnedOut(training.filter(Number.isFinite).sort())) {
    const like = Math.min(high, Math.max(low, value));
    beyond += value - like;
    for (const { place, count } of nearest(values, counts, like, wanted))
      ofValue[place]! += count / wanted / counts[place]!;
  }
  const mean = order.reduce((sum, row) => sum + evaluation[row]!, 0) / order.length;
  const spread = order.reduce((sum, row) => sum + (evaluation[row]! - mean) ** 2, 0);
  for (const row of order) {
    const onSlope = spread > 0 ? (beyond * (evaluation[row]! - mean)) / spread : 0;
    weights[row] = ofValue[placeOf.get(evaluation[row]!)!]! + onSlope;
  }
  return weights;
}

function thinnedOut(sorted: Float64Array): Float64Array {
  if (sorted.length <= MOST_LOOKED_UP) return sorted;
  const step = sorted.length / MOST_LOOKED_UP;
  return Float64Array.from({ length: MOST_LOOKED_UP }, (_, at) => sorted[Math.floor((at + 0.5) * step)]!);
}

/** The `wanted` labels nearest to a value, as places in the rising `values` and how many labels of each. */
function* nearest(
  values: readonly number[],
  counts: Float64Array,
  value: number,
  wanted: number,
): Generator<{ readonly place: number; readonly count: number }> {
  let above = firstFrom(values, value);
  let below = above - 1;
  for (let rest = wanted; rest > 1e-9;) {
    const isAbove = below < 0 || (above < values.length && values[above]! - value <= value - values[below]!);
    const place = isAbove ? above++ : below--;
    const count = Math.min(rest, counts[place]!);
    rest -= count;
    yield { place, count };
  }
}

/** The first place of the rising values that is not below `value`. */
function firstFrom(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Recall as it is and with labels weighted. `found`, `weights`, `imageOf`: by label. Null where nothing is found, or nothing has a weight.
 */
export function recallWeighted(
  found: Uint8Array,
  weights: Float64Array,
  imageOf: Int32Array,
): RecallShift | null {
  const now = found.reduce((sum, flag) => sum + flag, 0) / found.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(now > 0) || !(total > 0)) return null;
  const weighted = weights.reduce((sum, weight, row) => sum + weight * found[row]!, 0) / total;
  // The difference is a sum over labels; its variance is that of the images' sums where recall is the same everywhere.
  const ofImage = new Map<number, number>();
  found.forEach((flag, row) => {
    const part = (weights[row]! / total - 1 / found.length) * (flag - now);
    ofImage.set(imageOf[row]!, (ofImage.get(imageOf[row]!) ?? 0) + part);
  });
  const variance = [...ofImage.values()].reduce((sum, part) => sum + part * part, 0);
  return { now, asInTraining: Math.min(1, Math.max(0, weighted)), standardError: Math.sqrt(variance) };
}
