/**
 * What is known of each label, and of each prediction that may stand for a missing one, in numbers from which the error
 * model learns: what the predictions there say, what other labels do there, and how usual the box is for its class.
 */
import { FLAG_CROWD, FLAG_GROUP_OF, type PredictionColumns } from '../dataset/dataset';
import { boxCover, boxIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import type { FeatureTable } from './boosted-trees';
import { rowsByImage, type RowsByImage } from './by-image';
import { ClassShapes } from './class-shapes';
import { extents } from './plant-errors';

/** IoUs from which on the surest prediction of the label's class counts. */
const SAME_CLASS_IOUS = [0.1, 0.3, 0.5, 0.65, 0.8] as const;
/** The same for predictions of other classes. */
const OTHER_CLASS_IOUS = [0.3, 0.5, 0.7] as const;
/** From this IoU on a prediction is taken to mean the label. */
const SAME_OBJECT = 0.5;

export const LABEL_FEATURES = SAME_CLASS_IOUS.length + OTHER_CLASS_IOUS.length + 20;
export const CANDIDATE_FEATURES = 19;
/** Of a candidate's features, those that say how sure the model is. */
export const CONFIDENCE_COLUMNS = [0, 1] as const;

/** A candidate for a missing label, and what is known of it. */
export interface Candidates {
  /** Prediction rows. */
  readonly rows: Int32Array;
  readonly features: FeatureTable;
}

export interface LabelEvidence {
  readonly features: FeatureTable;
  /** By annotation row: the prediction that shows best where an object of the class is, or -1. */
  readonly placed: Int32Array;
  /** By annotation row: the prediction of another class that shows best what the object is, or -1. */
  readonly otherClass: Int32Array;
}

/** Crowds and groups are never suspects. */
export function isJudged(flags: number): boolean {
  return (flags & (FLAG_CROWD | FLAG_GROUP_OF)) === 0;
}

export class SuspectFeatures {
  readonly #input: ScoringInput;
  /** Predictions of other runs on the same images. */
  readonly #others: readonly { readonly columns: PredictionColumns; readonly rows: RowsByImage }[];
  readonly #labels: RowsByImage;
  readonly #predictions: RowsByImage;
  readonly #shapes: ClassShapes;
  readonly #extent: Float64Array;
  readonly #floors: readonly number[];

  constructor(input: ScoringInput, otherRuns: readonly PredictionColumns[] = []) {
    this.#input = input;
    const images = input.imageIds.length;
    this.#labels = rowsByImage(input.annotations, images);
    this.#predictions = rowsByImage(input.predictions, images);
    this.#others = otherRuns.map((columns) => ({ columns, rows: rowsByImage(columns, images) }));
    this.#shapes = new ClassShapes(input);
    this.#extent = extents(input);
    this.#floors = input.categories.map((_, klass) => this.#shapes.floor(klass));
  }

  labels(): LabelEvidence {
    const { annotations } = this.#input;
    const evidence: LabelEvidence = {
      features: table(annotations.count, LABEL_FEATURES),
      placed: new Int32Array(annotations.count).fill(-1),
      otherClass: new Int32Array(annotations.count).fill(-1),
    };
    for (let row = 0; row < annotations.count; row++) this.#describeLabel(row, evidence);
    return evidence;
  }

  #describeLabel(row: number, { features, placed, otherClass }: LabelEvidence): void {
    const { annotations, predictions } = this.#input;
    const image = annotations.image[row]!;
    const klass = annotations.category[row]!;
    const same = new Float64Array(SAME_CLASS_IOUS.length);
    const other = new Float64Array(OTHER_CLASS_IOUS.length);
    const best = { value: 0, row: -1, iou: 0 };
    const bestOther = { value: 0, row: -1, iou: 0 };
    for (const prediction of this.#predictions.of(image)) {
      const iou = boxIou(annotations.box, row * 4, predictions.box, prediction * 4);
      if (iou === 0) continue;
      const score = predictions.score[prediction]!;
      const isSame = predictions.category[prediction] === klass;
      raise(isSame ? same : other, isSame ? SAME_CLASS_IOUS : OTHER_CLASS_IOUS, iou, score);
      const target = isSame ? best : bestOther;
      const value = isSame ? score * Math.min(1, iou + 0.3) : score * iou;
      const reaches = iou >= (isSame ? 0.1 : SAME_OBJECT);
      if (reaches && value > target.value) Object.assign(target, { value, row: prediction, iou });
    }
    placed[row] = best.row;
    otherClass[row] = bestOther.row;
    const neighbours = this.#neighbours(row);
    const values = [
      ...same,
      ...other,
      best.iou,
      best.row < 0 ? 0 : predictions.score[best.row]!,
      best.row < 0 ? 0 : this.#bestOtherLabel(best.row, row),
      ...this.#offset(row, best.row),
      bestOther.iou,
      bestOther.row < 0 ? 0 : this.#bestOtherLabel(bestOther.row, row),
      bestOther.row < 0 ? 0 : predictions.score[bestOther.row]! - same[2]!,
      neighbours.same,
      neighbours.other,
      neighbours.count,
      ...this.#shapes.describe(annotations.box, row * 4, klass),
      this.#shapes.foundRate(klass),
      this.#edges(annotations.box, row * 4, image),
      this.#agreement(annotations.box, row * 4, image, klass, true),
      this.#agreement(annotations.box, row * 4, image, klass, false),
    ];
    features.values.set(values, row * LABEL_FEATURES);
  }

  /** By how much the prediction differs: centre in parts of the label's sides, sides as logarithms. */
  #offset(label: number, prediction: number): [number, number, number, number] {
    if (prediction < 0) return [0, 0, 0, 0];
    const a = this.#input.annotations.box;
    const b = this.#input.predictions.box;
    const i = label * 4;
    const j = prediction * 4;
    const width = Math.max(a[i + 2]!, 1e-6);
    const height = Math.max(a[i + 3]!, 1e-6);
    return [
      Math.abs(b[j]! + b[j + 2]! / 2 - a[i]! - a[i + 2]! / 2) / width,
      Math.abs(b[j + 1]! + b[j + 3]! / 2 - a[i + 1]! - a[i + 3]! / 2) / height,
      Math.abs(Math.log(Math.max(b[j + 2]!, 1e-6) / width)),
      Math.abs(Math.log(Math.max(b[j + 3]!, 1e-6) / height)),
    ];
  }

  /** The highest IoU of the prediction with any label but this one. */
  #bestOtherLabel(prediction: number, label: number): number {
    const { annotations, predictions } = this.#input;
    let best = 0;
    for (const row of this.#labels.of(predictions.image[prediction]!)) {
      if (row === label) continue;
      best = Math.max(best, boxIou(annotations.box, row * 4, predictions.box, prediction * 4));
    }
    return best;
  }

  /** How much other labels of the same and of other classes overlap the label, and how many stand in the image. */
  #neighbours(label: number): { same: number; other: number; count: number } {
    const { annotations } = this.#input;
    const rows = this.#labels.of(annotations.image[label]!);
    let same = 0;
    let other = 0;
    for (const row of rows) {
      if (row === label) continue;
      const iou = boxIou(annotations.box, label * 4, annotations.box, row * 4);
      if (annotations.category[row] === annotations.category[label]) same = Math.max(same, iou);
      else other = Math.max(other, iou);
    }
    return { same, other, count: rows.length };
  }

  /** How many of the image's four edges the box touches. */
  #edges(box: Float64Array, at: number, image: number): number {
    const margin = 2;
    return (
      Number(box[at]! <= margin) +
      Number(box[at + 1]! <= margin) +
      Number(box[at]! + box[at + 2]! >= this.#extent[image * 2]! - margin) +
      Number(box[at + 1]! + box[at + 3]! >= this.#extent[image * 2 + 1]! - margin)
    );
  }

  /** Mean over the other runs of the surest prediction there, of the class or of another; 0 without other runs. */
  #agreement(box: Float64Array, at: number, image: number, klass: number, isSame: boolean): number {
    if (this.#others.length === 0) return 0;
    let sum = 0;
    for (const { columns, rows } of this.#others) {
      let best = 0;
      for (const row of rows.of(image)) {
        if ((columns.category[row] === klass) !== isSame) continue;
        if (columns.score[row]! <= best) continue;
        if (boxIou(box, at, columns.box, row * 4) >= SAME_OBJECT) best = columns.score[row]!;
      }
      sum += best;
    }
    return sum / this.#others.length;
  }

  /** Predictions that no label of their class accounts for, and that no surer one of them already stands for. */
  candidates(): Candidates {
    const { imageIds } = this.#input;
    const rows: number[] = [];
    const values: number[] = [];
    for (let image = 0; image < imageIds.length; image++) {
      for (const row of this.#candidatesOf(image)) {
        rows.push(row);
        values.push(...this.#describeCandidate(row));
      }
    }
    const features = { rows: rows.length, columns: CANDIDATE_FEATURES, values: Float64Array.from(values) };
    return { rows: Int32Array.from(rows), features };
  }

  #candidatesOf(image: number): number[] {
    const { annotations, predictions } = this.#input;
    const labels = this.#labels.of(image);
    const byScore = [...this.#predictions.of(image)].sort(
      (a, b) => predictions.score[b]! - predictions.score[a]! || a - b,
    );
    const kept: number[] = [];
    for (const row of byScore) {
      if (predictions.score[row]! < this.#floors[predictions.category[row]!]!) continue;
      const isSame = (box: Float64Array, at: number): boolean =>
        boxIou(box, at, predictions.box, row * 4) >= SAME_OBJECT;
      const isLabelled = labels.some(
        (label) =>
          annotations.category[label] === predictions.category[row] && isSame(annotations.box, label * 4),
      );
      if (isLabelled) continue;
      const isRepeated = kept.some(
        (other) =>
          predictions.category[other] === predictions.category[row] && isSame(predictions.box, other * 4),
      );
      if (!isRepeated) kept.push(row);
    }
    return kept;
  }

  #describeCandidate(row: number): number[] {
    const { annotations, predictions } = this.#input;
    const image = predictions.image[row]!;
    const klass = predictions.category[row]!;
    const score = predictions.score[row]!;
    const labels = this.#labels.of(image);
    let same = 0;
    let other = 0;
    let cover = 0;
    let covering = 0;
    let ofClass = 0;
    for (const label of labels) {
      const iou = boxIou(annotations.box, label * 4, predictions.box, row * 4);
      const isSame = annotations.category[label] === klass;
      if (isSame) ofClass++;
      if (isSame) same = Math.max(same, iou);
      else other = Math.max(other, iou);
      cover = Math.max(cover, boxCover(predictions.box, row * 4, annotations.box, label * 4));
      covering = Math.max(covering, boxCover(annotations.box, label * 4, predictions.box, row * 4));
    }
    const around = this.#around(row);
    return [
      score,
      this.#shapes.scoreRank(klass, score),
      same,
      other,
      cover,
      covering,
      labels.length,
      ofClass,
      around.sameIou,
      around.sameScore,
      around.otherIou,
      around.otherScore,
      around.surer,
      ...this.#shapes.describe(predictions.box, row * 4, klass),
      this.#shapes.foundRate(klass),
      this.#edges(predictions.box, row * 4, image),
      this.#agreement(predictions.box, row * 4, image, klass, true),
    ];
  }

  /** What surer predictions do at the same place, and how many unlabelled ones the image has. */
  #around(row: number) {
    const { predictions } = this.#input;
    const score = predictions.score[row]!;
    const around = { sameIou: 0, sameScore: 0, otherIou: 0, otherScore: 0, surer: 0 };
    for (const other of this.#predictions.of(predictions.image[row]!)) {
      if (other === row || predictions.score[other]! < score) continue;
      around.surer++;
      const iou = boxIou(predictions.box, row * 4, predictions.box, other * 4);
      if (iou < 0.1) continue;
      const isSame = predictions.category[other] === predictions.category[row];
      if (isSame && iou > around.sameIou) {
        around.sameIou = iou;
        around.sameScore = predictions.score[other]!;
      }
      if (!isSame && iou > around.otherIou) {
        around.otherIou = iou;
        around.otherScore = predictions.score[other]!;
      }
    }
    return around;
  }
}

function raise(into: Float64Array, ious: readonly number[], iou: number, score: number): void {
  for (let at = 0; at < ious.length && iou >= ious[at]!; at++) into[at] = Math.max(into[at]!, score);
}

const table = (rows: number, columns: number): FeatureTable => ({
  rows,
  columns,
  values: new Float64Array(rows * columns),
});
