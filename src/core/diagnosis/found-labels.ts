/** Which labels the predictions find: the measure of recall that rules of labels and data share. */
import { boxIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import { rowsByImage } from '../label-quality/by-image';

const FOUND_IOU = 0.5;
/** Predictions below this confidence find nothing. */
const FOUND_SCORE = 0.3;

/** By annotation row: 1 where a prediction lies on it (IoU >= 0.5, confidence >= 0.3), of its own class or of any. */
export function foundLabels(
  { imageIds, annotations, predictions }: ScoringInput,
  of: 'own-class' | 'any-class',
): Uint8Array {
  const rows = rowsByImage(predictions, imageIds.length);
  const found = new Uint8Array(annotations.count);
  for (let label = 0; label < annotations.count; label++) {
    const isFound = rows
      .of(annotations.image[label]!)
      .some(
        (row) =>
          (of === 'any-class' || predictions.category[row] === annotations.category[label]) &&
          predictions.score[row]! >= FOUND_SCORE &&
          boxIou(annotations.box, label * 4, predictions.box, row * 4) >= FOUND_IOU,
      );
    found[label] = Number(isFound);
  }
  return found;
}

export function shareOf(flags: Uint8Array): number {
  return flags.length === 0 ? 0 : flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}
