import type { PredictionColumns } from '../dataset/dataset';
import { countingSort, groupByClass, rowNumbers } from './grouping';
import type { ImageOrder } from './image-order';
import { type MatchRule, type MatchScope, rangeBits } from './match-rule';
import { ScoreSorter } from './score-order';

/**
 * The predictions of one class. They never change while labels are edited, so their order, cells and sizes are worked
 * out once. A position is a place in the class's falling order of scores; a cell is the class in one image; slots are
 * the positions cell by cell.
 */
export interface ClassPredictions {
  /** Prediction rows by position. Equal scores: images by place, then file order. Excluded ones are not here. */
  readonly rows: Int32Array;
  /** Predictions of the class, excluded ones too. */
  readonly total: number;
  /** By position: how many of the cell are matched before it. */
  readonly rank: Int32Array;
  /** By position: bit per area range in which the prediction is false where it matches nothing: that its box (width * height) lies in. */
  readonly sizes: Int32Array;
  /** By cell, rising: the image's place. */
  readonly cellPlace: Int32Array;
  /** By cell: its first slot; one entry more than cells. */
  readonly cellStart: Int32Array;
  /** Position by slot: a cell's predictions in the order in which they are matched. */
  readonly slots: Int32Array;
}

export interface PredictionTable {
  readonly columns: PredictionColumns;
  readonly classes: readonly ClassPredictions[];
  /** Rows image by image (by index), in file order. */
  readonly imageRows: Int32Array;
  readonly imageStarts: Int32Array;
}

export function buildPredictionTable(
  columns: PredictionColumns,
  order: ImageOrder,
  categories: number,
  rule: MatchRule,
  { excluded, isIgnoredUnmatched }: MatchScope,
): PredictionTable {
  const groups = groupByClass(columns, order.places, categories, rule.isClassAgnostic);
  const sorter = new ScoreSorter();
  const cellOfRow = new Int32Array(columns.count);
  const classes: ClassPredictions[] = [];
  for (let klass = 0; klass + 1 < groups.starts.length; klass++) {
    const all = groups.rows.subarray(groups.starts[klass], groups.starts[klass + 1]);
    const rows = excluded ? all.filter((row) => excluded[row] === 0) : all;
    const cells = findCells(rows, columns.image, order.places, cellOfRow);
    sorter.sort(rows, columns.score);
    classes.push({
      rows,
      total: all.length,
      ...cells,
      ...fillSlots(rows, cells.cellStart, cellOfRow, rule.ties === 'reversed' ? columns.score : null),
      sizes: sizesOf(rows, columns, rule, isIgnoredUnmatched),
    });
  }
  const byImage = countingSort(rowNumbers(columns.count), columns.image, order.places.length);
  return { columns, classes, imageRows: byImage.rows, imageStarts: byImage.starts };
}

/** Cells of rows that stand image by image; notes each row's cell in `cellOfRow`. */
function findCells(rows: Int32Array, image: Int32Array, places: Int32Array, cellOfRow: Int32Array) {
  const cellPlace: number[] = [];
  const cellStart: number[] = [];
  let last = -1;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    const place = places[image[row]!]!;
    if (place !== last) {
      cellPlace.push(place);
      cellStart.push(index);
      last = place;
    }
    cellOfRow[row] = cellPlace.length - 1;
  }
  cellStart.push(rows.length);
  return { cellPlace: Int32Array.from(cellPlace), cellStart: Int32Array.from(cellStart) };
}

/** With `reversedBy`, runs of equal scores within a cell are turned round. */
function fillSlots(
  rows: Int32Array,
  cellStart: Int32Array,
  cellOfRow: Int32Array,
  reversedBy: Float64Array | null,
) {
  const cursor = cellStart.slice();
  const slots = new Int32Array(rows.length);
  const rank = new Int32Array(rows.length);
  for (let position = 0; position < rows.length; position++) {
    slots[cursor[cellOfRow[rows[position]!]!]!++] = position;
  }
  if (reversedBy) reverseEqualScores(slots, rows, cellStart, reversedBy);
  for (let cell = 0; cell + 1 < cellStart.length; cell++) {
    const first = cellStart[cell]!;
    for (let slot = first; slot < cellStart[cell + 1]!; slot++) rank[slots[slot]!] = slot - first;
  }
  return { slots, rank };
}

function reverseEqualScores(
  slots: Int32Array,
  rows: Int32Array,
  cellStart: Int32Array,
  score: Float64Array,
): void {
  const scoreAt = (slot: number) => score[rows[slots[slot]!]!]!;
  for (let cell = 0; cell + 1 < cellStart.length; cell++) {
    const last = cellStart[cell + 1]!;
    for (let from = cellStart[cell]!; from < last;) {
      let to = from + 1;
      while (to < last && scoreAt(to) === scoreAt(from)) to++;
      slots.subarray(from, to).reverse();
      from = to;
    }
  }
}

function sizesOf(
  rows: Int32Array,
  columns: PredictionColumns,
  rule: MatchRule,
  isIgnoredUnmatched: MatchScope['isIgnoredUnmatched'],
): Int32Array {
  const sizes = new Int32Array(rows.length);
  const { box } = columns;
  for (let position = 0; position < rows.length; position++) {
    const row = rows[position]!;
    if (isIgnoredUnmatched?.(row)) continue;
    const offset = row * 4;
    sizes[position] = rangeBits(rule.ranges, box[offset + 2]! * box[offset + 3]!);
  }
  return sizes;
}

/** The class's cell for an image at `place`, or -1 where the class has no prediction there. */
export function findCell(predictions: ClassPredictions, place: number): number {
  const { cellPlace } = predictions;
  let low = 0;
  let high = cellPlace.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = cellPlace[middle]!;
    if (found === place) return middle;
    if (found < place) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
