/**
 * Numbers at an operating point as sums over images, so that resamples of the images cost a few additions: precision,
 * recall and F1 of each class, of all, and of slices, and the calibration error.
 */
import { STATE_FALSE, STATE_TRUE } from '../../matching/point-matches';
import type { OperatingPoint, Scorer } from '../evaluation';
import { CALIBRATION_BINS, calibrationBin } from './calibration';
import type { ImageSizes } from './slices';
import { countedBoxes, sliceOf, SLICES_BY } from './slices';

/** What images add to a fraction; images that add nothing are left out. */
export class Tally {
  readonly #image: number[] = [];
  readonly #top: number[] = [];
  readonly #bottom: number[] = [];

  /** Images come one after another. */
  add(image: number, top: number, bottom: number): void {
    const last = this.#image.length - 1;
    if (this.#image[last] === image) {
      this.#top[last]! += top;
      this.#bottom[last]! += bottom;
    } else {
      this.#image.push(image);
      this.#top.push(top);
      this.#bottom.push(bottom);
    }
  }

  /** The fraction if each image stood in the set that many times; null where nothing counts. */
  under(weights: Int32Array): number | null {
    const { top, bottom } = this.sums(weights);
    return bottom === 0 ? null : top / bottom;
  }

  sums(weights: Int32Array): { readonly top: number; readonly bottom: number } {
    let top = 0;
    let bottom = 0;
    for (let at = 0; at < this.#image.length; at++) {
      const weight = weights[this.#image[at]!]!;
      top += weight * this.#top[at]!;
      bottom += weight * this.#bottom[at]!;
    }
    return { top, bottom };
  }
}

export type PointNumber = 'precision' | 'recall' | 'f1';
export const POINT_NUMBERS: readonly PointNumber[] = ['precision', 'recall', 'f1'];

/** `recall` of everything, `recall 3` of the class of index 3, `recall size 2` of a slice. */
export const tallyKey = (number: PointNumber, of: number | string | null): string =>
  of === null ? number : `${number} ${of}`;

/**
 * By `tallyKey`. Recall counts annotations, precision predictions; F1 is 2 TP / (annotations + predictions), which is the
 * harmonic mean of both. Slices have no F1: an annotation and its prediction may stand in different ones.
 */
export function pointTallies(
  scorer: Scorer,
  point: OperatingPoint,
  sizes: ImageSizes,
): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  const tally = (key: string): Tally => {
    const known = tallies.get(key) ?? new Tally();
    tallies.set(key, known);
    return known;
  };
  for (const { image, category, isTruth, isMatched, box } of countedBoxes(scorer, point)) {
    const share = isTruth ? 'recall' : 'precision';
    const { width, height } = sizes[image]!;
    const slices = SLICES_BY.map((by) => ({ by, index: sliceOf(by, box, width, height) }));
    for (const of of [
      null,
      category,
      ...slices.flatMap(({ by, index }) => (index < 0 ? [] : `${by} ${index}`)),
    ])
      tally(tallyKey(share, of)).add(image, isMatched ? 1 : 0, 1);
    for (const of of [null, category]) tally(tallyKey('f1', of)).add(image, isMatched ? 1 : 0, 1);
  }
  return tallies;
}

/** The expected calibration error (`calibration`) as sums over images. */
export class CalibrationTally {
  readonly #bins: readonly Tally[];

  constructor(scorer: Scorer, iou: number, bins = CALIBRATION_BINS) {
    const states = scorer.states(iou);
    const { score } = scorer.input.predictions;
    this.#bins = Array.from({ length: bins }, () => new Tally());
    for (let image = 0; image < scorer.input.imageIds.length; image++) {
      for (const row of scorer.predictionRows(image)) {
        if (states[row] !== STATE_TRUE && states[row] !== STATE_FALSE) continue;
        this.#bins[calibrationBin(score[row]!, bins)]!.add(
          image,
          score[row]! - (states[row] === STATE_TRUE ? 1 : 0),
          1,
        );
      }
    }
  }

  under(weights: Int32Array): number | null {
    const sums = this.#bins.map((bin) => bin.sums(weights));
    const total = sums.reduce((sum, { bottom }) => sum + bottom, 0);
    return total === 0 ? null : sums.reduce((sum, { top }) => sum + Math.abs(top), 0) / total;
  }
}
