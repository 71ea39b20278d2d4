import { BKG, BOTH, CLS, DUPE, LOC, tideError } from '../../errors/tide-error';
import { boxIou } from '../../matching/overlap';
import { STATE_FALSE, STATE_IGNORED } from '../../matching/point-matches';
import { type ImageBoxes, isCrowd } from './image-boxes';
import type { TideMatches } from './tide-matching';
import type { TideParameters } from './tide-parameters';

/** The bars of TIDE's plot, in their order there. */
export const TIDE_BARS = ['Cls', 'Loc', 'Both', 'Dupe', 'Bkg', 'Miss'] as const;
export type TideBar = (typeof TIDE_BARS)[number];

/** For people. */
export const TIDE_BAR_NAMES: Readonly<Record<TideBar, string>> = {
  Cls: 'Wrong class',
  Loc: 'Loose box',
  Both: 'Class and box',
  Dupe: 'Duplicate',
  Bkg: 'Background',
  Miss: 'Miss',
};

/** TIDE_ERRORS index of each bar that is a prediction's error. */
export const ERROR_OF_BAR: Readonly<Record<Exclude<TideBar, 'Miss'>, number>> = {
  Cls: CLS,
  Loc: LOC,
  Both: BOTH,
  Dupe: DUPE,
  Bkg: BKG,
};

export interface TideErrors {
  /** By prediction row: TIDE_ERRORS index; 0 for what is no error. */
  readonly error: Uint8Array;
  /** By prediction row: the annotation row that a Loc or Cls error points to; -1 for all others. */
  readonly target: Int32Array;
  /** By annotation row: 1 where a prediction matches it. */
  readonly isMatched: Uint8Array;
  /** By unmatched annotation row: the Loc or Cls error on it with the highest score, of equal ones the first; else -1. */
  readonly claimant: Int32Array;
}

/**
 * Types every false prediction; in the package's mode ignored ones too, though they are in no average precision. Of
 * equal IoUs the annotation counts that the matching would take: the first (package) or the later one (COCO).
 */
export function tideErrors(boxes: ImageBoxes, matches: TideMatches, parameters: TideParameters): TideErrors {
  const { predictions, annotations } = boxes.input;
  const errors: TideErrors = {
    error: new Uint8Array(predictions.count),
    target: new Int32Array(predictions.count).fill(-1),
    isMatched: matchedTruth(matches, annotations.count),
    claimant: new Int32Array(annotations.count).fill(-1),
  };
  const isPackage = parameters.mode === 'package';
  // Images by index, falling scores within: an annotation lies in one image, so its first claim is its highest.
  for (const row of boxes.predictionRows) {
    const state = matches.state[row];
    if (state === STATE_FALSE || (isPackage && state === STATE_IGNORED)) {
      typeOne(boxes, row, parameters, errors);
    }
  }
  return errors;
}

function matchedTruth(matches: TideMatches, annotations: number): Uint8Array {
  const isMatched = new Uint8Array(annotations);
  for (const annotation of matches.truth) if (annotation >= 0) isMatched[annotation] = 1;
  return isMatched;
}

function typeOne(boxes: ImageBoxes, row: number, parameters: TideParameters, errors: TideErrors): void {
  const { predictions, annotations } = boxes.input;
  const image = predictions.image[row]!;
  const doesLaterWin = parameters.mode === 'coco';
  let same = 0;
  let sameTruth = -1;
  let other = 0;
  let otherTruth = -1;
  let used = 0;
  for (let place = boxes.annotationStarts[image]!; place < boxes.annotationStarts[image + 1]!; place++) {
    const annotation = boxes.annotationRows[place]!;
    if (isCrowd(boxes.input, annotation)) continue;
    const iou = boxIou(predictions.box, row * 4, annotations.box, annotation * 4);
    if (iou === 0) continue;
    if (annotations.category[annotation] === predictions.category[row]) {
      if (errors.isMatched[annotation] && iou > used) used = iou;
      if (iou > same || (doesLaterWin && iou === same)) {
        same = iou;
        sameTruth = annotation;
      }
    } else if (iou > other || (doesLaterWin && iou === other)) {
      other = iou;
      otherTruth = annotation;
    }
  }
  const error = tideError(parameters.iou[0]!, same, other, used, parameters.background);
  errors.error[row] = error;
  if (error === LOC) claim(errors, row, sameTruth);
  else if (error === CLS) claim(errors, row, otherTruth);
}

function claim(errors: TideErrors, row: number, annotation: number): void {
  errors.target[row] = annotation;
  if (!errors.isMatched[annotation] && errors.claimant[annotation]! < 0) errors.claimant[annotation] = row;
}

/** Annotation rows that count and that nothing matches, in dataset order. */
export function unmatchedTruth(boxes: ImageBoxes, errors: TideErrors): number[] {
  const unmatched: number[] = [];
  for (let row = 0; row < errors.isMatched.length; row++) {
    if (!errors.isMatched[row] && !isCrowd(boxes.input, row)) unmatched.push(row);
  }
  return unmatched;
}

/** TIDE's Miss: those of `unmatched` to which no Loc and no Cls error points. */
export function missedTruth(errors: TideErrors, unmatched: readonly number[]): number[] {
  return unmatched.filter((row) => errors.claimant[row]! < 0);
}
