/**
 * COCO ground truth: annotations to columns; of the other lists only where they lie, because images and classes are few
 * and have names to be checked. Anything out of the ordinary stops the reading, as in results.ts.
 */
import { readBox } from "./box";
import { indexOf, isId, LARGEST_SAFE } from "./ids";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  hasEscape,
  OPEN_BRACE,
  OPEN_BRACKET,
  skipColon,
  skipName,
  skipSpace,
  skipString,
  skipValue,
  skipWord,
} from "./json";
import {
  ANNOTATION_AREA,
  ANNOTATION_BYTES,
  ANNOTATION_CLASS,
  ANNOTATION_FLAGS,
  ANNOTATION_ID,
  ANNOTATION_IMAGE,
  HAS_CROWD,
  LIST_ANNOTATIONS,
  LIST_CATEGORIES,
  LIST_IMAGES,
} from "./layout";
import { COMMA, isDigit, MINUS, QUOTE, readNumber } from "./numbers";

const IMAGE_ID: u64 = 0x64695f6567616d69;
const CATEGORY: u64 = 0x79726f6765746163;
const CATEGORY_REST: u32 = 0x2264695f;
const BBOX: u64 = 0x22786f6262;
const AREA: u64 = 0x2261657261;
const FIVE_BYTES: u64 = 0xffffffffff;
const ID: u64 = 0x226469;
const THREE_BYTES: u64 = 0xffffff;
const ISCROWD: u64 = 0x2264776f72637369;
const DIFFICULT: u64 = 0x6c75636966666964;
const DIFFICULT_REST: u32 = 0x2274;
const GROUP_OF: u64 = 0x666f5f70756f7267;
const IGNORE: u64 = 0x2265726f6e6769;
const SEVEN_BYTES: u64 = 0xffffffffffffff;
const IMAGES: u64 = 0x22736567616d69;
const ANNOTATIONS: u64 = 0x697461746f6e6e61;
const ANNOTATIONS_REST: u32 = 0x22736e6f;
const CATEGORIES: u64 = 0x69726f6765746163;
const CATEGORIES_REST: u32 = 0x227365;

/** Bits of the dataset's flags. */
const CROWD = 1;
const HARD = 2;
const GROUP = 4;
const IGNORED = 8;

const HAS_IMAGE = 1;
const HAS_CATEGORY = 2;
const HAS_BOX = 4;
const HAS_ALL = 7;

let imageTable: usize = 0;
let categoryTable: usize = 0;
let annotations: usize = 0;
let room: i32 = 0;
let count: i32 = 0;
let withoutCrowd: i32 = 0;
let scrap: usize = 0;

/** Where the annotations go; `records` fit there. 64 bytes at `space` are the reader's. */
export function useTruthMemory(images: usize, categories: usize, space: usize, records: usize, fit: i32): void {
  imageTable = images;
  categoryTable = categories;
  scrap = space;
  annotations = records;
  room = fit;
  count = 0;
  withoutCrowd = 0;
}

export function annotationCount(): i32 {
  return count;
}
/** Annotations that have no `iscrowd`. */
export function annotationsWithoutCrowd(): i32 {
  return withoutCrowd;
}

let list: i32 = 0;
let listEnd: usize = 0;
/** The list that the member just passed is: LIST_IMAGES and so on, or 0; and where its value ends. */
export function memberList(): i32 {
  return list;
}
export function memberEnd(): usize {
  return listEnd;
}

/** Start of the file's object: where its first member, or its end, is; 0 where it is no object. */
export function openTruth(at: usize): usize {
  at = skipSpace(at);
  return load<u8>(at) == OPEN_BRACE ? skipSpace(at + 1) : 0;
}

/**
 * The member that starts at `at`: gives where its value starts, 0 where it is not for this reader. Its annotations are
 * left to `readAnnotations`; of another member `memberEnd` is where its value ends.
 */
