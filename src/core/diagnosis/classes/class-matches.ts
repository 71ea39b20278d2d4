/** Which predictions lie on which objects, whatever their class: the evidence for every fault of a label map. */
import { FLAG_CROWD } from '../../dataset/dataset';
import { countingSort, rowNumbers } from '../../matching/grouping';
import { boxIou } from '../../matching/overlap';
import type { Situation } from '../situation';

/** One entry a match. */
export interface ClassMatchList {
  /** Index into the truth's images. */
  readonly image: Int32Array;
  /** Index into the predictions' classes as named. */
  readonly named: Int32Array;
  /** Index into the truth's classes. */
  readonly truth: Int32Array;
  /** Rows of the prediction and of the annotation. */
  readonly predictionRow: Int32Array;
  readonly truthRow: Int32Array;
}

const MATCH_IOU = 0.5;

/** By falling score, each prediction takes the free object that it covers best, from an IoU of 0.5 on. */
export function matchWithoutClasses({ truth, predictions }: Situation): ClassMatchList {
  const { annotations } = truth;
  const count = truth.images.length;
  const objects = countingSort(rowNumbers(annotations.count), annotations.image, count);
  const found = countingSort(
    rowNumbers(predictions.count),
    predictions.image.map((image) => (image < 0 ? count : image)),
    count + 1,
  );
  const matches = { image: [] as number[], predictionRow: [] as number[], truthRow: [] as number[] };
  for (let image = 0; image < count; image++) {
    const free = [...objects.rows.subarray(objects.starts[image], objects.starts[image + 1])].filter(
      (row) => (annotations.flags[row]! & FLAG_CROWD) === 0,
    );
    const own = found.rows.slice(found.starts[image], found.starts[image + 1]);
    own.sort((a, b) => predictions.score[b]! - predictions.score[a]! || a - b);
    for (const row of own) {
      if (free.length === 0) break;
      let best = MATCH_IOU;
      let place = -1;
      for (let at = 0; at < free.length; at++) {
        const iou = boxIou(predictions.box, row * 4, annotations.box, free[at]! * 4);
        if (iou < best) continue;
        best = iou;
        place = at;
      }
      if (place < 0) continue;
      matches.image.push(image);
      matches.predictionRow.push(row);
      matches.truthRow.push(free[place]!);
      free.splice(place, 1);
    }
  }
  return {
    image: Int32Array.from(matches.image),
    named: Int32Array.from(matches.predictionRow, (row) => predictions.namedCategory[row]!),
    truth: Int32Array.from(matches.truthRow, (row) => annotations.category[row]!),
    predictionRow: Int32Array.from(matches.predictionRow),
    truthRow: Int32Array.from(matches.truthRow),
  };
}

/** Counts of matches: rows are the predictions' classes as named, columns the truth's. */
export class MatchCounts {
  readonly rows: number;
  readonly columns: number;
  readonly #counts: Float64Array;
  #total = 0;

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.#counts = new Float64Array(rows * columns);
  }

  add(row: number, column: number): void {
    this.#counts[row * this.columns + column]!++;
    this.#total++;
  }

  at(row: number, column: number): number {
    return row < 0 || column < 0 ? 0 : this.#counts[row * this.columns + column]!;
  }

  get total(): number {
    return this.#total;
  }

  /** Matches that agree where class `row` means class `columnOf[row]`. */
  agreeing(columnOf: ArrayLike<number>): number {
    let sum = 0;
    for (let row = 0; row < this.rows; row++) sum += this.at(row, columnOf[row]!);
    return sum;
  }
}

/** `isWanted`: by image; all where it is null. */
export function countMatches(
  { truth, predictions }: Situation,
  matches: ClassMatchList,
  isWanted: Uint8Array | null = null,
): MatchCounts {
  const counts = new MatchCounts(predictions.categories.length, truth.categories.length);
  matches.image.forEach((image, at) => {
    if (!isWanted || isWanted[image]) counts.add(matches.named[at]!, matches.truth[at]!);
  });
  return counts;
}
