/**
 * CRC-32C over bytes in this memory. A checksum is the rest of the bytes, taken as one polynomial, divided by the CRC's.
 * A multiple of the CRC's polynomial with few terms leaves the rest as it is: of
 * x^(128 * 209) + x^(128 * 144) + x^(128 * 54) + x^(128 * 39) + x^(128 * 14) + 1, all terms but the first say where 16
 * bytes can be added instead of where they stand. So all but the last 209 vectors are folded away with additions alone,
 * no table and no bit shifted (the idea: A. Audet et al., "Chorba", 2024; this multiple was searched for, vectors as
 * whole steps, the fewest terms and the nearest). What is left goes eight bytes a step through tables (M. Kounavis and
 * F. Berry, 2005).
 */
import { CHECKSUM_ROOM } from "./layout";

const POLYNOMIAL: u32 = 0x82f63b78;
const SLICES: u32 = 8;
const TABLE_BYTES: usize = 1024;

/** How many bytes further each term of the multiple adds a vector. */
const FIRST: usize = 65 * 16;
const SECOND: usize = 155 * 16;
const THIRD: usize = 170 * 16;
const FOURTH: usize = 195 * 16;
const FIFTH: usize = CHECKSUM_ROOM;
/** Fewer bytes are not worth folding. */
const WORTH_FOLDING: usize = 2 * FIFTH;

/** Fills the tables at `tables`: 8 KB. */
export function fillChecksumTables(tables: usize): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    store<u32>(tables + (<usize>byte << 2), crc);
  }
  for (let at: usize = 256; at < 256 * SLICES; at++) {
    const before = load<u32>(tables + ((at - 256) << 2));
    store<u32>(tables + (at << 2), (before >>> 8) ^ load<u32>(tables + (<usize>(before & 0xff) << 2)));
  }
}

/** A table's place is an immediate of the load: no sum for each byte. */
@inline
function step(tables: usize, crc: u32, at: usize): u32 {
  const low = crc ^ load<u32>(at);
  const high = load<u32>(at, 4);
  return (
    load<u32>(tables + ((low << 2) & 1020), 7 * TABLE_BYTES) ^
    load<u32>(tables + ((low >>> 6) & 1020), 6 * TABLE_BYTES) ^
    load<u32>(tables + ((low >>> 14) & 1020), 5 * TABLE_BYTES) ^
    load<u32>(tables + ((low >>> 24) << 2), 4 * TABLE_BYTES) ^
    load<u32>(tables + ((high << 2) & 1020), 3 * TABLE_BYTES) ^
    load<u32>(tables + ((high >>> 6) & 1020), 2 * TABLE_BYTES) ^
    load<u32>(tables + ((high >>> 14) & 1020), TABLE_BYTES) ^
    load<u32>(tables + ((high >>> 24) << 2))
  );
}

/** The vector at `at` with all that folding adds to it. */
@inline
function folded(at: usize): v128 {
  const start = at - FIFTH;
  const near = v128.xor(v128.load(start, FIFTH - FIRST), v128.load(start, FIFTH - SECOND));
  const far = v128.xor(v128.load(start, FIFTH - THIRD), v128.load(start, FIFTH - FOURTH));
  return v128.xor(v128.xor(v128.load(at), v128.load(start)), v128.xor(near, far));
}

/** Adds to the vectors from `from` on what folding those before `from` adds over that distance. */
@inline
function foldInto(from: usize, distance: usize): void {
  for (let at = from; at < from + distance; at += 16) {
    v128.store(at, v128.xor(v128.load(at), v128.load(at - distance)));
  }
}

/** Folds vectors from `from` on into those from `last` on: what lies between counts as zeros from then on. */
function foldAll(from: usize, last: usize): void {
  memory.fill(from - FIFTH, 0, FIFTH);
  let at = from;
  // The nearest distance is longer than two vectors.
  for (; at + 32 <= last; at += 32) {
    const first = folded(at);
    const second = folded(at + 16);
    v128.store(at, first);
    v128.store(at, second, 16);
  }
  if (at < last) v128.store(at, folded(at));
  foldInto(last, FIRST);
  foldInto(last, SECOND);
  foldInto(last, THIRD);
  foldInto(last, FOURTH);
  foldInto(last, FIFTH);
}

/**
 * The checksum's register after `length` bytes at `from`, from `start`; neither is inverted here. The bytes, and the
 * CHECKSUM_ROOM before them, are written over.
 */
export function crc32c(tables: usize, start: u32, from: usize, length: u32): u32 {
  let crc = start;
  let at = from;
  const end = from + length;
  if (length >= <u32>WORTH_FOLDING) {
    // A register is added to the first bytes after it.
    store<u32>(at, load<u32>(at) ^ crc);
    const last = from + (<usize>(length - <u32>FIFTH) & ~15);
    foldAll(from, last);
    crc = 0;
    at = last;
  }
  for (; at + 8 <= end; at += 8) crc = step(tables, crc, at);
  for (; at < end; at++) crc = (crc >>> 8) ^ load<u32>(tables + (((crc ^ <u32>load<u8>(at)) & 0xff) << 2));
  return crc;
}
