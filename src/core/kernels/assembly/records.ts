/**
 * Where the records of a part go as they are read: as scoring wants them, predictions of 40 bytes with the part's images
 * and classes behind them, in memory that the thread takes as it needs it; or as columns, for whom takes each part before
 * the next is read.
 */
import { PREDICTION_BYTES } from "./layout";
import { allocateSpare } from "./memory";
import { forgetInfinite } from "./numbers";

const BOX_BYTES: usize = 32;
const SCORE_BYTES: usize = 8;
const INDEX_BYTES: usize = 4;

/** Records that a part may have, and has. */
let room: i32 = 0;
let count: i32 = 0;
let emptyBoxes: i32 = 0;
let firstEmptyBox: i32 = -1;

/** Box and score of the part's first record, and how far from one record's the next one's are. */
let boxes: usize = 0;
let scores: usize = 0;
let boxStride: usize = PREDICTION_BYTES;
let scoreStride: usize = PREDICTION_BYTES;
/** Of the part's first record too: the index of its image and class. */
let imageColumn: usize = 0;
let categoryColumn: usize = 0;

/** Where columns start, 0 where records go the other way. */
let columns: usize = 0;

/** Memory that this thread took from all threads' and has not used. */
let slab: usize = 0;
let slabEnd: usize = 0;
const SLAB_BYTES: usize = 4 << 20;

/** Parts of at most so many records; `space` is for their images and classes, 8 bytes a record. */
export function useRecords(space: usize, records: i32): void {
  room = records;
  imageColumn = space;
  categoryColumn = space + <usize>records * INDEX_BYTES;
  boxStride = PREDICTION_BYTES;
  scoreStride = PREDICTION_BYTES;
  columns = 0;
  slab = 0;
  slabEnd = 0;
}

/** From the next part on records go into columns at `at`, as `splitPart` lays them out; each part's take the place of the last's. */
export function useColumns(at: usize): void {
  columns = at;
  boxes = at;
  boxStride = BOX_BYTES;
  scores = at + <usize>room * BOX_BYTES;
  scoreStride = SCORE_BYTES;
  imageColumn = scores + <usize>room * SCORE_BYTES;
  categoryColumn = imageColumn + <usize>room * INDEX_BYTES;
}

/** False where there is no memory for the records of a part. */
export function beginPart(): bool {
  count = 0;
  emptyBoxes = 0;
  firstEmptyBox = -1;
  forgetInfinite();
  if (columns != 0) return true;
  const most = <usize>room * (PREDICTION_BYTES + 2 * INDEX_BYTES) + 16;
  if (slabEnd - slab < most) {
    slab = allocateSpare(max(most, SLAB_BYTES));
    slabEnd = slab + max(most, SLAB_BYTES);
  }
  boxes = slab;
  scores = slab + BOX_BYTES;
  return slab != 0;
}

/** Gives where the part's records are. Predictions with images and classes behind them stay there; columns until the next part. */
export function endPart(): usize {
  if (columns != 0) return columns;
  const records = <usize>count;
  const part = boxes;
  const images = part + records * PREDICTION_BYTES;
  memory.copy(images, imageColumn, records * INDEX_BYTES);
  memory.copy(images + records * INDEX_BYTES, categoryColumn, records * INDEX_BYTES);
  slab = (images + 2 * records * INDEX_BYTES + 15) & ~15;
  return part;
}

export function partCount(): i32 {
  return count;
}
/** Records whose box has no area, and the first of them within the part. */
export function partEmptyBoxes(): i32 {
  return emptyBoxes;
}
export function partFirstEmptyBox(): i32 {
  return firstEmptyBox;
}

@inline
export function hasRoom(): bool {
  return count < room;
}

/** Where the box of the next record goes: four f64. */
@inline
export function nextBox(): usize {
  return boxes + <usize>count * boxStride;
}

@inline
export function nextScore(): usize {
  return scores + <usize>count * scoreStride;
}

/** Counts the record whose box and score were written. */
@inline
export function keep(image: i32, category: i32): void {
  const box = nextBox();
  if (load<f64>(box, 16) == 0 || load<f64>(box, 24) == 0) {
    if (emptyBoxes == 0) firstEmptyBox = count;
    emptyBoxes++;
  }
  store<i32>(imageColumn + <usize>count * INDEX_BYTES, image);
  store<i32>(categoryColumn + <usize>count * INDEX_BYTES, category);
  count++;
}

/**
 * A part's `count` records as columns at `out`: boxes, scores, images, classes, each with room for as many records as a
 * part may have. `images` and `classes`: i32 by index of the part's thread.
 */
export function splitPart(part: usize, count: i32, images: usize, classes: usize, out: usize): void {
  const records = <usize>count;
  const scoreOut = out + <usize>room * BOX_BYTES;
  const imageOut = scoreOut + <usize>room * SCORE_BYTES;
  for (let row: usize = 0; row < records; row++) {
    const record = part + row * PREDICTION_BYTES;
    v128.store(out + row * BOX_BYTES, v128.load(record));
    v128.store(out + row * BOX_BYTES, v128.load(record, 16), 16);
    store<f64>(scoreOut + row * SCORE_BYTES, load<f64>(record, 32));
  }
  const imagesOfPart = part + records * PREDICTION_BYTES;
  mapColumn(imagesOfPart, records, images, imageOut);
  mapColumn(imagesOfPart + records * INDEX_BYTES, records, classes, imageOut + <usize>room * INDEX_BYTES);
}

function mapColumn(column: usize, records: usize, map: usize, out: usize): void {
  for (let at: usize = 0; at < records * INDEX_BYTES; at += INDEX_BYTES) {
    store<u32>(out + at, load<u32>(map + <usize>load<u32>(column + at) * INDEX_BYTES));
  }
}

/** Whole numbers from `first` on: `count` i32 at `out`. */
export function fillRising(out: usize, first: i32, count: i32): void {
  for (let row = 0; row < count; row++) store<i32>(out + <usize>row * INDEX_BYTES, first + row);
}
