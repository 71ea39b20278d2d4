/**
 * Numbers that records name their image or class by, each once, in the order first met. Open addressing on the 64 bits
 * of the double; a table grows by doubling. Each thread has its own: nothing here is atomic but the memory.
 */
import {
  ENTRY_BYTES,
  ENTRY_FIRST,
  ENTRY_NAME,
  ENTRY_NAME_LENGTH,
  TABLE_COUNT,
  TABLE_ENTRIES,
} from "./layout";
import { allocate } from "./memory";

/** Header: slots u32 (each holds an entry's index + 1), their mask u32, entries u32, their count u32. */
const MASK = 4;
const FIRST_SLOTS: u32 = 1024;

/** The largest whole number that a double tells from its neighbours. */
export const LARGEST_SAFE: f64 = 9007199254740991;

/**
 * Whether the number can be an id here. -0 and 0 are one id to a reader of objects but not by their bits; nobody writes the
 * former. Beyond 2^53 a double may stand for several whole numbers.
 */
@inline
export function isId(value: f64): bool {
  return reinterpret<u64>(value) != 0x8000000000000000 && abs(value) <= LARGEST_SAFE;
}

/** An empty table; false where there is no memory. */
export function makeTable(table: usize): bool {
  store<u32>(table, 0, TABLE_COUNT);
  return makeSlots(table, FIRST_SLOTS);
}

/** Slots for up to half as many entries, and the entries so far. */
function makeSlots(table: usize, slots: u32): bool {
  const address = allocate(<usize>slots << 2);
  const entries = allocate(<usize>(slots >> 1) * ENTRY_BYTES);
  if (address == 0 || entries == 0) return false;
  memory.fill(address, 0, <usize>slots << 2);
  const count = load<u32>(table, TABLE_COUNT);
  if (count > 0) memory.copy(entries, <usize>load<u32>(table, TABLE_ENTRIES), <usize>count * ENTRY_BYTES);
  store<u32>(table, <u32>address);
  store<u32>(table, slots - 1, MASK);
  store<u32>(table, <u32>entries, TABLE_ENTRIES);
  for (let index: u32 = 0; index < count; index++) {
    store<u32>(slotOf(table, load<u64>(entries + <usize>index * ENTRY_BYTES)), index + 1);
  }
  return true;
}

/** Address of the slot that holds the id, or of the free one where it belongs. */
@inline
function slotOf(table: usize, id: u64): usize {
  const slots = <usize>load<u32>(table);
  const mask = load<u32>(table, MASK);
  const entries = <usize>load<u32>(table, TABLE_ENTRIES);
  // The low half of a small whole number is zero: fold it, then spread (Fibonacci hashing).
  let slot = <u32>(((id ^ (id >> 32)) * 0x9e3779b97f4a7c15) >> 32) & mask;
  while (true) {
    const address = slots + (<usize>slot << 2);
    const held = load<u32>(address);
    if (held == 0 || load<u64>(entries + <usize>(held - 1) * ENTRY_BYTES) == id) return address;
    slot = (slot + 1) & mask;
  }
}

@inline
export function entryAt(table: usize, index: i32): usize {
  return <usize>load<u32>(table, TABLE_ENTRIES) + <usize>index * ENTRY_BYTES;
}

/**
 * Index of the id. A new one is added with its name (`length` bytes, may be none) and `place`, where in the file it was
 * met; a known one has to have the same name. -1 where it has another, or where there is no memory.
 */
export function indexOf(table: usize, id: f64, name: usize, length: u32, place: f64): i32 {
  const bits = reinterpret<u64>(id);
  let slot = slotOf(table, bits);
  const held = load<u32>(slot);
  if (held != 0) {
    const index = <i32>(held - 1);
    return hasName(entryAt(table, index), name, length) ? index : -1;
  }
  const count = load<u32>(table, TABLE_COUNT);
  if (count >= (load<u32>(table, MASK) + 1) >> 1) {
    if (!makeSlots(table, (load<u32>(table, MASK) + 1) << 1)) return -1;
    slot = slotOf(table, bits);
  }
  let kept: usize = 0;
  if (length != 0) {
    kept = allocate(<usize>length + 16);
    if (kept == 0) return -1;
    memory.copy(kept, name, length);
  }
  const entry = entryAt(table, <i32>count);
  store<f64>(entry, id);
  store<f64>(entry, place, ENTRY_FIRST);
  store<u32>(entry, <u32>kept, ENTRY_NAME);
  store<u32>(entry, length, ENTRY_NAME_LENGTH);
  store<u32>(slot, count + 1);
  store<u32>(table, count + 1, TABLE_COUNT);
  return <i32>count;
}

@inline
export function hasName(entry: usize, name: usize, length: u32): bool {
  return load<u32>(entry, ENTRY_NAME_LENGTH) == length && isSame(<usize>load<u32>(entry, ENTRY_NAME), name, length);
}

/** Both may be read up to 15 bytes beyond their end. */
@inline
function isSame(left: usize, right: usize, length: u32): bool {
  let at: u32 = 0;
  while (at < length) {
    const equal = <u32>i8x16.bitmask(i8x16.eq(v128.load(left + at), v128.load(right + at)));
    const wanted: u32 = length - at >= 16 ? 0xffff : (1 << (length - at)) - 1;
    if ((equal & wanted) != wanted) return false;
    at += 16;
  }
  return true;
}