export function nextMember(at: usize): usize {
  list = 0;
  if (load<u8>(at) != QUOTE) return 0;
  const name = at + 1;
  const first = load<u64>(name);
  const value = skipName(name);
  if (value == 0 || hasEscape()) return 0;
  if ((first & SEVEN_BYTES) == IMAGES) list = LIST_IMAGES;
  else if (first == ANNOTATIONS && load<u32>(name, 8) == ANNOTATIONS_REST) list = LIST_ANNOTATIONS;
  else if (first == CATEGORIES && (load<u32>(name, 8) & 0xffffff) == CATEGORIES_REST) list = LIST_CATEGORIES;
  if (list != 0 && load<u8>(value) != OPEN_BRACKET) return 0;
  listEnd = list == LIST_ANNOTATIONS ? value : skipValue(value, 0);
  return listEnd == 0 ? 0 : value;
}

/** After a value: where the next member starts; 0 where the object does not go on as it should, 1 where the file ends well. */
export function afterMember(at: usize, end: usize): usize {
  at = skipSpace(at);
  const byte: u32 = load<u8>(at);
  if (byte == COMMA) return skipSpace(at + 1);
  return byte == CLOSE_BRACE && skipSpace(at + 1) == end ? 1 : 0;
}

let isClosed: bool = false;
/** Whether `readAnnotations` came to the list's end; it then gave the address after the bracket. */
export function annotationsClosed(): bool {
  return isClosed;
}

/** Annotations up to `stop`, one of which has to start at `at`. Gives where the next starts; 0: not for this reader. */
export function readAnnotations(at: usize, stop: usize): usize {
  isClosed = false;
  while (at < stop) {
    if (load<u8>(at) != OPEN_BRACE || count >= room) return 0;
    at = readAnnotation(at + 1);
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte: u32 = load<u8>(at++);
    if (byte == CLOSE_BRACKET) {
      isClosed = true;
      return at;
    }
    if (byte != COMMA) return 0;
    at = skipSpace(at);
  }
  return at;
}

/** Whether the value is a number, true or false, or null; its number (1, 0, NaN) goes to `into`. 0: something else. */
function readFlag(at: usize, into: usize): usize {
  const byte: u32 = load<u8>(at);
  if (isDigit(byte) || byte == MINUS) return readNumber(at, into);
  // t of true
  store<f64>(into, byte == 116 ? 1 : 0);
  return skipWord(at);
}

/** A number, or null as NaN. */
function readOptionalNumber(at: usize, into: usize): usize {
  const byte: u32 = load<u8>(at);
  if (isDigit(byte) || byte == MINUS) return readNumber(at, into);
  store<f64>(into, NaN);
  // n of null
  return byte == 110 ? skipWord(at) : 0;
}

function readAnnotation(at: usize): usize {
  const record = annotations + <usize>count * ANNOTATION_BYTES;
  store<f64>(record, NaN, ANNOTATION_ID);
  store<f64>(record, NaN, ANNOTATION_AREA);
  let flags = 0;
  let has = 0;
  let imageId: f64 = 0;
  let categoryId: f64 = 0;
  while (true) {
    at = skipSpace(at);
    if (load<u8>(at) != QUOTE) return 0;
    const name = at + 1;
    const first = load<u64>(name);
    at = skipString(name);
    if (at == 0 || hasEscape()) return 0;
    at = skipColon(at);
    if (at == 0) return 0;
    if (first == IMAGE_ID && load<u8>(name, 8) == QUOTE) {
      at = readNumber(at, scrap);
      imageId = load<f64>(scrap);
      has |= HAS_IMAGE;
    } else if (first == CATEGORY && load<u32>(name, 8) == CATEGORY_REST) {
      at = readNumber(at, scrap);
      categoryId = load<f64>(scrap);
      has |= HAS_CATEGORY;
    } else if ((first & FIVE_BYTES) == BBOX) {
      at = load<u8>(at) == OPEN_BRACKET ? readBox(at + 1, record) : 0;
      has |= HAS_BOX;
    } else if ((first & THREE_BYTES) == ID) {
      at = readOptionalNumber(at, record + ANNOTATION_ID);
    } else if ((first & FIVE_BYTES) == AREA) {
      at = readOptionalNumber(at, record + ANNOTATION_AREA);
    } else {
      let flag = 0;
      if (first == ISCROWD) flag = CROWD;
      else if (first == DIFFICULT && <u32>load<u16>(name, 8) == DIFFICULT_REST) flag = HARD;
      else if (first == GROUP_OF && load<u8>(name, 8) == QUOTE) flag = GROUP;
      else if ((first & SEVEN_BYTES) == IGNORE) flag = IGNORED;
      if (flag == 0) at = skipValue(at, 0);
      else {
        at = readFlag(at, scrap);
        const isOn = load<f64>(scrap) != 0;
        flags = isOn ? flags | flag : flags & ~flag;
        if (flag == CROWD) flags |= HAS_CROWD;
      }
    }
    if (at == 0) return 0;
    at = skipSpace(at);
    const byte: u32 = load<u8>(at++);
    if (byte == CLOSE_BRACE) break;
    if (byte != COMMA) return 0;
  }
  store<u32>(record, flags, ANNOTATION_FLAGS);
  return has == HAS_ALL && keepAnnotation(record, imageId, categoryId) ? at : 0;
}

