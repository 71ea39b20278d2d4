/**
 * The spelling of the record before. Writers spell every record alike, and the records of one image stand together: their
 * bytes up to the class (members of the image, the class's own name) are the same, and so is what stands between the
 * values after it. What is spelled the same reads the same: the grammar was checked and the image found when it was
 * learned, so that equal bytes are passed by without reading them. Anything else is read member by member.
 */

import { LONGEST_HEAD, LONGEST_SEAM, SHAPE_BYTES, SPELLED_CLASSES } from "./layout";

/** Where the shape lies in its memory: the head, 16 bytes for each seam, ones where it has a byte, classes by number. */
const SEAMS: usize = LONGEST_HEAD;
const SEAM_BITS: usize = SEAMS + 3 * LONGEST_SEAM;
const CLASSES: usize = SHAPE_BYTES - (SPELLED_CLASSES << 2);
const SHORTEST_HEAD: usize = 16;
const MOST_CLASS_DIGITS: usize = 4;
/** Most classes that a spelling can stand for. */
const LARGEST_CLASS: i32 = 0xfffffe;

/** What stands between two values. */
export const CLASS_TO_BOX = 0;
export const BOX_TO_SCORE = 1;
export const SCORE_TO_NEXT = 2;

let shape: usize = 0;
/** 0: none was learned. */
let headLength: usize = 0;
let image: i32 = -1;
/** Bytes of each seam. */
let classToBox: usize = 0;
let boxToScore: usize = 0;
let scoreToNext: usize = 0;

/** SHAPE_BYTES at `at` are this thread's; nothing is known. */
export function useShapeMemory(at: usize): void {
  shape = at;
  headLength = 0;
  memory.fill(at + CLASSES, 0, SPELLED_CLASSES << 2);
}

/** Index of the image whose records have the head. */
@inline
export function headImage(): i32 {
  return image;
}

@inline
export function headBytes(): usize {
  return headLength;
}

/** Whether the record at `at`, which is after its brace, has the head. */
@inline
export function hasHead(at: usize): bool {
  if (headLength == 0) return false;
  const last = headLength - 16;
  let same = i8x16.eq(v128.load(at + last), v128.load(shape + last));
  for (let from: usize = 0; from < last; from += 16) {
    same = v128.and(same, i8x16.eq(v128.load(at + from), v128.load(shape + from)));
  }
  return i8x16.bitmask(same) == 0xffff;
}

@inline
export function seamBytes(seam: u32): usize {
  return seam == CLASS_TO_BOX ? classToBox : seam == BOX_TO_SCORE ? boxToScore : scoreToNext;
}

/** All zeros where the seam stands at `at`. */
@inline
export function seamDifference(seam: u32, at: usize): v128 {
  const place = <usize>seam << 4;
  return v128.and(v128.xor(v128.load(at), v128.load(shape + place, SEAMS)), v128.load(shape + place, SEAM_BITS));
}

/** Digits of the whole number at `at`, at most four; more are counted as four. */
@inline
function digitCount(word: u32): u32 {
  const values = word ^ 0x30303030;
  // The top bit of each byte whose value is above 9, right up to the first such byte.
  return <u32>(ctz(<u64>((values + 0x76767676) | values) & 0x80808080 | 0x8000000000) >> 3);
}

/** Address of the entry of the class spelled at `at` by `digits` digits, 0 where it has none. */
@inline
function classEntry(word: u32, digits: u32): usize {
  if (digits == 0 || (digits > 1 && (word & 255) == 48)) return 0;
  const values = (word << (32 - (digits << 3))) & 0x0f0f0f0f;
  const pairs = (values * 10 + (values >> 8)) & 0x00ff00ff;
  return shape + CLASSES + (<usize>(((pairs * 100 + (pairs >> 16)) & 0xffff)) << 2);
}

/** Digits of the class's id at `at`. */
@inline
export function classDigits(at: usize): u32 {
  return digitCount(load<u32>(at));
}

/** The class whose id is spelled by so many digits at `at`: its index + 1, 0 where none was learned. */
@inline
export function spelledClass(at: usize, digits: u32): u32 {
  const entry = classEntry(load<u32>(at), digits);
  return entry == 0 ? 0 : load<u32>(entry);
}

/** A class whose id was read from [at, end). */
@inline
export function learnClass(at: usize, end: usize, index: i32): void {
  if (end - at > MOST_CLASS_DIGITS || index > LARGEST_CLASS) return;
  const word = load<u32>(at);
  const digits = digitCount(word);
  const entry = <usize>digits == end - at ? classEntry(word, digits) : 0;
  if (entry != 0) store<u32>(entry, <u32>index + 1);
}

/** The record at `start`, after its brace, by where its last three values, in this order, and the next record lie. */
export function learnShape(
  start: usize, classAt: usize, classEnd: usize, boxAt: usize, boxEnd: usize, scoreAt: usize, scoreEnd: usize,
  next: usize, headImage: i32,
): void {
  headLength = 0;
  const length = classAt - start;
  if (length < SHORTEST_HEAD || length > <usize>LONGEST_HEAD) return;
  if (!learnSeam(CLASS_TO_BOX, classEnd, boxAt) || !learnSeam(BOX_TO_SCORE, boxEnd, scoreAt)) return;
  if (!learnSeam(SCORE_TO_NEXT, scoreEnd, next)) return;
  memory.copy(shape, start, length);
  image = headImage;
  headLength = length;
}

/** False where the seam is too long, or its ends stand in another order. */
function learnSeam(seam: u32, from: usize, to: usize): bool {
  const length = to - from;
  if (to <= from || length > <usize>LONGEST_SEAM) return false;
  const place = shape + (<usize>seam << 4);
  v128.store(place, v128.load(from), SEAMS);
  memory.fill(place + SEAM_BITS, 0, LONGEST_SEAM);
  memory.fill(place + SEAM_BITS, 255, length);
  if (seam == CLASS_TO_BOX) classToBox = length;
  else if (seam == BOX_TO_SCORE) boxToScore = length;
  else scoreToNext = length;
  return true;
}
