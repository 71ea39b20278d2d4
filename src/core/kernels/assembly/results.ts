/**
 * COCO results: bytes to columns. Takes what is an ordinary record in any spelling (white space, order of members,
 * members that nobody reads); at anything that would be left out, or that needs text (ids that are text, NaN, names
 * with escapes), it stops and the plain reader reads the file.
 */
import { readBox } from "./box";
import { entryAt, hasName, indexOf, isId } from "./ids";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  hasEscape,
  OPEN_BRACE,
  OPEN_BRACKET,
  skipColon,
  skipSpace,
  skipString,
  skipValue,
} from "./json";
import { SHAPE_BYTES } from "./layout";
import { COMMA, QUOTE, readNumber, readPositive, sawInfinite, SMALL } from "./numbers";
import { hasRoom, keep, nextBox, nextScore, useRecords } from "./records";
import {
  BOX_TO_SCORE,
  CLASS_TO_BOX,
  classDigits,
  hasHead,
  headBytes,
  headImage,
  learnClass,
  learnShape,
  SCORE_TO_NEXT,
  seamBytes,
  seamDifference,
  spelledClass,
  useShapeMemory,
} from "./shape";

// Names of members as the bytes in memory, first eight and the rest, closing quote included.
const IMAGE_ID: u64 = 0x64695f6567616d69;
const CATEGORY: u64 = 0x79726f6765746163;
const CATEGORY_REST: u32 = 0x2264695f;
const BBOX: u64 = 0x22786f6262;
const BBOX_MASK: u64 = 0xffffffffff;
const SCORE: u64 = 0x2265726f6373;
const SCORE_MASK: u64 = 0xffffffffffff;
const FILE_NAME: u64 = 0x6d616e5f656c6966;
const FILE_NAME_REST: u32 = 0x2265;

/** Members that a record must have. */
const HAS_IMAGE = 1;
const HAS_CATEGORY = 2;
const HAS_BOX = 4;
const HAS_SCORE = 8;
const HAS_ALL = 15;

/** How a call of `readResults` ended: at `stop`, at the list's end, or at what is cut off or not for this reader. */
const REACHED = 0;
const CLOSED = 1;
const STOPPED = 2;

// Of this thread: tables of ids.
let imageTable: usize = 0;
let categoryTable: usize = 0;
let ending: i32 = REACHED;

// The image and class of the record before, which mostly are those of the next.
let lastImage: i32 = -1;
let lastImageId: f64 = NaN;
let lastCategory: i32 = -1;
let lastCategoryId: f64 = NaN;

// The record at hand.
let imageId: f64 = 0;
let categoryId: f64 = 0;
let nameAt: usize = 0;
let nameLength: u32 = 0;
/** Where its values start and end. */
let imageAt: usize = 0;
let categoryAt: usize = 0;
let categoryEnd: usize = 0;
let boxAt: usize = 0;
let boxEnd: usize = 0;
let scoreAt: usize = 0;
let scoreEnd: usize = 0;

let scrap: usize = 0;

/**
 * This thread's tables of ids, and its own memory: 64 bytes, the spelling of records, then the images and classes of
 * `records` records.
 */
export function useResultMemory(images: usize, categories: usize, space: usize, records: i32): void {
  imageTable = images;
  categoryTable = categories;
  scrap = space;
  useShapeMemory(space + 64);
  useRecords(space + 64 + SHAPE_BYTES, records);
  lastImage = -1;
  lastImageId = NaN;
  lastCategory = -1;
  lastCategoryId = NaN;
}

export function resultEnding(): i32 {
  return ending;
}

/**
 * Records that start in [at, stop); one has to start at `at`. Gives where the first one not taken starts, or where the
 * closing bracket is. `place`: offset in the file of the byte at address `base`.
 */
export function readResults(at: usize, stop: usize, place: f64, base: usize): usize {
  ending = REACHED;
  at = skipSpace(at);
  while (at < stop) {
    const isRecord = load<u8>(at) == OPEN_BRACE && hasRoom();
    const alike = isRecord ? readAlike(at + 1) : 0;
    if (alike != 0) {
      at = load<u8>(alike) == OPEN_BRACE ? alike : skipSpace(alike);
      continue;
    }
    const before = lastImage;
    const end = isRecord ? readRecord(at + 1) : 0;
    let next: usize = 0;
    let byte: u32 = 0;
    if (end != 0) {
      next = skipSpace(end);
      byte = load<u8>(next);
    }
    if ((byte != COMMA && byte != CLOSE_BRACKET) || !keepRecord(place + <f64>(at - base))) {
      ending = STOPPED;
      return at;
    }
    if (byte == CLOSE_BRACKET) {
      ending = CLOSED;
      return next;
    }
    const start = at + 1;
    at = skipSpace(next + 1);
    learnClass(categoryAt, categoryEnd, lastCategory);
    // Where images come in any order there is nothing to gain from the last one's spelling.
    if (lastImage == before && imageAt < categoryAt && nameAt < categoryAt) {
      learnShape(start, categoryAt, categoryEnd, boxAt, boxEnd, scoreAt, scoreEnd, at, lastImage);
    }
  }
  return at;
}

/**
 * A record of the image of the one before, spelled like it; where the next starts, or 0 where it is not. Values are read
 * where the spelling says that they are; only then is it asked whether it was right.
 */
