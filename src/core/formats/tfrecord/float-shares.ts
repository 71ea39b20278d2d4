/** Coordinates as shares of 32 bits, which hold seven digits. */

const MOST_DECIMALS = 6;

/**
 * The coordinate that a share of 32 bits stands for: the one with the fewest decimals whose share it is. So whole pixels
 * (and halves, tenths, ...) come back as they were before they were divided.
 */
export function coordinateOf(share: number, size: number): number {
  const exact = share * size;
  if (!Number.isFinite(exact)) return exact;
  for (let decimals = 0, scale = 1; decimals <= MOST_DECIMALS; decimals++, scale *= 10) {
    const rounded = Math.round(exact * scale) / scale;
    if (Math.fround(rounded / size) === share) return rounded;
  }
  return exact;
}

/** `[start, length]` of two shares. */
export function spanOf(low: number, high: number, size: number): readonly [number, number] {
  const start = coordinateOf(low, size);
  const end = coordinateOf(high, size);
  const length = end - start;
  // Decimals: 0.3 - 0.1 is meant to be 0.2.
  const short = Number(length.toFixed(MOST_DECIMALS));
  return [start, Math.abs(length - short) < 1e-9 ? short : length];
}

export function doublesOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, at) => view.getFloat64(at * 8, true));
}

export function bytesOfDoubles(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => view.setFloat64(at * 8, value, true));
  return bytes;
}
