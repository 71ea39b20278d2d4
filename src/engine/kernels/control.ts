/** The control page's cells by which threads meet, as indices of 32-bit words; kernels do not read them. */
export const CELL = {
  /** Phase, open or not, and threads that joined it: see `gate.ts`. */
  gate: 16,
  /** Threads that are through with the phase. */
  done: 17,
  /** Next piece of the phase's work. */
  ticket: 18,
  /** What the phase is: PHASE. */
  kind: 19,
  /** 1: a thread met what is not for the kernels, or failed. */
  refused: 20,
  /** Parts of the predictions' file; addresses of what the phases work on. */
  parts: 21,
  partTable: 22,
  classCount: 23,
  counts: 24,
  list: 25,
  listStarts: 26,
  truth: 27,
  truthStarts: 28,
  order: 29,
  summaries: 30,
  summaryBytes: 31,
  /** Annotations of the class that has most. */
  mostAnnotations: 32,
  /** Number of the reading or evaluation that the crew is at. */
  run: 33,
} as const;

/** The file of predictions, as indices of float64: its descriptor, its size, the offset of its first record. */
export const FILE = { descriptor: 17, size: 18, listStart: 19 } as const;

export const PHASE = { parse: 1, count: 2, scatter: 3, evaluate: 4, stop: 5 } as const;

/** Of a part, 8 float64: see `Part`. */
export const PART_FIELDS = 8;
/** Of a thread's own memory: where its maps from its ids to places and classes lie (two u32). */
export const THREAD_MAPS = 32;

/** Bytes of a file that are claimed at once, and how far a record may reach beyond them before it is read again. */
export const PART_BYTES = 1 << 19;
export const OVERLAP = 1 << 13;
/** Bytes a kernel call goes through: engines put optimised code in place only between calls. */
export const STEP = 1 << 16;
