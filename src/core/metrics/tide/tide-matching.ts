import { boxCover, boxIou } from '../../matching/overlap';
import { STATE_CUT, STATE_FALSE, STATE_IGNORED, STATE_TRUE } from '../../matching/point-matches';
import { PREDICTION_OUTCOMES } from '../evaluation';
import { createScorer } from '../scorer';
import { type ImageBoxes, isCrowd } from './image-boxes';
import type { TideParameters } from './tide-parameters';

/** Who matches whom at the foreground IoU. */
export interface TideMatches {
  /** By prediction row: STATE_*. */
  readonly state: Uint8Array;
  /** By prediction row: the annotation row that a true one matches; -1 for all others. */
  readonly truth: Int32Array;
}

export function tideMatches(boxes: ImageBoxes, parameters: TideParameters): TideMatches {
  return parameters.mode === 'package' ? matchAsPackage(boxes, parameters) : matchAsCoco(boxes, parameters);
}

/**
 * The package's matching: of each image the highest scores over all classes, one after the other, each taking the free
 * annotation of its class with the highest IoU, of equal ones the first, at the threshold or above. What is left is
 * ignored where more than the threshold of its own area lies in a crowd of its class.
 */
function matchAsPackage(boxes: ImageBoxes, parameters: TideParameters): TideMatches {
  const { count } = boxes.input.predictions;
  const matches = { state: new Uint8Array(count), truth: new Int32Array(count).fill(-1) };
  const isTaken = new Uint8Array(boxes.input.annotations.count);
  const threshold = parameters.iou[0]!;
  const limit = parameters.maxDetections[0]!;
  for (let image = 0; image < boxes.input.imageIds.length; image++) {
    const from = boxes.predictionStarts[image]!;
    const to = boxes.predictionStarts[image + 1]!;
    for (let place = from; place < to; place++) {
      const row = boxes.predictionRows[place]!;
      if (place - from >= limit) matches.state[row] = STATE_CUT;
      else matchOne(boxes, image, row, threshold, isTaken, matches);
    }
  }
  return matches;
}

function matchOne(
  boxes: ImageBoxes,
  image: number,
  row: number,
  threshold: number,
  isTaken: Uint8Array,
  matches: TideMatches,
): void {
  const { annotations, predictions } = boxes.input;
  let best = -1;
  let bestIou = 0;
  let isInCrowd = false;
  for (let place = boxes.annotationStarts[image]!; place < boxes.annotationStarts[image + 1]!; place++) {
    const annotation = boxes.annotationRows[place]!;
    if (annotations.category[annotation] !== predictions.category[row]) continue;
    if (isCrowd(boxes.input, annotation)) {
      isInCrowd ||= boxCover(predictions.box, row * 4, annotations.box, annotation * 4) > threshold;
    } else if (!isTaken[annotation]) {
      const iou = boxIou(predictions.box, row * 4, annotations.box, annotation * 4);
      if (iou <= bestIou) continue;
      best = annotation;
      bestIou = iou;
    }
  }
  if (best >= 0 && bestIou >= threshold) {
    isTaken[best] = 1;
    matches.state[row] = STATE_TRUE;
    matches.truth[row] = best;
  } else matches.state[row] = isInCrowd ? STATE_IGNORED : STATE_FALSE;
}

/** COCO's matching at the one threshold, over all sizes. */
function matchAsCoco(boxes: ImageBoxes, parameters: TideParameters): TideMatches {
  const { input } = boxes;
  const scorer = createScorer(input, 'coco', {
    iou: parameters.iou,
    maxDetections: parameters.maxDetections,
  });
  const all = scorer.allOutcomes({ iou: parameters.iou[0]!, score: -Infinity });
  const { count } = input.predictions;
  const state = new Uint8Array(count);
  const truth = new Int32Array(count).fill(-1);
  for (let row = 0; row < count; row++) {
    state[row] = STATE_OF_OUTCOME[all.predictionOutcome[row]!]!;
    // The scorer counts its annotation rows image by image, in dataset order, as `annotationRows` does.
    if (state[row] === STATE_TRUE) truth[row] = boxes.annotationRows[all.predictionTruth[row]!]!;
  }
  return { state, truth };
}

const STATE_OF_OUTCOME = PREDICTION_OUTCOMES.map((outcome) => {
  if (outcome === 'true-positive') return STATE_TRUE;
  if (outcome === 'ignored') return STATE_IGNORED;
  return outcome === 'cut' ? STATE_CUT : STATE_FALSE;
});
