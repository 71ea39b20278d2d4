/**
 * COCO's evaluation of one class: matching and accumulation, with what `cell-matcher.ts` and `coco-accumulate.ts` do,
 * step for step, so that every number comes out the same to the last bit. docs/metrics.md has the rules.
 *
 * Parameters lie at RULE: thresholds (rising f64, as they are compared), area ranges (lower ends, then upper ends, f64),
 * limits on detections (rising u32), then numbers of thresholds, ranges and limits, the range that counts go by, whether areas are those of
 * the boxes (u32), and the confidence at which counts stand (f64).
 */
import {
  CROWD_BIT,
  RECALLS,
  RULE_COUNTS,
  RULE_LIMITS,
  RULE_POINT,
  RULE_THRESHOLDS,
  SPREAD,
  SUMMARY_HEAD_BYTES,
  TRUTH_BITS,
  TRUTH_BYTES,
  TRUTH_PLACE,
} from "./layout";
import { rangeBits } from "./grouping";
import { COUNTER_BYTES, scoreKey, sortByKey, sortByScore, sortCell } from "./sorting";

/** `np.spacing(1)`, which pycocotools adds to the denominator of precision. */
const EPSILON: f64 = 2.220446049250313e-16;
const POINTS = 101;
/** Shrinks a bound by more than one division can round: what is below it is surely below the threshold. */
const SURELY: f64 = 1 - 1e-12;

/** Prediction with a candidate: masks of thresholds matched and ignored by range (4 u16 each), candidates, rank, bits. */
const HIT_BYTES: usize = 32;
/** Candidate: IoU f64, truth within the cell u32, mask of thresholds u32. */
const CANDIDATE_BYTES: usize = 16;
/** Hit in the order of scores: false positives before it by range (4 u32), masks (16 bytes), rank u32. */
const LISTED_BYTES: usize = 40;
/** Set beside the bits of area ranges where the score reaches the point of the counts. */
const ABOVE: u32 = 16;
const IS_HIT: u32 = 0x80000000;

let counters: usize, needed: usize, free: usize, elements: usize, sides: usize, hits: usize, listed: usize;
let curve: usize, falseBefore: usize, ranks: usize, precisions: usize, candidates: usize, candidatesEnd: usize;
let hitCount: i32 = 0;
let elementCount: i32 = 0;

/** Candidates of one cell. */
const MOST_CANDIDATES: usize = 1 << 19;

/** Once: tables that do not depend on parameters. */
export function fillEvaluationTables(): void {
  const step: f64 = 1.0 / 100.0;
  for (let point = 0; point < POINTS - 1; point++) store<f64>(RECALLS + (<usize>point << 3), <f64>point * step);
  store<f64>(RECALLS + (<usize>(POINTS - 1) << 3), 1);
  for (let bits: u32 = 0; bits < 16; bits++) {
    for (let range: u32 = 0; range < 4; range++) store<u32>(SPREAD + (<usize>((bits << 2) + range) << 2), (bits >> range) & 1);
  }
}

/** Bytes that a thread needs for any cell of classes with up to so many annotations. */
export function cellBytes(annotations: usize): usize {
  return (annotations << 1) + MOST_CANDIDATES * CANDIDATE_BYTES + COUNTER_BYTES + 1024;
}

export function useCellMemory(at: usize, annotations: usize): void {
  counters = at;
  needed = counters + COUNTER_BYTES;
  candidates = needed + 512;
  candidatesEnd = candidates + MOST_CANDIDATES * CANDIDATE_BYTES;
  free = candidatesEnd;
}

/** Bytes that a thread needs besides for a class of so many predictions. */
export function classBytes(predictions: f64): f64 {
  return predictions * <f64>(8 + 8 + HIT_BYTES + LISTED_BYTES + 8 + 12 + 4 + 4) + 64;
}

