import type { HitBuffer } from './hit-buffer';

/** The matches of one class. Never changed: an edit makes a new one, so an older state can be kept or dropped freely. */
export interface ClassMatches {
  /** By cell of the class's predictions: its first hit; one entry more than cells. */
  readonly cellHits: Int32Array;
  /** By hit: the prediction's slot. Hits are predictions with at least one candidate, cell by cell, by rising slot. */
  readonly hitSlot: Int32Array;
  /** By hit: its first candidate; one entry more than hits. */
  readonly candidateStart: Int32Array;
  /** By candidate (falling preference): place of the annotation among the cell's annotations. */
  readonly candidateTruth: Int32Array;
  readonly candidateIou: Float64Array;
  /** CANDIDATE_* bits; ignored as in the rule's range for outcomes. */
  readonly candidateFlags: Uint8Array;
  /** By hit, range and word: thresholds (bits) at which the prediction matches a counted annotation. */
  readonly matched: Int32Array;
  /** The same for ignored annotations. */
  readonly ignored: Int32Array;
  /** By range: annotations that count. */
  readonly positives: Int32Array;
  /** Annotations that the protocol sees, ignored ones too. */
  readonly seen: number;
  /** Images that hold such an annotation, or are padded with boxes of the class. */
  readonly images: number;
  /** Boxes of the class that only fill images up. */
  readonly padding: number;
  /** By cell of the class's predictions: 1 where they are dropped; null where none can be. */
  readonly cellDropped: Uint8Array | null;
}

type HitColumns = Omit<
  ClassMatches,
  'cellHits' | 'positives' | 'seen' | 'images' | 'padding' | 'cellDropped'
>;

/** The buffer's hits, copied. */
export function copyHits(hits: HitBuffer, masks: number): HitColumns {
  const candidates = hits.candidateStart[hits.hitCount]!;
  return {
    hitSlot: hits.hitSlot.slice(0, hits.hitCount),
    candidateStart: hits.candidateStart.slice(0, hits.hitCount + 1),
    candidateTruth: hits.candidateTruth.slice(0, candidates),
    candidateIou: hits.candidateIou.slice(0, candidates),
    candidateFlags: hits.candidateFlags.slice(0, candidates),
    matched: hits.matched.slice(0, hits.hitCount * masks),
    ignored: hits.ignored.slice(0, hits.hitCount * masks),
  };
}

/** `old` with one cell's hits replaced by those of the buffer. */
export function spliceCell(old: ClassMatches, cell: number, hits: HitBuffer, masks: number): ClassMatches {
  const from = old.cellHits[cell]!;
  const to = old.cellHits[cell + 1]!;
  const firstCandidate = old.candidateStart[from]!;
  const lastCandidate = old.candidateStart[to]!;
  const fresh = copyHits(hits, masks);
  const hitChange = fresh.hitSlot.length - (to - from);
  const candidateChange = fresh.candidateIou.length - (lastCandidate - firstCandidate);
  return {
    ...old,
    cellHits: old.cellHits.map((start, index) => (index > cell ? start + hitChange : start)),
    hitSlot: spliced(old.hitSlot, from, to, fresh.hitSlot),
    candidateStart: spliceStarts(old.candidateStart, from, to, fresh.candidateStart, candidateChange),
    candidateTruth: spliced(old.candidateTruth, firstCandidate, lastCandidate, fresh.candidateTruth),
    candidateIou: spliced(old.candidateIou, firstCandidate, lastCandidate, fresh.candidateIou),
    candidateFlags: spliced(old.candidateFlags, firstCandidate, lastCandidate, fresh.candidateFlags),
    matched: spliced(old.matched, from * masks, to * masks, fresh.matched),
    ignored: spliced(old.ignored, from * masks, to * masks, fresh.ignored),
  };
}

type Column = Int32Array | Float64Array | Uint8Array;

function spliced<T extends Column>(column: T, from: number, to: number, inserted: T): T {
  const length = column.length - (to - from) + inserted.length;
  const result = new (column.constructor as new (length: number) => T)(length);
  result.set(column.subarray(0, from));
  result.set(inserted, from);
  result.set(column.subarray(to), from + inserted.length);
  return result;
}

/** `starts` is shifted where the hits stand after the replaced ones; `inserted` counts from 0. */
function spliceStarts(
  starts: Int32Array,
  from: number,
  to: number,
  inserted: Int32Array,
  change: number,
): Int32Array {
  const first = starts[from]!;
  const result = spliced(starts, from, to, inserted.subarray(0, inserted.length - 1));
  const insertedEnd = from + inserted.length - 1;
  for (let index = from; index < insertedEnd; index++) result[index]! += first;
  for (let index = insertedEnd; index < result.length; index++) result[index]! += change;
  return result;
}
