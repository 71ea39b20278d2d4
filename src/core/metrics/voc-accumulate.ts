import type { ClassMatches } from '../matching/class-matches';
import { THRESHOLDS_PER_WORD } from '../matching/match-rule';
import type { ClassPredictions } from '../matching/prediction-table';
import { VOC_RECALL_POINTS } from './grids';

export type VocEdition = 'voc2007' | 'voc2012';

/** A class's curve at one threshold: one point for each prediction that counts, by falling score. */
export interface VocCurve {
  readonly recall: Float64Array;
  readonly precision: Float64Array;
  readonly score: Float64Array;
}

/** The raw curve of one class (voc_eval of the Python port): difficult ones neither way. No positives give no points. */
export function vocCurve(
  predictions: ClassPredictions,
  matches: ClassMatches,
  threshold: number,
  thresholds: number,
  score: Float64Array,
): VocCurve {
  const positives = matches.positives[0]!;
  if (positives === 0)
    return { recall: new Float64Array(), precision: new Float64Array(), score: new Float64Array() };
  const states = statesByPosition(predictions, matches, threshold, thresholds);
  const count = states.reduce((points, state) => points + (state === IGNORED ? 0 : 1), 0);
  const curve = {
    recall: new Float64Array(count),
    precision: new Float64Array(count),
    score: new Float64Array(count),
  };
  let found = 0;
  let point = 0;
  states.forEach((state, position) => {
    if (state === IGNORED) return;
    if (state === FOUND) found++;
    curve.recall[point] = found / positives;
    curve.precision[point] = found / (point + 1);
    curve.score[point] = score[predictions.rows[position]!]!;
    point++;
  });
  return curve;
}

/** AP of a curve by the edition's rule; null without positives. */
export function vocAveragePrecision(curve: VocCurve, positives: number, edition: VocEdition): number | null {
  if (positives === 0) return null;
  const { recall } = curve;
  const envelope = curve.precision.slice();
  for (let point = envelope.length - 2; point >= 0; point--) {
    envelope[point] = Math.max(envelope[point]!, envelope[point + 1]!);
  }
  return edition === 'voc2007' ? elevenPoints(recall, envelope) : areaUnder(recall, envelope);
}

/** Mean over recall 0, 0.1, ..., 1 of the highest precision at that recall or beyond. */
function elevenPoints(recall: Float64Array, envelope: Float64Array): number {
  let total = 0;
  let point = 0;
  for (const wanted of VOC_RECALL_POINTS) {
    while (point < recall.length && recall[point]! < wanted) point++;
    if (point < recall.length) total += envelope[point]! / VOC_RECALL_POINTS.length;
  }
  return total;
}

/** Area under the envelope, summed where recall changes. */
function areaUnder(recall: Float64Array, envelope: Float64Array): number {
  let total = 0;
  let last = 0;
  for (let point = 0; point < recall.length; point++) {
    if (recall[point] === last) continue;
    total += (recall[point]! - last) * envelope[point]!;
    last = recall[point]!;
  }
  return total;
}

const FALSE = 0;
const FOUND = 1;
const IGNORED = 2;

function statesByPosition(
  predictions: ClassPredictions,
  matches: ClassMatches,
  threshold: number,
  thresholds: number,
): Uint8Array {
  const words = Math.ceil(thresholds / THRESHOLDS_PER_WORD);
  const word = Math.floor(threshold / THRESHOLDS_PER_WORD);
  const bit = 1 << (threshold % THRESHOLDS_PER_WORD);
  const states = new Uint8Array(predictions.rows.length).fill(FALSE);
  matches.hitSlot.forEach((slot, hit) => {
    const mask = hit * words + word;
    if (matches.matched[mask]! & bit) states[predictions.slots[slot]!] = FOUND;
    else if (matches.ignored[mask]! & bit) states[predictions.slots[slot]!] = IGNORED;
  });
  return states;
}