export function useClassMemory(at: usize, predictions: usize): void {
  elements = at;
  sides = elements + (predictions << 3);
  hits = sides + (predictions << 3);
  listed = hits + predictions * HIT_BYTES;
  precisions = listed + predictions * LISTED_BYTES;
  curve = precisions + (predictions << 3);
  falseBefore = curve + predictions * 12;
  ranks = falseBefore + (predictions << 2);
}

@inline
function thresholdCount(): u32 {
  return load<u32>(RULE_COUNTS);
}
@inline
function rangeCount(): u32 {
  return load<u32>(RULE_COUNTS, 4);
}
@inline
function limitCount(): u32 {
  return load<u32>(RULE_COUNTS, 8);
}
@inline
function threshold(index: u32): f64 {
  return load<f64>(RULE_THRESHOLDS + (<usize>index << 3));
}
@inline
function limitAt(index: u32): u32 {
  return load<u32>(RULE_LIMITS + (<usize>index << 2));
}

/**
 * One class: `list` has its `count` predictions, elements (place, address) in file order, and is sorted here; its
 * annotations are [truth, truthEnd). `summary`: see `layout.ts`. False where a cell is too crowded for this evaluator.
 */
export function evaluateClass(list: usize, count: i32, truth: usize, truthEnd: usize, summary: usize): bool {
  hitCount = 0;
  elementCount = 0;
  // Until there are elements their memory serves as the sort's, and the list serves as theirs once it is matched.
  const sorted = sortByKey(list, elements, count, counters);
  if (sorted != list) memory.copy(list, sorted, <usize>count << 3);
  if (!matchCells(list, count, truth, truthEnd)) return false;
  summarize(sortByScore(elements, list, elementCount, counters, sides), truth, truthEnd, summary);
  return true;
}

/** Image by image: `list` and annotations both stand by place. */
function matchCells(list: usize, count: i32, truth: usize, truthEnd: usize): bool {
  const end = list + (<usize>count << 3);
  while (list < end) {
    const place = load<u32>(list, 4);
    let next = list + 8;
    while (next < end && load<u32>(next, 4) == place) next += 8;
    while (truth < truthEnd && load<u32>(truth, TRUTH_PLACE) < place) truth += TRUTH_BYTES;
    const first = truth;
    while (truth < truthEnd && load<u32>(truth, TRUTH_PLACE) == place) truth += TRUTH_BYTES;
    if (!matchCell(list, <i32>((next - list) >> 3), first, <i32>((truth - first) / TRUTH_BYTES))) return false;
    list = next;
  }
  return true;
}

/** One image: predictions by falling score, up to the largest limit, each with the annotations it could match. */
function matchCell(list: usize, size: i32, truth: usize, truths: i32): bool {
  sortCell(list, elements + (<usize>elementCount << 3), size);
  const most = limitAt(limitCount() - 1);
  const kept = <u32>size > most ? <i32>most : size;
  const point = load<f64>(RULE_POINT);
  const firstHit = hitCount;
  let candidate = candidates;
  for (let rank = 0; rank < kept; rank++) {
    const record = <usize>load<u32>(list + (<usize>rank << 3));
    const score = load<f64>(record, 32);
    const area = load<f64>(record, 16) * load<f64>(record, 24);
    let info = rangeBits(area) | (score >= point ? ABOVE : 0);
    if (truths > 0) {
      if (candidate + <usize>truths * CANDIDATE_BYTES > candidatesEnd) return false;
      const end = findCandidates(record, area, truth, truths, candidate);
      if (end != candidate) {
        const hit = hits + <usize>hitCount * HIT_BYTES;
        store<u64>(hit, 0);
        store<u64>(hit, 0, 8);
        store<u32>(hit, <u32>candidate, 16);
        store<u32>(hit, <u32>end, 20);
        store<u32>(hit, rank, 24);
        store<u32>(hit, info, 28);
        info = IS_HIT | <u32>hitCount;
        hitCount++;
        candidate = end;
      }
    }
    const element = <usize>elementCount << 3;
    store<u32>(elements + element, elementCount);
    store<u32>(elements + element, scoreKey(score), 4);
    store<u32>(sides + element, <u32>reinterpret<u64>(score));
    store<u32>(sides + element, info, 4);
    elementCount++;
  }
  if (hitCount > firstHit) assignCell(firstHit, truth, truths);
  return true;
}

