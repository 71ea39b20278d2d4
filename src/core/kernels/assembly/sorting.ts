/** Stable sorts of elements whose upper 32 bits are the key. */

export const COUNTER_BYTES: usize = 16384;
const MOST_BITS: u32 = 12;
/** Fewer are sorted by insertion. */
const FEW = 40;

@inline
export function keyOf(element: usize): u32 {
  return load<u32>(element, 4);
}

/**
 * Sorts `count` elements at `a` by rising key; elements of one key keep their order. `b`: room for as many; `counters`:
 * COUNTER_BYTES. Gives where the sorted ones are: `a` or `b`. A radix sort over only those bits in which keys differ.
 */
export function sortByKey(a: usize, b: usize, count: i32, counters: usize): usize {
  let lowest: u32 = 0xffffffff;
  let highest: u32 = 0;
  let isSorted = true;
  let last: u32 = 0;
  for (let index = 0; index < count; index++) {
    const key = keyOf(a + (<usize>index << 3));
    if (key < last) isSorted = false;
    last = key;
    lowest = min(lowest, key);
    highest = max(highest, key);
  }
  if (isSorted) return a;
  if (count < FEW) {
    insertByKey(a, count);
    return a;
  }
  const bits: u32 = 32 - <u32>clz(highest - lowest);
  const passes: u32 = (bits + MOST_BITS - 1) / MOST_BITS;
  const width: u32 = (bits + passes - 1) / passes;
  for (let pass: u32 = 0; pass < passes; pass++) {
    scatterByKey(a, b, count, counters, lowest, pass * width, (1 << width) - 1);
    const sorted = b;
    b = a;
    a = sorted;
  }
  return a;
}

