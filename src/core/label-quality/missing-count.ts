/**
 * How many objects nobody labelled, by the confidences alone. Predictions of unlabelled objects are as sure as those of
 * labelled ones: among finds of equal numbers there are equally many of them. Inventions grow rare with confidence. So what
 * stays, of predictions on nothing, up to the surest finds is what is missing; what dies away is the model's own.
 */
import { boxIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import { rowsByImage } from './by-image';

/** Classes of confidence: each holds this share of the finds, the surest in the last. Unsure finds are left out. */
const SHARE = 0.05;
const CLASSES = 14;
/** By how much inventions die away from one class to the next, as parts of e. Nobody knows it, so all count by likelihood. */
const DECLINES = [0.2, 0.25, 0.3, 0.4, 0.6, 1] as const;
const ROUNDS = 300;
/** A prediction that overlaps a label more may mean it; one that overlaps a surer one as much repeats it. */
const NEARLY_FREE = 0.3;
const SAME_OBJECT = 0.5;

/** Labels that are missing where the model finds an object; infinite where too few labels are found to tell. */
export function missingCount(input: ScoringInput): number {
  const { annotations, predictions, imageIds } = input;
  const labels = rowsByImage(annotations, imageIds.length);
  const rows = rowsByImage(predictions, imageIds.length);
  const finds = new Float64Array(annotations.count);
  const free: number[] = [];
  for (let image = 0; image < imageIds.length; image++) {
    const own = labels.of(image);
    const surestFirst = [...rows.of(image)].sort((a, b) => predictions.score[b]! - predictions.score[a]!);
    const kept: number[] = [];
    for (const row of surestFirst) {
      let most = 0;
      for (const label of own) {
        const iou = boxIou(annotations.box, label * 4, predictions.box, row * 4);
        most = Math.max(most, iou);
        if (iou >= SAME_OBJECT && annotations.category[label] === predictions.category[row])
          finds[label] = Math.max(finds[label]!, predictions.score[row]!);
      }
      const isRepeated = (): boolean =>
        kept.some((other) => boxIou(predictions.box, other * 4, predictions.box, row * 4) >= SAME_OBJECT);
      if (most < NEARLY_FREE && !isRepeated()) kept.push(row);
    }
    free.push(...kept.map((row) => predictions.score[row]!));
  }
  return missingAmong(
    finds.filter((score) => score > 0),
    free,
  );
}

/** Of confidences of finds, one a label, and of predictions where no label is. */
export function missingAmong(finds: Float64Array, free: readonly number[]): number {
  if (finds.length < 1 / SHARE) return Infinity;
  finds.sort();
  const least = Array.from({ length: CLASSES }, (_, at) => {
    const place = Math.floor((1 - (CLASSES - at) * SHARE) * finds.length);
    return finds[place]!;
  });
  const classOf = (score: number): number => least.findLastIndex((from) => score >= from);
  const found = countsOf(finds, classOf).map((count) => count / finds.length);
  const seen = countsOf(free, classOf);
  const fits = DECLINES.map((decline) => fit(seen, found, decline));
  const best = Math.max(...fits.map(({ likelihood }) => likelihood));
  const weights = fits.map(({ likelihood }) => Math.exp(likelihood - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return fits.reduce((sum, { missing }, at) => sum + (missing * weights[at]!) / total, 0);
}

function countsOf(scores: Float64Array | readonly number[], classOf: (score: number) => number): number[] {
  const counts = new Array<number>(CLASSES).fill(0);
  for (const score of scores) {
    const at = classOf(score);
    if (at >= 0) counts[at]!++;
  }
  return counts;
}

/** Poisson counts: `missing` times the share of finds, and inventions that die away. By expectation and maximisation. */
function fit(
  seen: readonly number[],
  found: readonly number[],
  decline: number,
): { readonly missing: number; readonly likelihood: number } {
  const own = found.map((share, at) => share * Math.exp(-decline * at));
  const all = found.reduce((sum, share) => sum + share, 0);
  const allOwn = own.reduce((sum, share) => sum + share, 0);
  let missing = seen.reduce((sum, count) => sum + count, 0) / all / 2;
  let invented = missing;
  for (let round = 0; round < ROUNDS; round++) {
    let ofMissing = 0;
    let ofInvented = 0;
    seen.forEach((count, at) => {
      const expected = missing * found[at]! + invented * own[at]!;
      if (count === 0 || !(expected > 0)) return;
      ofMissing += (count * missing * found[at]!) / expected;
      ofInvented += (count * invented * own[at]!) / expected;
    });
    missing = ofMissing / all;
    invented = ofInvented / allOwn;
  }
  const likelihood = seen.reduce((sum, count, at) => {
    const expected = missing * found[at]! + invented * own[at]! + Number.MIN_VALUE;
    return sum + (count === 0 ? 0 : count * Math.log(expected)) - expected;
  }, 0);
  return { missing, likelihood };
}