/** Annotations that reach the lowest threshold, highest IoU first, of equal ones the later first. Gives the end of the list. */
@inline
function findCandidates(record: usize, area: f64, truth: usize, truths: i32, first: usize): usize {
  const corner = v128.load(record);
  const far = f64x2.add(corner, v128.load(record, 16));
  const lowest = threshold(0);
  const surely = lowest * SURELY;
  const thresholds = thresholdCount();
  let end = first;
  for (let index = 0; index < truths; index++) {
    const other = truth + <usize>index * TRUTH_BYTES;
    const overlap = f64x2.sub(f64x2.pmin(far, v128.load(other, 16)), f64x2.pmax(corner, v128.load(other)));
    const shared = f64x2.pmax(overlap, f64x2.splat(0));
    const intersection = f64x2.extract_lane(shared, 0) * f64x2.extract_lane(shared, 1);
    const isCrowd = (load<u32>(other, TRUTH_BITS) & CROWD_BIT) != 0;
    const whole = isCrowd ? area : area + load<f64>(other, 32) - intersection;
    // One branch for "no overlap" and "too little", without a division; each alone would be a coin toss.
    if (!(intersection > 0) | (intersection < whole * surely)) continue;
    const iou = intersection / whole;
    if (iou < lowest) continue;
    let step: u32 = 1;
    while (step < thresholds && iou >= threshold(step)) step++;
    const mask: u32 = (1 << step) - 1;
    let place = end;
    while (place > first && load<f64>(place - CANDIDATE_BYTES) <= iou) {
      v128.store(place, v128.load(place - CANDIDATE_BYTES));
      place -= CANDIDATE_BYTES;
    }
    store<f64>(place, iou);
    store<u32>(place, index, 8);
    store<u32>(place, mask, 12);
    end += CANDIDATE_BYTES;
  }
  return end;
}

/**
 * All thresholds at once over bit masks, range by range. Where no annotation or every one is ignored in a range, ranges
 * match alike: such a result is made once and copied. A crowd is ignored in all ranges, so with one nothing is shared.
 */
function assignCell(firstHit: i32, truth: usize, truths: i32): void {
  const ranges = rangeCount();
  let somewhere: u32 = 0;
  let everywhere: u32 = 0xffffffff;
  for (let index = 0; index < truths; index++) {
    const bits = load<u32>(truth + <usize>index * TRUTH_BYTES, TRUTH_BITS);
    somewhere |= bits;
    everywhere &= bits;
  }
  let shared = -1;
  for (let range: u32 = 0; range < ranges; range++) {
    const bit: u32 = 1 << range;
    const areAllIgnored = (everywhere & bit) != 0;
    const isUniform = areAllIgnored || (somewhere & bit) == 0;
    if (isUniform && shared >= 0) {
      for (let index = firstHit; index < hitCount; index++) {
        const hit = hits + <usize>index * HIT_BYTES;
        store<u16>(hit + (<usize>range << 1) + (areAllIgnored ? 8 : 0), load<u16>(hit + (<usize>shared << 1)));
      }
    } else {
      assignRange(firstHit, range, truth, truths, (somewhere & bit) != 0);
      if (isUniform && !areAllIgnored) shared = range;
    }
  }
}