function scatterByKey(a: usize, b: usize, count: i32, counters: usize, lowest: u32, shift: u32, mask: u32): void {
  memory.fill(counters, 0, <usize>(mask + 1) << 2);
  for (let index = 0; index < count; index++) {
    const counter = counters + (<usize>(((keyOf(a + (<usize>index << 3)) - lowest) >> shift) & mask) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
  toStarts(counters, mask + 1);
  for (let index = 0; index < count; index++) {
    const element = load<u64>(a + (<usize>index << 3));
    const counter = counters + (<usize>(((<u32>(element >> 32) - lowest) >> shift) & mask) << 2);
    const place = load<u32>(counter);
    store<u32>(counter, place + 1);
    store<u64>(b + (<usize>place << 3), element);
  }
}

/** Counts to the sums of those before them. */
@inline
export function toStarts(counters: usize, count: u32): void {
  let start: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const counter = counters + (<usize>index << 2);
    const size = load<u32>(counter);
    store<u32>(counter, start);
    start += size;
  }
}

function insertByKey(a: usize, count: i32): void {
  for (let index = 1; index < count; index++) {
    const element = load<u64>(a + (<usize>index << 3));
    const key = <u32>(element >> 32);
    let place = a + (<usize>index << 3);
    while (place > a && keyOf(place - 8) > key) {
      store<u64>(place, load<u64>(place - 8));
      place -= 8;
    }
    store<u64>(place, element);
  }
}

/**
 * Scores in falling order, which is numpy's stable mergesort of the negated scores. The key is the upper half of the
 * double turned so that it rises while scores fall; equal keys are then told apart by the lower half.
 */
@inline
export function scoreKey(score: f64): u32 {
  // -0 counts as 0.
  const upper = <u32>(reinterpret<u64>(score + 0.0) >> 32);
  return upper >> 31 ? upper : ~(upper | 0x80000000);
}

/**
 * Sorts elements (score key, position) by falling score. `lower`: address of the lower half of the score by position, in
 * steps of 8 bytes. Gives where the sorted ones are.
 */
export function sortByScore(a: usize, b: usize, count: i32, counters: usize, lower: usize): usize {
  const sorted = sortByKey(a, b, count, counters);
  const spare = sorted == a ? b : a;
  for (let from = 0; from < count; ) {
    const key = keyOf(sorted + (<usize>from << 3));
    let to = from + 1;
    while (to < count && keyOf(sorted + (<usize>to << 3)) == key) to++;
    // Keys of negative scores have their top bit set; of those the larger lower half is the smaller score.
    if (to - from > 1) sortRun(sorted + (<usize>from << 3), spare, to - from, counters, lower, key >> 31 ? 0 : 0xffffffff);
    from = to;
  }
  return sorted;
}

/** Rises while the score falls, among scores of one upper half. */
@inline
function lowerKey(element: usize, lower: usize, turn: u32): u32 {
  return load<u32>(lower + (<usize>load<u32>(element) << 3)) ^ turn;
}

function sortRun(a: usize, b: usize, count: i32, counters: usize, lower: usize, turn: u32): void {
  let index = 1;
  while (index < count && lowerKey(a + (<usize>(index - 1) << 3), lower, turn) <= lowerKey(a + (<usize>index << 3), lower, turn)) {
    index++;
  }
  // True ties, the common case.
  if (index == count) return;
  if (count < FEW) {
    for (; index < count; index++) {
      const element = load<u64>(a + (<usize>index << 3));
      const key = lowerKey(a + (<usize>index << 3), lower, turn);
      let place = a + (<usize>index << 3);
      while (place > a && lowerKey(place - 8, lower, turn) > key) {
        store<u64>(place, load<u64>(place - 8));
        place -= 8;
      }
      store<u64>(place, element);
    }
    return;
  }
  // An even number of passes ends where it began.
  for (let shift: u32 = 0; shift < 32; shift += 8) {
    memory.fill(counters, 0, 1024);
    for (let at = 0; at < count; at++) {
      const counter = counters + (<usize>((lowerKey(a + (<usize>at << 3), lower, turn) >> shift) & 255) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
    toStarts(counters, 256);
    for (let at = 0; at < count; at++) {
      const element = a + (<usize>at << 3);
      const counter = counters + (<usize>((lowerKey(element, lower, turn) >> shift) & 255) << 2);
      const place = load<u32>(counter);
      store<u32>(counter, place + 1);
      store<u64>(b + (<usize>place << 3), load<u64>(element));
    }
    const sorted = b;
    b = a;
    a = sorted;
  }
}

@inline
function scoreOf(element: usize): f64 {
  return load<f64>(<usize>load<u32>(element), 32);
}

/**
 * The predictions of one cell, elements whose lower half is the prediction's address, by falling score; equal scores
 * keep their order. Detectors write by score, so runs in order are the rule. `b`: room for as many.
 */
export function sortCell(a: usize, b: usize, count: i32): void {
  if (count <= FEW) {
    insertByScore(a, count);
    return;
  }
  let index = 1;
  while (index < count && scoreOf(a + (<usize>(index - 1) << 3)) >= scoreOf(a + (<usize>index << 3))) index++;
  if (index == count) return;
  for (let from = 0; from < count; from += FEW) insertByScore(a + (<usize>from << 3), min(FEW, count - from));
  const home = a;
  for (let width = FEW; width < count; width <<= 1) {
    for (let from = 0; from < count; from += width << 1) {
      mergeByScore(a, b, from, min(from + width, count), min(from + (width << 1), count));
    }
    const merged = b;
    b = a;
    a = merged;
  }
  if (a != home) memory.copy(home, a, <usize>count << 3);
}

function insertByScore(a: usize, count: i32): void {
  for (let index = 1; index < count; index++) {
    let place = a + (<usize>index << 3);
    const element = load<u64>(place);
    const score = scoreOf(place);
    while (place > a && scoreOf(place - 8) < score) {
      store<u64>(place, load<u64>(place - 8));
      place -= 8;
    }
    store<u64>(place, element);
  }
}

function mergeByScore(a: usize, b: usize, from: i32, middle: i32, to: i32): void {
  let left = from;
  let right = middle;
  for (let place = from; place < to; place++) {
    const isLeft =
      left < middle && (right >= to || scoreOf(a + (<usize>left << 3)) >= scoreOf(a + (<usize>right << 3)));
    const taken = isLeft ? left++ : right++;
    store<u64>(b + (<usize>place << 3), load<u64>(a + (<usize>taken << 3)));
  }
}
