/** What boxes of a class usually look like in a set, and how surely its predictions find them. */
import { boxIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import { rowsByImage } from './by-image';

interface Spread {
  readonly median: number;
  /** 1.4826 times the median distance from the median: a standard deviation that outliers do not move. */
  readonly deviation: number;
}

/** Fewer labels than this say nothing about the shapes of a class; those of all classes then serve. */
const FEW = 8;

/** Share of the finds of a class that lie below its floor. */
const FLOOR_SHARE = 0.02;

export class ClassShapes {
  readonly #size: readonly Spread[];
  readonly #aspect: readonly Spread[];
  readonly #scores: readonly Float64Array[];
  readonly #foundRate: readonly number[];

  constructor(input: ScoringInput) {
    const { annotations, categories } = input;
    const rows: number[][] = categories.map(() => []);
    for (let row = 0; row < annotations.count; row++) rows[annotations.category[row]!]!.push(row);
    const all = [...annotations.category.keys()];
    const ofClass = (klass: number): readonly number[] => (rows[klass]!.length < FEW ? all : rows[klass]!);
    const spreads = (measure: (box: Float64Array, at: number) => number): Spread[] =>
      categories.map((_, klass) =>
        spreadOf(Float64Array.from(ofClass(klass), (row) => measure(annotations.box, row * 4))),
      );
    this.#size = spreads(logSize);
    this.#aspect = spreads(logAspect);
    const found = surestFinds(input);
    this.#scores = rows.map((own) => Float64Array.from(own, (row) => found[row]!).sort());
    this.#foundRate = this.#scores.map((scores) =>
      scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    );
  }

  /** Size and aspect ratio, in deviations from the class's median, and the size itself. */
  describe(box: Float64Array, at: number, klass: number): [size: number, aspect: number, logSize: number] {
    const size = logSize(box, at);
    return [
      inDeviations(size, this.#size[klass]!),
      Math.abs(inDeviations(logAspect(box, at), this.#aspect[klass]!)),
      size,
    ];
  }

  /** Share of the class's labels that are found less surely. */
  scoreRank(klass: number, score: number): number {
    const scores = this.#scores[klass]!;
    if (scores.length === 0) return 0.5;
    let below = 0;
    while (below < scores.length && scores[below]! < score) below++;
    return below / scores.length;
  }

  /** Below this confidence a prediction is no better than those that few of the class's labels have to do with. */
  floor(klass: number): number {
    const found = this.#scores[klass]!.filter((score) => score > 0);
    return found.length === 0 ? 0 : found[Math.floor(found.length * FLOOR_SHARE)]!;
  }

  /** Mean confidence with which the class's labels are found. */
  foundRate(klass: number): number {
    return this.#foundRate[klass]!;
  }
}

function logSize(box: Float64Array, at: number): number {
  return Math.log(Math.max(1e-6, box[at + 2]! * box[at + 3]!)) / 2;
}

function logAspect(box: Float64Array, at: number): number {
  return Math.log(Math.max(1e-6, box[at + 2]!) / Math.max(1e-6, box[at + 3]!));
}

function inDeviations(value: number, { median, deviation }: Spread): number {
  return Math.max(-10, Math.min(10, (value - median) / Math.max(0.05, deviation)));
}

function spreadOf(values: Float64Array): Spread {
  const median = medianOf(values);
  return { median, deviation: 1.4826 * medianOf(values.map((value) => Math.abs(value - median))) };
}

function medianOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.slice().sort()[values.length >> 1]!;
}

/** By label: the confidence of the surest prediction of its class at IoU >= 0.5; 0 where there is none. */
function surestFinds({ imageIds, annotations, predictions }: ScoringInput): Float64Array {
  const rows = rowsByImage(predictions, imageIds.length);
  const found = new Float64Array(annotations.count);
  for (let label = 0; label < annotations.count; label++) {
    for (const row of rows.of(annotations.image[label]!)) {
      if (predictions.category[row] !== annotations.category[label]) continue;
      if (predictions.score[row]! <= found[label]!) continue;
      if (boxIou(annotations.box, label * 4, predictions.box, row * 4) >= 0.5)
        found[label] = predictions.score[row]!;
    }
  }
  return found;
}