function assignRange(firstHit: i32, range: u32, truth: usize, truths: i32, areSomeIgnored: bool): void {
  const bit: u32 = 1 << range;
  const full: u32 = (1 << thresholdCount()) - 1;
  for (let index = 0; index < truths; index++) store<u16>(free + (<usize>index << 1), <u16>full);
  for (let index = firstHit; index < hitCount; index++) {
    const hit = hits + <usize>index * HIT_BYTES;
    const first = <usize>load<u32>(hit, 16);
    const end = <usize>load<u32>(hit, 20);
    let open = full;
    let matched: u32 = 0;
    let ignored: u32 = 0;
    for (let candidate = first; candidate < end; candidate += CANDIDATE_BYTES) {
      const other = <usize>load<u32>(candidate, 8);
      if (areSomeIgnored && load<u32>(truth + other * TRUTH_BYTES, TRUTH_BITS) & bit) continue;
      const isFree = load<u16>(free + (other << 1));
      const taken = open & load<u32>(candidate, 12) & isFree;
      open ^= taken;
      matched |= taken;
      store<u16>(free + (other << 1), <u16>(isFree ^ taken));
    }
    // Ignored annotations come last, whatever their IoU: a counted match is never given up for one.
    if (areSomeIgnored) {
      for (let candidate = first; candidate < end; candidate += CANDIDATE_BYTES) {
        const other = <usize>load<u32>(candidate, 8);
        const bits = load<u32>(truth + other * TRUTH_BYTES, TRUTH_BITS);
        if (!(bits & bit)) continue;
        const isFree = load<u16>(free + (other << 1));
        const isCrowd = (bits & CROWD_BIT) != 0;
        const taken = open & load<u32>(candidate, 12) & (isCrowd ? full : isFree);
        open ^= taken;
        ignored |= taken;
        if (!isCrowd) store<u16>(free + (other << 1), <u16>(isFree ^ taken));
      }
    }
    store<u16>(hit + (<usize>range << 1), <u16>matched);
    store<u16>(hit + (<usize>range << 1), <u16>ignored, 8);
  }
}

/** Positives, counts at the point, and of every curve at the largest limit the sum over recall points and the recalls. */
function summarize(order: usize, truth: usize, truthEnd: usize, summary: usize): void {
  const ranges = rangeCount();
  const thresholds = thresholdCount();
  const limits = limitCount();
  const listedCount = listHits(order, summary);
  const sums = summary + SUMMARY_HEAD_BYTES;
  const recalls = sums + (<usize>(thresholds * ranges) << 3);
  memory.fill(sums, 0, <usize>(thresholds * ranges * (1 + limits)) << 3);
  for (let range: u32 = 0; range < ranges; range++) {
    let positives = 0;
    for (let at = truth; at < truthEnd; at += TRUTH_BYTES) positives += <i32>((load<u32>(at, TRUTH_BITS) >> range) & 1 ^ 1);
    store<u32>(summary + (<usize>range << 2), positives);
    if (positives == 0) continue;
    findNeededHits(positives);
    const length = chooseHits(listedCount, range);
    for (let step: u32 = 0; step < thresholds; step++) {
      const cell = <usize>(step * ranges + range);
      const found = walk(length, step);
      store<f64>(sums + (cell << 3), samplePrecision(found));
      setRecalls(recalls + ((cell * limits) << 3), found, positives);
    }
  }
}

/**
 * Hits in the order of scores, each with the false positives without candidates before it by range; gives how many. On
 * the way the true and false ones at the point of the counts.
 */
function listHits(order: usize, summary: usize): i32 {
  const all = load<u32>(RULE_COUNTS, 12);
  let before = i32x4.splat(0);
  let length = 0;
  let truePositives = 0;
  let falsePositives = 0;
  for (let position = 0; position < elementCount; position++) {
    const side = sides + (<usize>load<u32>(order + (<usize>position << 3)) << 3);
    const info = load<u32>(side, 4);
    if (info & IS_HIT) {
      const hit = hits + <usize>(info ^ IS_HIT) * HIT_BYTES;
      const entry = listed + <usize>length * LISTED_BYTES;
      v128.store(entry, before);
      v128.store(entry, v128.load(hit), 16);
      store<u32>(entry, load<u32>(hit, 24), 32);
      store<u32>(entry, load<u32>(hit, 28), 36);
      length++;
      const bits = load<u32>(hit, 28);
      if (bits & ABOVE) {
        const isTrue = load<u16>(hit + (<usize>all << 1)) & 1;
        const isIgnored = load<u16>(hit + (<usize>all << 1), 8) & 1;
        truePositives += isTrue;
        falsePositives += !isTrue && !isIgnored ? <i32>((bits >> all) & 1) : 0;
      }
    } else {
      before = i32x4.add(before, v128.load(SPREAD + (<usize>(info & 15) << 4)));
      if (info & ABOVE) falsePositives += <i32>((info >> all) & 1);
    }
  }
  store<u32>(summary, truePositives, 16);
  store<u32>(summary, falsePositives, 20);
  return length;
}

