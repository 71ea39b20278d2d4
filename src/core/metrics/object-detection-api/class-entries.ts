import { CANDIDATE_CROWD } from '../../matching/cell-matcher';
import type { ClassMatches } from '../../matching/class-matches';
import { rowNumbers } from '../../matching/grouping';
import { type MatchRule, maskWords, THRESHOLDS_PER_WORD } from '../../matching/match-rule';
import type { ClassPredictions } from '../../matching/prediction-table';
import type { Entries } from './average-precision';

/** One class at one threshold, as the match table has it. */
export interface ClassAtThreshold {
  readonly rule: MatchRule;
  /** Index into the rule's thresholds. */
  readonly threshold: number;
  readonly predictions: ClassPredictions;
  readonly matches: ClassMatches;
  /** By prediction row. */
  readonly score: Float64Array;
}

/** What becomes of a prediction in the list. */
export const FALSE = 0;
export const FOUND = 1;
export const LEFT_OUT = 2;

/** Who takes a hit at the threshold. */
export function hitState({ rule, threshold, matches }: ClassAtThreshold, hit: number): number {
  const mask = hit * maskWords(rule) + Math.floor(threshold / THRESHOLDS_PER_WORD);
  const bit = 1 << (threshold % THRESHOLDS_PER_WORD);
  if (matches.matched[mask]! & bit) return FOUND;
  return matches.ignored[mask]! & bit ? LEFT_OUT : FALSE;
}

/** By position: FALSE, FOUND or LEFT_OUT (difficult or swallowed, dropped, over the limit, under the floor). */
export function statesByPosition(at: ClassAtThreshold): Uint8Array {
  const { rule, predictions, matches, score } = at;
  const { rows, rank, slots, cellStart } = predictions;
  const states = new Uint8Array(rows.length).fill(FALSE);
  matches.hitSlot.forEach((slot, hit) => (states[slots[slot]!] = hitState(at, hit)));
  rows.forEach((row, position) => {
    const isUnderFloor = rule.scoreFloor !== null && score[row]! <= rule.scoreFloor;
    if (isUnderFloor || rank[position]! >= rule.limit) states[position] = LEFT_OUT;
  });
  matches.cellDropped?.forEach((isDropped, cell) => {
    if (!isDropped) return;
    for (let slot = cellStart[cell]!; slot < cellStart[cell + 1]!; slot++) states[slots[slot]!] = LEFT_OUT;
  });
  return states;
}

/** A group-of box that swallowed predictions with scores above 0. */
interface GroupEntry {
  readonly cell: number;
  /** Place among the cell's annotations. */
  readonly group: number;
  /** The highest of those scores. */
  readonly score: number;
}

/** Which hits count for the group-of box that covers them. */
export type IsSwallowed = (hit: number) => boolean;

/** The group-of boxes found, cell by cell. */
function groupEntries(at: ClassAtThreshold, isSwallowed: IsSwallowed): GroupEntry[] {
  const { predictions, matches, score } = at;
  const entries: GroupEntry[] = [];
  for (let cell = 0; cell + 1 < matches.cellHits.length; cell++) {
    const best = new Map<number, number>();
    for (let hit = matches.cellHits[cell]!; hit < matches.cellHits[cell + 1]!; hit++) {
      const group = groupOf(at, hit);
      const value = score[predictions.rows[positionOf(at, hit)]!]!;
      if (group < 0 || !(value > 0) || !isSwallowed(hit)) continue;
      best.set(group, Math.max(value, best.get(group) ?? 0));
    }
    for (const [group, value] of best) entries.push({ cell, group, score: value });
  }
  return entries;
}

/** Place of the group-of box that covers enough of the hit; -1 for none. */
export function groupOf(at: ClassAtThreshold, hit: number): number {
  return candidateOf(at, hit, CANDIDATE_CROWD);
}

/** Place of the box, no group-of one, that the hit overlaps enough, taken or not; -1 for none. */
export function boxOf(at: ClassAtThreshold, hit: number): number {
  return candidateOf(at, hit, 0);
}

function candidateOf({ rule, threshold, matches }: ClassAtThreshold, hit: number, crowd: number): number {
  const wanted = rule.thresholds[threshold]!;
  const last = matches.candidateStart[hit + 1]!;
  for (let candidate = matches.candidateStart[hit]!; candidate < last; candidate++) {
    const isOfKind = (matches.candidateFlags[candidate]! & CANDIDATE_CROWD) === crowd;
    if (isOfKind && matches.candidateIou[candidate]! >= wanted) return matches.candidateTruth[candidate]!;
  }
  return -1;
}

/** Position of a hit in the class's order of scores. */
export function positionOf({ predictions, matches }: ClassAtThreshold, hit: number): number {
  return predictions.slots[matches.hitSlot[hit]!]!;
}

/**
 * The class's list. Of equal scores the last image stands first; within an image its group-of boxes, the last first,
 * and then the predictions in file order.
 */
export function classEntries(
  at: ClassAtThreshold,
  states: Uint8Array,
  groupOfWeight: number,
  isSwallowed: IsSwallowed = (hit) => hitState(at, hit) === LEFT_OUT,
): Entries {
  const { predictions, score } = at;
  const kept = rowNumbers(states.length).filter((position) => states[position] !== LEFT_OUT);
  const plain: Entries = {
    score: Float64Array.from(kept, (position) => score[predictions.rows[position]!]!),
    label: Float64Array.from(kept, (position) => (states[position] === FOUND ? 1 : 0)),
  };
  if (groupOfWeight === 0) return plain;
  const groups = groupEntries(at, isSwallowed);
  if (groups.length === 0) return plain;
  const cells = cellOfPosition(predictions);
  return withGroups(plain, (entry) => cells[kept[entry]!]!, groups, groupOfWeight);
}

function withGroups(
  plain: Entries,
  cellOf: (entry: number) => number,
  groups: readonly GroupEntry[],
  weight: number,
): Entries {
  const all = [
    ...groups.map(({ score, cell, group }) => ({ score, cell, place: -1 - group, label: weight })),
    ...Array.from(plain.score, (score, entry) => ({
      score,
      cell: cellOf(entry),
      place: entry,
      label: plain.label[entry]!,
    })),
  ];
  all.sort((a, b) => {
    if (a.score !== b.score) return a.score > b.score ? -1 : 1;
    return a.cell - b.cell || a.place - b.place;
  });
  return {
    score: Float64Array.from(all, ({ score }) => score),
    label: Float64Array.from(all, ({ label }) => label),
  };
}

function cellOfPosition({ slots, cellStart }: ClassPredictions): Int32Array {
  const cells = new Int32Array(slots.length);
  for (let cell = 0; cell + 1 < cellStart.length; cell++) {
    for (let slot = cellStart[cell]!; slot < cellStart[cell + 1]!; slot++) cells[slots[slot]!] = cell;
  }
  return cells;
}
