/**
 * A cheap look at whether coordinates agree: how well each object of a sample of images is covered by the model's best
 * boxes, whatever their class. A change of coordinates is tried here before anything is scored.
 */
import { FLAG_CROWD } from '../../dataset/dataset';
import { countingSort, rowNumbers } from '../../matching/grouping';
import type { BoxChange } from '../repair';
import type { Situation } from '../situation';
import { frameOf } from '../situation';
import type { ImageFrame } from './change-boxes';
import { changeBox } from './change-boxes';

export type Side = 'predictions' | 'truth';

/** Changes of one side, in the order in which they are applied. */
export interface Attempt {
  readonly side: Side;
  readonly changes: readonly BoxChange[];
  /** Changes of the other side, where both are at fault. */
  readonly other?: readonly BoxChange[];
}

export interface Screened {
  /** By image of the sample: mean over its objects of the best IoU; over its predictions where those are fewer. */
  readonly iou: Float64Array;
  /**
   * By image of the sample: how much speaks against the boxes themselves, from 0: those clearly outside the image, sides of
   * the image that no box comes near, areas that are larger than their boxes.
   */
  readonly oddness: Float64Array;
}

export interface SampleSize {
  readonly images: number;
  /** Objects an image, and three times as many predictions. */
  readonly objects: number;
}

/** Enough images that a group of one in fifty shows. */
export const FULL_SAMPLE: SampleSize = { images: 600, objects: 20 };
const FEWEST_BOXES = 6;
/** Part of the image's side by which a box may stick out: detectors do not clip. */
const MARGIN = 0.1;
/** In units of IoU that a change would have to win besides. */
const OUTSIDE_WEIGHT = 0.25;
const UNFILLED_WEIGHT = 0.05;
const MISFIT_WEIGHT = 0.1;

interface Boxes {
  /** By image of the sample; one entry more than images. */
  readonly starts: Int32Array;
  readonly box: Float64Array;
}

export class OverlapScreen {
  /** Image indices of the sample, rising. */
  readonly images: Int32Array;
  readonly #frames: readonly (ImageFrame | null)[];
  readonly #truth: Boxes;
  readonly #predictions: Boxes;
  /** By object of the sample: the file's area; empty where the file has none. */
  readonly #areas: Float64Array;
  /** Changed boxes, until the next measurement. */
  readonly #scratch: [Float64Array | null, Float64Array | null] = [null, null];