/** By recall point the least whole c with c / positives >= point. */
function findNeededHits(positives: i32): void {
  for (let point = 0; point < POINTS; point++) {
    const recall = load<f64>(RECALLS + (<usize>point << 3));
    let count = <i32>ceil(recall * <f64>positives) - 1;
    if (count < 0) count = 0;
    while (count <= positives && <f64>count / <f64>positives < recall) count++;
    store<i32>(needed + (<usize>point << 2), count);
  }
}

/** Hits that are true or false at some threshold in the range: false positives before (u32), masks (u32), rank (u32). */
function chooseHits(listedCount: i32, range: u32): i32 {
  const full: u32 = (1 << thresholdCount()) - 1;
  let length = 0;
  for (let index = 0; index < listedCount; index++) {
    const entry = listed + <usize>index * LISTED_BYTES;
    const matched = <u32>load<u16>(entry + (<usize>range << 1), 16);
    const ignored = <u32>load<u16>(entry + (<usize>range << 1), 24);
    const isInside = (load<u32>(entry, 36) >> range) & 1;
    const wrong = isInside ? ~(matched | ignored) & full : 0;
    if ((matched | wrong) == 0) continue;
    const chosen = curve + <usize>length * 12;
    length++;
    store<u32>(chosen, load<u32>(entry + (<usize>range << 2)));
    store<u32>(chosen, matched | (wrong << 16), 4);
    store<u32>(chosen, load<u32>(entry, 32), 8);
  }
  return length;
}

/** True positives of one curve: false positives before each, and its rank; gives how many. No branch: they alternate at random. */
function walk(length: i32, step: u32): i32 {
  let found: u32 = 0;
  let wrong: u32 = 0;
  for (let index = 0; index < length; index++) {
    const chosen = curve + <usize>index * 12;
    const masks = load<u32>(chosen, 4) >> step;
    store<u32>(falseBefore + (<usize>found << 2), load<u32>(chosen) + wrong);
    store<u32>(ranks + (<usize>found << 2), load<u32>(chosen, 8));
    found += masks & 1;
    wrong += (masks >> 16) & 1;
  }
  return <i32>found;
}

/** Sum over the recall points of the highest precision from there on. */
function samplePrecision(found: i32): f64 {
  if (found == 0) return 0;
  let highest: f64 = 0;
  for (let index = found - 1; index >= 0; index--) {
    const all = <f64>(load<u32>(falseBefore + (<usize>index << 2)) + <u32>index + 1);
    highest = max(highest, <f64>(index + 1) / (all + EPSILON));
    store<f64>(precisions + (<usize>index << 3), highest);
  }
  let total: f64 = 0;
  for (let point = 0; point < POINTS; point++) {
    const count = load<i32>(needed + (<usize>point << 2));
    if (count > found) break;
    total += load<f64>(precisions + (<usize>(count == 0 ? 0 : count - 1) << 3));
  }
  return total;
}

/** Recall at every limit; a smaller limit only takes the lower ranks away. */
function setRecalls(recalls: usize, found: i32, positives: i32): void {
  const last = limitCount() - 1;
  for (let limit: u32 = 0; limit < last; limit++) {
    const most = limitAt(limit);
    let within = 0;
    for (let index = 0; index < found; index++) within += <i32>(load<u32>(ranks + (<usize>index << 2)) < most);
    store<f64>(recalls + (<usize>limit << 3), <f64>within / <f64>positives);
  }
  store<f64>(recalls + (<usize>last << 3), <f64>found / <f64>positives);
}