@inline
function readAlike(at: usize): usize {
  if (!hasHead(at)) return 0;
  at += headBytes();
  const digits = classDigits(at);
  const klass = spelledClass(at, digits);
  if (klass == 0) return 0;
  at += digits;
  let difference = seamDifference(CLASS_TO_BOX, at);
  const box = nextBox();
  at = readBox(at + seamBytes(CLASS_TO_BOX), box);
  if (at == 0) return 0;
  difference = v128.or(difference, seamDifference(BOX_TO_SCORE, at));
  at = readPositive(at + seamBytes(BOX_TO_SCORE), nextScore());
  if (at == 0) return 0;
  difference = v128.or(difference, seamDifference(SCORE_TO_NEXT, at));
  if (v128.any_true(difference) || !isUsable(box)) return 0;
  keep(headImage(), <i32>klass - 1);
  return at + seamBytes(SCORE_TO_NEXT);
}

/** `at`: after the opening brace. The record's end, or 0. */
@inline
function readRecord(at: usize): usize {
  let has = 0;
  nameAt = 0;
  nameLength = 0;
  while (true) {
    if (load<u8>(at) != QUOTE) {
      at = skipSpace(at);
      if (load<u8>(at) != QUOTE) return 0;
    }
    const name = at + 1;
    const first = load<u64>(name);
    if (first == IMAGE_ID && load<u8>(name, 8) == QUOTE) {
      at = skipColon(name + 9);
      imageAt = at;
      at = at == 0 ? 0 : readNumber(at, scrap);
      imageId = load<f64>(scrap);
      has |= HAS_IMAGE;
    } else if (first == CATEGORY && load<u32>(name, 8) == CATEGORY_REST) {
      at = skipColon(name + 12);
      categoryAt = at;
      at = at == 0 ? 0 : readNumber(at, scrap);
      categoryEnd = at;
      categoryId = load<f64>(scrap);
      has |= HAS_CATEGORY;
    } else if ((first & BBOX_MASK) == BBOX) {
      at = skipColon(name + 5);
      boxAt = at + 1;
      at = at == 0 || load<u8>(at) != OPEN_BRACKET ? 0 : readBox(boxAt, nextBox());
      boxEnd = at;
      has |= HAS_BOX;
    } else if ((first & SCORE_MASK) == SCORE) {
      at = skipColon(name + 6);
      scoreAt = at;
      at = at == 0 ? 0 : readNumber(at, nextScore());
      scoreEnd = at;
      has |= HAS_SCORE;
    } else if (first == FILE_NAME && <u32>load<u16>(name, 8) == FILE_NAME_REST) {
      at = skipColon(name + 10);
      if (at == 0 || load<u8>(at) != QUOTE) return 0;
      nameAt = at + 1;
      at = skipString(nameAt);
      if (hasEscape()) return 0;
      nameLength = at == 0 ? 0 : <u32>(at - nameAt - 1);
    } else at = skipOther(name);
    if (at == 0) return 0;
    let byte: u32 = load<u8>(at);
    if (byte <= SMALL) {
      at = skipSpace(at);
      byte = load<u8>(at);
    }
    at++;
    if (byte == CLOSE_BRACE) return has == HAS_ALL ? at : 0;
    if (byte != COMMA) return 0;
    if (load<u8>(at) == SMALL) at++;
  }
}

/** A member that nobody reads. A name with escapes could be any, so it is not for this reader. */
function skipOther(name: usize): usize {
  let at = skipString(name);
  if (at == 0 || hasEscape()) return 0;
  at = skipColon(at);
  return at == 0 ? 0 : skipValue(at, 0);
}

/** Whether the plain reader keeps the record as it is. */
@inline
function isUsable(box: usize): bool {
  // -0 is no size below 0.
  return !sawInfinite() && load<f64>(box, 16) >= 0 && load<f64>(box, 24) >= 0;
}

/** False where the record is one that the plain reader has to judge. */
@inline
function keepRecord(place: f64): bool {
  if (!isUsable(nextBox()) || !findImage(place) || !findCategory(place)) return false;
  keep(lastImage, lastCategory);
  return true;
}

@inline
function findImage(place: f64): bool {
  if (imageId == lastImageId && hasName(entryAt(imageTable, lastImage), nameAt, nameLength)) return true;
  if (!isId(imageId)) return false;
  const index = indexOf(imageTable, imageId, nameAt, nameLength, place);
  if (index < 0) return false;
  lastImage = index;
  lastImageId = imageId;
  return true;
}

@inline
function findCategory(place: f64): bool {
  if (categoryId == lastCategoryId) return true;
  if (!isId(categoryId)) return false;
  const index = indexOf(categoryTable, categoryId, 0, 0, place);
  if (index < 0) return false;
  lastCategory = index;
  lastCategoryId = categoryId;
  return true;
}

/**
 * From `at` on the first `{` after `}` and `,` (looking back no further than `lowest`), or `end`. A guess: it may lie
 * within a string or a nested list, which shows when the part before ends elsewhere.
 */
export function guessRecord(at: usize, lowest: usize, end: usize): usize {
  for (; at < end; at++) {
    if (load<u8>(at) != OPEN_BRACE) continue;
    const comma = backOverSpace(at - 1, lowest);
    if (comma <= lowest || load<u8>(comma) != COMMA) continue;
    const brace = backOverSpace(comma - 1, lowest);
    if (brace >= lowest && load<u8>(brace) == CLOSE_BRACE) return at;
  }
  return end;
}

function backOverSpace(at: usize, lowest: usize): usize {
  while (at > lowest && load<u8>(at) <= SMALL) at--;
  return at;
}
