/** Columns of zeros, for whoever fills them record by record. */

export function blankAnnotations(count: number) {
  return {
    count,
    id: new Float64Array(count),
    image: new Int32Array(count),
    category: new Int32Array(count),
    box: new Float64Array(count * 4),
    area: new Float64Array(count),
    flags: new Uint8Array(count),
    extra: new Map<number, string>(),
  };
}

export function blankPredictions(count: number) {
  return {
    count,
    image: new Int32Array(count),
    category: new Int32Array(count),
    box: new Float64Array(count * 4),
    score: new Float64Array(count),
    fileIndex: new Uint32Array(count),
  };
}

/** As `blankPredictions`, in memory that threads share: handing them over copies nothing. */
export function sharedPredictions(count: number) {
  const memory = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(count * bytes);
  return {
    count,
    image: new Int32Array(memory(4)),
    category: new Int32Array(memory(4)),
    box: new Float64Array(memory(32)),
    score: new Float64Array(memory(8)),
    fileIndex: new Uint32Array(memory(4)),
  };
}
