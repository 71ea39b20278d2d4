/**
 * Predictions packed per image: one BLOB of columns (little-endian): place in the file Uint32, category id Int32, then
 * from the next multiple of 8 bytes score Float64 and box x, y, width, height Float64. A row each would cost ten times
 * the space and time.
 */
export interface PackedPredictions {
  readonly count: number;
  readonly fileIndex: Uint32Array;
  /** Category ids (not indices: categories may come and go). */
  readonly category: Int32Array;
  readonly score: Float64Array;
  readonly box: Float64Array;
}

const BYTES_A_PREDICTION = 8 + 8 + 32;

export function packPredictions(packed: PackedPredictions): Uint8Array {
  const { count } = packed;
  const bytes = new Uint8Array(count * BYTES_A_PREDICTION);
  new Uint32Array(bytes.buffer, 0, count).set(packed.fileIndex.subarray(0, count));
  new Int32Array(bytes.buffer, count * 4, count).set(packed.category.subarray(0, count));
  new Float64Array(bytes.buffer, count * 8, count).set(packed.score.subarray(0, count));
  new Float64Array(bytes.buffer, count * 16, count * 4).set(packed.box.subarray(0, count * 4));
  return bytes;
}

/** Throws where the record's length is not what its count says. */
export function unpackPredictions(count: number, data: Uint8Array): PackedPredictions {
  if (data.byteLength !== count * BYTES_A_PREDICTION)
    throw new Error('A packed record of predictions is damaged.');
  const bytes = new Uint8Array(data); // a copy, so that the columns are aligned
  return {
    count,
    fileIndex: new Uint32Array(bytes.buffer, 0, count),
    category: new Int32Array(bytes.buffer, count * 4, count),
    score: new Float64Array(bytes.buffer, count * 8, count),
    box: new Float64Array(bytes.buffer, count * 16, count * 4),
  };
}
