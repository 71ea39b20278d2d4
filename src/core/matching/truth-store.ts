import type { AnnotationColumns } from '../dataset/dataset';
import type { ImageTruth } from '../metrics/evaluation';
import { countingSort, rowNumbers } from './grouping';

/** An image's annotations: rows [from, to) of some columns. */
export interface TruthRows {
  readonly columns: ImageTruth;
  readonly from: number;
  readonly to: number;
}

/**
 * The annotations as they are now: the dataset's, image by image, and on top of them the images that were edited. The
 * dataset's own columns are never written to.
 */
export class TruthStore {
  /** The dataset's annotations, images by index, each image's in dataset order. */
  readonly base: ImageTruth;
  readonly #baseStarts: Int32Array;
  readonly #edited = new Map<number, ImageTruth>();
  #starts: Int32Array;

  constructor(annotations: AnnotationColumns, images: number) {
    const { grouped, starts } = groupByImage(annotations, images);
    this.base = grouped;
    this.#baseStarts = starts;
    this.#starts = starts.slice();
  }

  /** Annotations in all. */
  get count(): number {
    return this.#starts[this.#starts.length - 1]!;
  }

  /** First row by image, were all current annotations in one table; one entry more than images. */
  get starts(): Int32Array {
    return this.#starts;
  }

  rows(image: number): TruthRows {
    const edited = this.#edited.get(image);
    if (edited) return { columns: edited, from: 0, to: edited.count };
    return { columns: this.base, from: this.#baseStarts[image]!, to: this.#baseStarts[image + 1]! };
  }

  replace(image: number, truth: ImageTruth): void {
    const change = truth.count - (this.#starts[image + 1]! - this.#starts[image]!);
    this.#edited.set(image, copyTruth(truth, 0, truth.count));
    if (change === 0) return;
    for (let next = image + 1; next < this.#starts.length; next++) this.#starts[next]! += change;
  }

  /** A copy of the image's annotations. */
  copy(image: number): ImageTruth {
    const { columns, from, to } = this.rows(image);
    return copyTruth(columns, from, to);
  }
}

export function copyTruth(columns: ImageTruth, from: number, to: number): ImageTruth {
  return {
    count: to - from,
    id: columns.id.slice(from, to),
    category: columns.category.slice(from, to),
    box: columns.box.slice(from * 4, to * 4),
    area: columns.area.slice(from, to),
    flags: columns.flags.slice(from, to),
  };
}

function groupByImage(
  annotations: AnnotationColumns,
  images: number,
): { grouped: ImageTruth; starts: Int32Array } {
  const { count } = annotations;
  const { rows, starts } = countingSort(rowNumbers(count), annotations.image, images);
  const grouped: ImageTruth = {
    count,
    id: new Float64Array(count),
    category: new Int32Array(count),
    box: new Float64Array(count * 4),
    area: new Float64Array(count),
    flags: new Uint8Array(count),
  };
  for (let place = 0; place < count; place++) {
    const row = rows[place]!;
    grouped.id[place] = annotations.id[row]!;
    grouped.category[place] = annotations.category[row]!;
    for (let part = 0; part < 4; part++) grouped.box[place * 4 + part] = annotations.box[row * 4 + part]!;
    grouped.area[place] = annotations.area[row]!;
    grouped.flags[place] = annotations.flags[row]!;
  }
  return { grouped, starts };
}
