/** Whether confidences mean what they say: of predictions with confidence 0.8, are 80 % right? */
import { STATE_FALSE, STATE_TRUE } from '../../matching/point-matches';
import type { Scorer } from '../evaluation';

export interface CalibrationBin {
  readonly count: number;
  /** Mean confidence and share that match; null in an empty bin. */
  readonly confidence: number | null;
  readonly precision: number | null;
}

export interface Calibration {
  /** Equal bins from 0 to 1; a bin holds its lower edge, the last also 1. Scores outside fall into the nearest. */
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: mean distance of confidence and precision, weighted by count; null without predictions. */
  readonly error: number | null;
}

/** The bin of a confidence. */
export const calibrationBin = (score: number, bins: number): number =>
  Math.min(bins - 1, Math.max(0, Math.floor(score * bins)));

export const CALIBRATION_BINS = 10;

/** Over the predictions that count at that IoU, all classes together. (Guo et al. 2017, for detections.) */
export function calibration(scorer: Scorer, iou: number, bins = CALIBRATION_BINS): Calibration {
  const states = scorer.states(iou);
  const { score } = scorer.input.predictions;
  const count = new Int32Array(bins);
  const right = new Int32Array(bins);
  const sum = new Float64Array(bins);
  for (let row = 0; row < states.length; row++) {
    if (states[row] !== STATE_TRUE && states[row] !== STATE_FALSE) continue;
    const bin = calibrationBin(score[row]!, bins);
    count[bin]!++;
    sum[bin]! += score[row]!;
    if (states[row] === STATE_TRUE) right[bin]!++;
  }
  const total = count.reduce((all, one) => all + one, 0);
  let distance = 0;
  for (let bin = 0; bin < bins; bin++) distance += Math.abs(sum[bin]! - right[bin]!);
  return {
    bins: Array.from(count, (number, bin) => ({
      count: number,
      confidence: number === 0 ? null : sum[bin]! / number,
      precision: number === 0 ? null : right[bin]! / number,
    })),
    error: total === 0 ? null : distance / total,
  };
}
