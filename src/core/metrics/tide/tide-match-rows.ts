import type { MatchRows, PredictionMatch } from '../../errors/match-rows';
import { TIDE_ERRORS } from '../../errors/tide-error';
import { boxIou } from '../../matching/overlap';
import { STATE_CUT, STATE_FALSE, STATE_IGNORED, STATE_TRUE } from '../../matching/point-matches';
import type { ImageBoxes } from './image-boxes';
import type { TideErrors } from './tide-errors';
import type { TideMatches } from './tide-matching';

const LEFT_OUT: PredictionMatch = { state: 'cut', error: null, truth: null, iou: null };

/**
 * What became of every box, at any confidence; `missed` and `unmatched` (annotation rows) become ids. `records` is the
 * number of records in the predictions' file, those left out on reading included.
 */
export function tideMatchRows(
  boxes: ImageBoxes,
  matches: TideMatches,
  errors: TideErrors,
  missed: readonly number[],
  unmatched: readonly number[],
  records = 0,
): MatchRows {
  const { predictions, annotations } = boxes.input;
  const { count, fileIndex } = predictions;
  const least = count === 0 ? 0 : fileIndex[count - 1]! + 1;
  const rows = new Array<PredictionMatch>(Math.max(records, least)).fill(LEFT_OUT);
  for (let row = 0; row < count; row++) {
    const truth = Math.max(matches.truth[row]!, errors.target[row]!);
    rows[fileIndex[row]!] = {
      state: STATE_NAMES[matches.state[row]!]!,
      error: TIDE_ERRORS[errors.error[row]!]!,
      truth: truth < 0 ? null : annotations.id[truth]!,
      iou: truth < 0 ? bestIou(boxes, row) : boxIou(predictions.box, row * 4, annotations.box, truth * 4),
    };
  }
  const idOf = (row: number) => annotations.id[row]!;
  return { predictions: rows, missed: missed.map(idOf), unmatched: unmatched.map(idOf) };
}

/** Best IoU with any annotation of the image, crowds included; null where there is none. */
function bestIou(boxes: ImageBoxes, row: number): number | null {
  const { predictions, annotations } = boxes.input;
  const image = predictions.image[row]!;
  const from = boxes.annotationStarts[image]!;
  const to = boxes.annotationStarts[image + 1]!;
  let best = 0;
  for (let place = from; place < to; place++) {
    const iou = boxIou(predictions.box, row * 4, annotations.box, boxes.annotationRows[place]! * 4);
    if (iou > best) best = iou;
  }
  return from === to ? null : best;
}

const STATE_NAMES: PredictionMatch['state'][] = [];
STATE_NAMES[STATE_FALSE] = 'false';
STATE_NAMES[STATE_TRUE] = 'true';
STATE_NAMES[STATE_IGNORED] = 'ignored';
STATE_NAMES[STATE_CUT] = 'cut';