@inline
function isFinite(value: f64): bool {
  return value - value == 0;
}

/** An id that is no whole number below 2^53 in size is none, like one that is missing. */
@inline
function isSafeWhole(value: f64): bool {
  return trunc(value) == value && abs(value) <= LARGEST_SAFE;
}

function keepAnnotation(record: usize, imageId: f64, categoryId: f64): bool {
  const width = load<f64>(record, 16);
  const height = load<f64>(record, 24);
  const isUsable =
    isFinite(load<f64>(record)) && isFinite(load<f64>(record, 8)) && isFinite(width) && isFinite(height) &&
    width >= 0 && height >= 0 && isId(imageId) && isId(categoryId);
  if (!isUsable) return false;
  const image = indexOf(imageTable, imageId, 0, 0, 0);
  const category = indexOf(categoryTable, categoryId, 0, 0, 0);
  if (image < 0 || category < 0) return false;
  const area = load<f64>(record, ANNOTATION_AREA);
  if (!isFinite(area)) store<f64>(record, NaN, ANNOTATION_AREA);
  if (!isSafeWhole(load<f64>(record, ANNOTATION_ID))) store<f64>(record, NaN, ANNOTATION_ID);
  store<i32>(record, image, ANNOTATION_IMAGE);
  store<i32>(record, category, ANNOTATION_CLASS);
  if (!(load<u32>(record, ANNOTATION_FLAGS) & HAS_CROWD)) withoutCrowd++;
  count++;
  return true;
}

/**
 * Rows of annotations that a reader remarks on, as i32 at `rows`: without area of the box, outside the image by more
 * than half a pixel, area missing or negative, no iscrowd. `sizes`: width and height of the image by index into the
 * table of images, 0 where not known. Gives how many.
 */
export function remarkedAnnotations(sizes: usize, rows: usize): i32 {
  let found = 0;
  for (let row = 0; row < count; row++) {
    const record = annotations + <usize>row * ANNOTATION_BYTES;
    const size = sizes + (<usize>load<u32>(record, ANNOTATION_IMAGE) << 4);
    const x = load<f64>(record);
    const y = load<f64>(record, 8);
    const width = load<f64>(record, 16);
    const height = load<f64>(record, 24);
    const imageWidth = load<f64>(size);
    const imageHeight = load<f64>(size, 8);
    const isOutside =
      x < -0.5 || y < -0.5 || (imageWidth > 0 && x + width > imageWidth + 0.5) ||
      (imageHeight > 0 && y + height > imageHeight + 0.5);
    const isOrdinary =
      width > 0 && height > 0 && !isOutside && load<f64>(record, ANNOTATION_AREA) >= 0 &&
      (load<u32>(record, ANNOTATION_FLAGS) & HAS_CROWD) != 0;
    if (isOrdinary) continue;
    store<i32>(rows + (<usize>found << 2), row);
    found++;
  }
  return found;
}

/** Whether ids of annotations rise from above 0: then none is missing, 0 or there twice. */
export function idsRise(): bool {
  let last: f64 = 0;
  for (let row = 0; row < count; row++) {
    const id = load<f64>(annotations + <usize>row * ANNOTATION_BYTES, ANNOTATION_ID);
    if (!(id > last)) return false;
    last = id;
  }
  return true;
}
