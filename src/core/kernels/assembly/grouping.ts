/** Records put together by class: annotations by (class, place of the image), predictions by class in file order. */
import {
  ANNOTATION_AREA,
  ANNOTATION_BYTES,
  ANNOTATION_CLASS,
  ANNOTATION_FLAGS,
  ANNOTATION_IMAGE,
  CROWD_BIT,
  PREDICTION_BYTES,
  RULE_COUNTS,
  RULE_RANGES,
  TRUTH_BITS,
  TRUTH_BYTES,
  TRUTH_PLACE,
} from "./layout";
import { sortByKey } from "./sorting";

/** Bit per area range that an area, which is no NaN, lies in; both ends belong to a range. Ranges not used hold nothing. */
@inline
export function rangeBits(area: f64): u32 {
  const value = f64x2.splat(area);
  const first = v128.and(
    f64x2.ge(value, v128.load(RULE_RANGES)),
    f64x2.le(value, v128.load(RULE_RANGES, 32)),
  );
  const second = v128.and(
    f64x2.ge(value, v128.load(RULE_RANGES, 16)),
    f64x2.le(value, v128.load(RULE_RANGES, 48)),
  );
  return <u32>(i64x2.bitmask(first) | (i64x2.bitmask(second) << 2));
}

/**
 * Annotations to the form they are matched in, at `out`, sorted by class and place, in file order within an image.
 * `images`: place by index into the table of images; `classes`: class likewise, all i32. `starts`: first of each class,
 * classCount + 1 u32. `elements`: room for twice `count` elements. classCount * imageCount has to be below 2^32.
 */
export function groupTruth(
  annotations: usize, count: i32, images: usize, classes: usize, imageCount: u32, classCount: u32,
  out: usize, starts: usize, elements: usize, counters: usize,
): void {
  memory.fill(starts, 0, <usize>(classCount + 1) << 2);
  for (let row = 0; row < count; row++) {
    const record = annotations + <usize>row * ANNOTATION_BYTES;
    const place = load<u32>(images + (<usize>load<u32>(record, ANNOTATION_IMAGE) << 2));
    const klass = load<u32>(classes + (<usize>load<u32>(record, ANNOTATION_CLASS) << 2));
    store<u64>(elements + (<usize>row << 3), (<u64>(klass * imageCount + place) << 32) | row);
    const start = starts + (<usize>(klass + 1) << 2);
    store<u32>(start, load<u32>(start) + 1);
  }
  for (let klass: u32 = 1; klass <= classCount; klass++) {
    const start = starts + (<usize>klass << 2);
    store<u32>(start, load<u32>(start) + load<u32>(start - 4));
  }
  const sorted = sortByKey(elements, elements + (<usize>count << 3), count, counters);
  for (let at = 0; at < count; at++) {
    const element = sorted + (<usize>at << 3);
    setTruth(out + <usize>at * TRUTH_BYTES, annotations + <usize>load<u32>(element) * ANNOTATION_BYTES, load<u32>(element, 4) % imageCount);
  }
}

function setTruth(truth: usize, record: usize, place: u32): void {
  const x = load<f64>(record);
  const y = load<f64>(record, 8);
  const width = load<f64>(record, 16);
  const height = load<f64>(record, 24);
  const own = width * height;
  const written = load<f64>(record, ANNOTATION_AREA);
  const isWritten = load<u32>(RULE_COUNTS, 16) == 0 && !isNaN(written);
  const all: u32 = (1 << load<u32>(RULE_COUNTS, 4)) - 1;
  // The dataset's flag 1: a crowd is ignored in every range.
  const isCrowd = (load<u32>(record, ANNOTATION_FLAGS) & 1) != 0;
  store<f64>(truth, x);
  store<f64>(truth, y, 8);
  store<f64>(truth, x + width, 16);
  store<f64>(truth, y + height, 24);
  store<f64>(truth, own, 32);
  store<u32>(truth, place, TRUTH_PLACE);
  store<u32>(truth, isCrowd ? all | CROWD_BIT : all & ~rangeBits(isWritten ? written : own), TRUTH_BITS);
}

/** Records of each class in one part; `counts`: one u32 a class. */
export function countPart(part: usize, records: i32, classes: usize, counts: usize): void {
  const column = part + <usize>records * (PREDICTION_BYTES + 4);
  for (let row = 0; row < records; row++) {
    const klass = load<u32>(classes + (<usize>load<u32>(column + (<usize>row << 2)) << 2));
    const counter = counts + (<usize>klass << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
}

/** Counts by part and class to where each part's records of a class start in the list of all; `starts`: by class, and the end. */
export function placeParts(counts: usize, parts: u32, classCount: u32, starts: usize): void {
  let next: u32 = 0;
  for (let klass: u32 = 0; klass < classCount; klass++) {
    store<u32>(starts + (<usize>klass << 2), next);
    for (let part: u32 = 0; part < parts; part++) {
      const counter = counts + ((<usize>part * classCount + klass) << 2);
      const size = load<u32>(counter);
      store<u32>(counter, next);
      next += size;
    }
  }
  store<u32>(starts + (<usize>classCount << 2), next);
}

/** Puts a part's records into the list: elements (place of the image, address). `cursors`: of the part, one u32 a class. */
export function scatterPart(part: usize, records: i32, images: usize, classes: usize, cursors: usize, list: usize): void {
  const imageColumn = part + <usize>records * PREDICTION_BYTES;
  const classColumn = imageColumn + (<usize>records << 2);
  for (let row = 0; row < records; row++) {
    const at = <usize>row << 2;
    const klass = load<u32>(classes + (<usize>load<u32>(classColumn + at) << 2));
    const place = load<u32>(images + (<usize>load<u32>(imageColumn + at) << 2));
    const cursor = cursors + (<usize>klass << 2);
    const next = load<u32>(cursor);
    store<u32>(cursor, next + 1);
    store<u64>(list + (<usize>next << 3), (<u64>place << 32) | <u64>(part + <usize>row * PREDICTION_BYTES));
  }
}
