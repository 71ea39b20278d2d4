/** Predictions that were not thinned out: several of one class on the same spot. */
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';
import { overlapping, suppressOverlaps } from '../suppression';

/** Boxes this close are of the same object; detectors with suppression have hardly any. */
const SAME_IOU = 0.8;
/** Share of predictions that repeat a better one. */
const LEAST_SHARE = 0.1;
const THRESHOLDS = [0.9, 0.8, 0.7, 0.6, 0.5] as const;
/** What suppression wins on predictions that were thinned out already is not a fault of bookkeeping. */
const LEAST_GAIN = 0.003;

export function findDuplicates(
  situation: Situation,
  score: (situation: Situation) => number | null,
): FoundCause[] {
  const { predictions } = situation;
  if (predictions.count === 0) return [];
  const repeats = overlapping(predictions, SAME_IOU);
  const count = repeats.reduce((sum, value) => sum + value, 0);
  const share = count / predictions.count;
  if (share < LEAST_SHARE) return [];
  const before = score(situation) ?? 0;
  let best = { threshold: 0, gain: LEAST_GAIN };
  for (const threshold of THRESHOLDS) {
    const after = score({ ...situation, predictions: suppressOverlaps(predictions, threshold) }) ?? 0;
    if (after - before > best.gain) best = { threshold, gain: after - before };
  }
  if (best.threshold === 0) return [];
  const images = new Set([...predictions.image].filter((image, row) => image >= 0 && repeats[row]));
  return [
    {
      code: 'duplicates-not-suppressed',
      title: `Duplicates not suppressed: ${Math.round(share * 100)} % of predictions repeat a better one`,
      evidence: { duplicates: count, share, iou: best.threshold },
      images: [...images],
      action: `Suppress predictions of a class that overlap a better one by more than ${best.threshold} IoU`,
      repair: { kind: 'change-scoring', suppressAbove: best.threshold },
    },
  ];
}
