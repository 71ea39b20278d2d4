import type { ClassMatches } from '../../matching/class-matches';
import type { ClassTruth } from '../../matching/match-table';
import type { ClassPredictions } from '../../matching/prediction-table';

interface Resampled {
  readonly predictions: ClassPredictions;
  readonly matches: ClassMatches;
}

/**
 * A class as if each image stood in the set `weights[place]` times: copies of a cell side by side. Nothing is matched
 * again, since what happens in an image does not depend on the others.
 */
export function resampleClass(
  predictions: ClassPredictions,
  matches: ClassMatches,
  truth: ClassTruth,
  weights: Int32Array,
  masks: number,
): Resampled {
  const cells = copyCells(predictions, weights);
  return {
    predictions: copyPredictions(predictions, cells),
    matches: {
      ...copyMatches(predictions, matches, cells, masks),
      ...countTruth(matches, truth, weights),
    },
  };
}

interface Cells {
  /** By old cell: its first copy; one entry more than old cells. */
  readonly firstCopy: Int32Array;
  /** By new cell. */
  readonly cellPlace: Int32Array;
  readonly cellStart: Int32Array;
  /** By new cell: the old one. */
  readonly source: Int32Array;
}

function copyCells({ cellPlace, cellStart }: ClassPredictions, weights: Int32Array): Cells {
  const firstCopy = new Int32Array(cellPlace.length + 1);
  for (let cell = 0; cell < cellPlace.length; cell++) {
    firstCopy[cell + 1] = firstCopy[cell]! + weights[cellPlace[cell]!]!;
  }
  const count = firstCopy[cellPlace.length]!;
  const source = new Int32Array(count);
  const starts = new Int32Array(count + 1);
  for (let cell = 0; cell < cellPlace.length; cell++) {
    for (let copy = firstCopy[cell]!; copy < firstCopy[cell + 1]!; copy++) {
      source[copy] = cell;
      starts[copy + 1] = starts[copy]! + cellStart[cell + 1]! - cellStart[cell]!;
    }
  }
  // Each copy is an image of its own.
  return { firstCopy, cellPlace: Int32Array.from(source.keys()), cellStart: starts, source };
}

function copyPredictions(from: ClassPredictions, cells: Cells): ClassPredictions {
  const count = cells.cellStart[cells.source.length]!;
  const rows = new Int32Array(count);
  const rank = new Int32Array(count);
  const sizes = new Int32Array(count);
  const slots = new Int32Array(count);
  const cellOf = cellByPosition(from);
  let to = 0;
  for (let position = 0; position < from.rows.length; position++) {
    const cell = cellOf[position]!;
    for (let copy = cells.firstCopy[cell]!; copy < cells.firstCopy[cell + 1]!; copy++) {
      rows[to] = from.rows[position]!;
      rank[to] = from.rank[position]!;
      sizes[to] = from.sizes[position]!;
      slots[cells.cellStart[copy]! + from.rank[position]!] = to;
      to++;
    }
  }
  const { cellPlace, cellStart } = cells;
  return { rows, total: rows.length, rank, sizes, slots, cellPlace, cellStart };
}

function cellByPosition({ cellStart, slots }: ClassPredictions): Int32Array {
  const cellOf = new Int32Array(slots.length);
  for (let cell = 0; cell + 1 < cellStart.length; cell++) {
    for (let slot = cellStart[cell]!; slot < cellStart[cell + 1]!; slot++) cellOf[slots[slot]!] = cell;
  }
  return cellOf;
}

function copyMatches(
  { cellStart }: ClassPredictions,
  from: ClassMatches,
  cells: Cells,
  masks: number,
): Omit<ClassMatches, keyof TruthCounts> {
  const count = cells.source.length;
  const cellHits = new Int32Array(count + 1);
  let candidates = 0;
  for (let copy = 0; copy < count; copy++) {
    const cell = cells.source[copy]!;
    const first = from.cellHits[cell]!;
    const last = from.cellHits[cell + 1]!;
    cellHits[copy + 1] = cellHits[copy]! + last - first;
    candidates += from.candidateStart[last]! - from.candidateStart[first]!;
  }
  const hits = cellHits[count]!;
  const result = {
    cellHits,
    hitSlot: new Int32Array(hits),
    candidateStart: new Int32Array(hits + 1),
    candidateTruth: new Int32Array(candidates),
    candidateIou: new Float64Array(candidates),
    candidateFlags: new Uint8Array(candidates),
    matched: new Int32Array(hits * masks),
    ignored: new Int32Array(hits * masks),
  };
  let candidate = 0;
  for (let copy = 0; copy < count; copy++) {
    const cell = cells.source[copy]!;
    const first = from.cellHits[cell]!;
    const last = from.cellHits[cell + 1]!;
    const to = cellHits[copy]!;
    const firstCandidate = from.candidateStart[first]!;
    for (let hit = first; hit < last; hit++) {
      result.hitSlot[to + hit - first] = from.hitSlot[hit]! - cellStart[cell]! + cells.cellStart[copy]!;
      result.candidateStart[to + hit - first] = candidate + from.candidateStart[hit]! - firstCandidate;
    }
    const lastCandidate = from.candidateStart[last]!;
    for (let source = firstCandidate; source < lastCandidate; source++, candidate++) {
      result.candidateTruth[candidate] = from.candidateTruth[source]!;
      result.candidateIou[candidate] = from.candidateIou[source]!;
      result.candidateFlags[candidate] = from.candidateFlags[source]!;
    }
    for (let mask = first * masks, at = to * masks; mask < last * masks; mask++, at++) {
      result.matched[at] = from.matched[mask]!;
      result.ignored[at] = from.ignored[mask]!;
    }
  }
  result.candidateStart[hits] = candidate;
  const { cellDropped } = from;
  return {
    ...result,
    cellDropped: cellDropped && Uint8Array.from(cells.source, (cell) => cellDropped[cell]!),
  };
}

type TruthCounts = Pick<ClassMatches, 'positives' | 'seen' | 'images' | 'padding'>;

function countTruth(matches: ClassMatches, truth: ClassTruth, weights: Int32Array): TruthCounts {
  const positives = new Int32Array(matches.positives.length);
  const { place, ignored, padding } = truth;
  let seen = 0;
  let images = 0;
  let last = -1;
  for (let row = 0; row < place.length; row++) {
    const at = place[row]!;
    const weight = weights[at]!;
    for (let range = 0; range < positives.length; range++) {
      if (!(ignored[row]! & (1 << range))) positives[range]! += weight;
    }
    if (!truth.seen[row]) continue;
    seen += weight;
    // Images that are padded with boxes of the class hold it anyway.
    if (at !== last && !padding?.[at]) images += weight;
    last = at;
  }
  let filling = 0;
  padding?.forEach((boxes, at) => {
    filling += boxes * weights[at]!;
    if (boxes > 0) images += weights[at]!;
  });
  return { positives, seen, images, padding: filling };
}
