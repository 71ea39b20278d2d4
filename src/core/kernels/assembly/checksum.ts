/**
 * CRC-32C over bytes in this memory, eight bytes a step (M. Kounavis and F. Berry, 2005) in four lanes at once: one lane
 * waits for its own tables, four keep the processor busy. The lanes are then put together by the tables that advance a
 * checksum over the zeros of a lane.
 */

const POLYNOMIAL: u32 = 0x82f63b78;
const SLICES: u32 = 8;
/** Bytes of a lane: a multiple of eight. */
const LANE: u32 = 2048;
const LANES: u32 = 4;

/** Eight tables of steps, then four that advance by a lane: 256 u32 each. */
const TABLE_BYTES: usize = 1024;
const ADVANCES: usize = TABLE_BYTES * 8;

/** Fills the tables at `tables`: 12 KB. */
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
  // A checksum is linear in its bits: each bit alone goes over a lane of zeros, and a table entry is their sum.
  for (let table: usize = 0; table < 4; table++) {
    for (let value: u32 = 0; value < 256; value++) {
      let crc = value << <u32>(table << 3);
      for (let step: u32 = 0; step < LANE; step++)
        crc = (crc >>> 8) ^ load<u32>(tables + (<usize>(crc & 0xff) << 2));
      store<u32>(tables + ADVANCES + table * TABLE_BYTES + (<usize>value << 2), crc);
    }
  }
}

/** A table's place is an immediate of the load: no sum for each byte. */
@inline
function step(tables: usize, crc: u32, at: usize): u32 {
  const low = crc ^ load<u32>(at);
  const high = load<u32>(at, 4);
  return (
    load<u32>(tables + ((low << 2) & 1020), 7168) ^
    load<u32>(tables + ((low >>> 6) & 1020), 6144) ^
    load<u32>(tables + ((low >>> 14) & 1020), 5120) ^
    load<u32>(tables + ((low >>> 24) << 2), 4096) ^
    load<u32>(tables + ((high << 2) & 1020), 3072) ^
    load<u32>(tables + ((high >>> 6) & 1020), 2048) ^
    load<u32>(tables + ((high >>> 14) & 1020), 1024) ^
    load<u32>(tables + ((high >>> 24) << 2))
  );
}

@inline
function overLane(tables: usize, crc: u32): u32 {
  return (
    load<u32>(tables + ((crc << 2) & 1020), ADVANCES) ^
    load<u32>(tables + ((crc >>> 6) & 1020), ADVANCES + TABLE_BYTES) ^
    load<u32>(tables + ((crc >>> 14) & 1020), ADVANCES + 2 * TABLE_BYTES) ^
    load<u32>(tables + ((crc >>> 24) << 2), ADVANCES + 3 * TABLE_BYTES)
  );
}

/** The checksum's register after `length` bytes at `from`, from `start`; neither is inverted here. */
export function crc32c(tables: usize, start: u32, from: usize, length: u32): u32 {
  let crc = start;
  let at = from;
  const end = from + length;
  while (at + LANE * LANES <= end) {
    let second: u32 = 0;
    let third: u32 = 0;
    let fourth: u32 = 0;
    for (const stop = at + LANE; at < stop; at += 8) {
      crc = step(tables, crc, at);
      second = step(tables, second, at + LANE);
      third = step(tables, third, at + 2 * LANE);
      fourth = step(tables, fourth, at + 3 * LANE);
    }
    crc = overLane(tables, overLane(tables, overLane(tables, crc) ^ second) ^ third) ^ fourth;
    at += 3 * LANE;
  }
  for (; at + 8 <= end; at += 8) crc = step(tables, crc, at);
  for (; at < end; at++) crc = (crc >>> 8) ^ load<u32>(tables + (((crc ^ <u32>load<u8>(at)) & 0xff) << 2));
  return crc;
}