  /** `chosen`: look only at these images (indices). */
  constructor(situation: Situation, size: SampleSize = FULL_SAMPLE, chosen: readonly number[] | null = null) {
    const { truth, predictions } = situation;
    const count = truth.images.length;
    const objects = rowsByImage(count, truth.annotations.image, (row) => {
      const { box, flags } = truth.annotations;
      return (flags[row]! & FLAG_CROWD) === 0 && (box[row * 4 + 2] !== 0 || box[row * 4 + 3] !== 0);
    });
    const found = rowsByImage(count, predictions.image, () => true);
    const candidates = chosen ?? [...truth.images.keys()];
    const usable = candidates.filter((image) => objects(image).length > 0 && found(image).length > 0);
    const step = Math.max(1, usable.length / size.images);
    const sample = new Set<number>();
    for (let at = 0; at < usable.length; at += step) sample.add(usable[Math.floor(at)]!);
    this.images = Int32Array.from(sample).sort();
    this.#frames = [...this.images].map((image) => frameOf(situation, image));
    const objectRows = [...this.images].map((image) => objects(image).slice(0, size.objects));
    this.#truth = boxesOf(objectRows, truth.annotations.box);
    this.#areas = Float64Array.from(
      objectRows.flatMap((own) => [...own]),
      (row) => truth.annotations.area[row]!,
    );
    const { score } = predictions;
    this.#predictions = boxesOf(
      [...this.images].map((image, at) => {
        const most = Math.max(FEWEST_BOXES, objectRows[at]!.length * 3);
        return found(image)
          .slice()
          .sort((a, b) => score[b]! - score[a]! || a - b)
          .subarray(0, most);
      }),
      predictions.box,
    );
  }

  /** Of an image of the sample. */
  objects(at: number): number {
    return this.#truth.starts[at + 1]! - this.#truth.starts[at]!;
  }

  measure({ side, changes, other = [] }: Attempt): Screened {
    const truth = this.#changed(this.#truth, side === 'truth' ? changes : other, 0);
    const predictions = this.#changed(this.#predictions, side === 'predictions' ? changes : other, 1);
    const iou = new Float64Array(this.images.length);
    for (let at = 0; at < iou.length; at++) {
      const from = this.#truth.starts[at]!;
      const to = this.#truth.starts[at + 1]!;
      const firstBox = this.#predictions.starts[at]! * 4;
      const lastBox = this.#predictions.starts[at + 1]! * 4;
      const isFew = lastBox - firstBox < 4 * (to - from);
      iou[at] = isFew
        ? meanBestIou(predictions, firstBox, lastBox, truth, from * 4, to * 4)
        : meanBestIou(truth, from * 4, to * 4, predictions, firstBox, lastBox);
    }
    const oddness = iou.map(
      (_, at) =>
        this.#oddness(at, this.#truth.starts, truth) +
        this.#oddness(at, this.#predictions.starts, predictions) +
        MISFIT_WEIGHT * this.#misfit(at, truth),
    );
    return { iou, oddness };
  }

  #changed({ starts, box }: Boxes, changes: readonly BoxChange[], slot: 0 | 1): Float64Array {
    if (changes.length === 0) return box;
    const copy = (this.#scratch[slot] ??= box.slice());
    copy.set(box);
    for (let at = 0; at < this.images.length; at++) {
      const frame = this.#frames[at]!;
      for (let row = starts[at]!; row < starts[at + 1]!; row++)
        for (const change of changes) changeBox(change, copy, row * 4, frame);
    }
    return copy;
  }

  /** Of one side: share of boxes clearly outside, and part of the image that no box reaches; 0 without a size. */
  #oddness(at: number, starts: Int32Array, box: Float64Array): number {
    const frame = this.#frames[at];
    const from = starts[at]! * 4;
    const to = starts[at + 1]! * 4;
    if (!frame || from === to) return 0;
    const { width, height } = frame;
    let outside = 0;
    let reach = 0;
    for (let offset = from; offset < to; offset += 4) {
      const left = box[offset]! / width;
      const top = box[offset + 1]! / height;
      const farthest = Math.max(left + box[offset + 2]! / width, top + box[offset + 3]! / height);
      if (!(left >= -MARGIN && top >= -MARGIN && farthest <= 1 + MARGIN)) outside++;
      if (farthest > reach) reach = farthest;
    }
    return OUTSIDE_WEIGHT * ((outside * 4) / (to - from)) + UNFILLED_WEIGHT * (1 - Math.min(1, reach));
  }

  /** Share of annotations whose area, as the file has it, is more than their box holds. */
  #misfit(at: number, truth: Float64Array): number {
    const from = this.#truth.starts[at]!;
    const to = this.#truth.starts[at + 1]!;
    let count = 0;
    for (let row = from; row < to; row++) {
      if (this.#areas[row]! > 1.05 * truth[row * 4 + 2]! * truth[row * 4 + 3]!) count++;
    }
    return count / (to - from);
  }
}

/** Mean over boxes `from` to `to` of `a` of the best IoU with those of `b`. */
function meanBestIou(
  a: Float64Array,
  from: number,
  to: number,
  b: Float64Array,
  first: number,
  last: number,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 4) sum += bestIou(a, i, b, first, last);
  return (sum * 4) / (to - from);
}

/** As the largest of `boxIou`, without calls: this is where the search spends its time. */
function bestIou(a: Float64Array, i: number, b: Float64Array, from: number, to: number): number {
  const left = a[i]!;
  const top = a[i + 1]!;
  const right = left + a[i + 2]!;
  const bottom = top + a[i + 3]!;
  const area = a[i + 2]! * a[i + 3]!;
  let best = 0;
  for (let j = from; j < to; j += 4) {
    const x = b[j]!;
    const w = b[j + 2]!;
    const width = (right < x + w ? right : x + w) - (left > x ? left : x);
    if (!(width > 0)) continue;
    const y = b[j + 1]!;
    const h = b[j + 3]!;
    const height = (bottom < y + h ? bottom : y + h) - (top > y ? top : y);
    if (!(height > 0)) continue;
    const intersection = width * height;
    const iou = intersection / (area + w * h - intersection);
    if (iou > best) best = iou;
  }
  return best;
}

/** Rows of each image, in file order, of those wanted. */
function rowsByImage(
  images: number,
  imageOf: Int32Array,
  isWanted: (row: number) => boolean,
): (image: number) => Int32Array {
  const { rows, starts } = countingSort(
    rowNumbers(imageOf.length),
    // What has no image, or is not wanted, goes behind the last image.
    imageOf.map((image, row) => (image >= 0 && isWanted(row) ? image : images)),
    images + 1,
  );
  return (image) => rows.subarray(starts[image], starts[image + 1]);
}

function boxesOf(rows: readonly Int32Array[], source: Float64Array): Boxes {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((own, at) => (starts[at + 1] = starts[at]! + own.length));
  const box = new Float64Array(starts[rows.length]! * 4);
  let to = 0;
  for (const own of rows) for (const row of own) box.set(source.subarray(row * 4, row * 4 + 4), 4 * to++);
  return { starts, box };
}
