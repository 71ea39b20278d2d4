/** What the predictions' class ids may mean: whole maps that tools are known to make, and the best one-to-one map. */
import type { RecordId, Truth } from '../../dataset/dataset';
import { compareBytes } from '../../formats/names';
import { bestAssignment } from '../assignment';
import type { MatchCounts } from './class-matches';

export interface ClassMap {
  readonly kind: 'shifted' | 'permuted';
  /** Predicted id minus true id, for a shift. */
  readonly offset: number | null;
  /** How it may have come about, for people; null where nothing is known. */
  readonly known: string | null;
  /** By named class: index of the truth's class, or -1. */
  readonly columnOf: Int32Array;
}

/** Ids that COCO's 80 classes leave out of 1 to 90. */
const COCO_GAPS: ReadonlySet<number> = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);
const COCO_IDS: readonly number[] = Array.from({ length: 90 }, (_, index) => index + 1).filter(
  (id) => !COCO_GAPS.has(id),
);

/** Shifts that are tried: numbering from 0 or 1, a background class, a second data set's classes behind the first's. */
const MOST_OFFSET = 100;

/** `now`: by named class, the truth's class that it joined, or -1. Best first is for the caller to find. */
export function classMaps(
  named: readonly RecordId[],
  truth: Pick<Truth, 'categories'>,
  counts: MatchCounts,
  now: Int32Array,
): ClassMap[] {
  const indexOfId = new Map(truth.categories.map(({ id }, index) => [id, index]));
  const ids = named.map((id) => (typeof id === 'number' ? id : null));
  const byId = (idOf: (id: number) => number | undefined): Int32Array =>
    Int32Array.from(ids, (id) => {
      const wanted = id === null ? undefined : idOf(id);
      return wanted === undefined ? -1 : (indexOfId.get(wanted) ?? -1);
    });
  const maps: ClassMap[] = [];
  if (ids.every((id) => id !== null)) {
    for (const offset of likelyOffsets(ids, truth)) {
      maps.push({ kind: 'shifted', offset, known: null, columnOf: byId((id) => id - offset) });
    }
    for (const { known, idOf } of knownNumberings(truth))
      maps.push({ kind: 'permuted', offset: null, known, columnOf: byId(idOf) });
  }
  const assigned = assignedMap(counts, now);
  maps.push(...shiftedNames(named, truth, assigned, now));
  maps.push({ kind: 'permuted', offset: null, known: null, columnOf: assigned });
  return maps;
}

/** Names that each stand one class off were read by a shifted label map. At least so many have to. */
const FEWEST_SHIFTED = 2;

/** Shifts of classes that joined by name, as the one-to-one map suggests; those that joined none go where it says. */
function shiftedNames(
  named: readonly RecordId[],
  { categories }: Pick<Truth, 'categories'>,
  assigned: Int32Array,
  now: Int32Array,
): ClassMap[] {
  if (!named.some((name) => typeof name === 'string')) return [];
  const indexOfId = new Map(categories.map(({ id }, index) => [id, index]));
  const classesOf = new Map<number, number>();
  now.forEach((column, row) => {
    if (column < 0 || assigned[row]! < 0 || assigned[row] === column) return;
    const offset = categories[column]!.id - categories[assigned[row]!]!.id;
    classesOf.set(offset, (classesOf.get(offset) ?? 0) + 1);
  });
  return [...classesOf].flatMap(([offset, count]): ClassMap[] => {
    if (count < FEWEST_SHIFTED) return [];
    const columnOf = now.map((column, row) =>
      column < 0 ? assigned[row]! : (indexOfId.get(categories[column]!.id - offset) ?? -1),
    );
    return [{ kind: 'shifted', offset, known: null, columnOf }];
  });
}

/** Nearest to none first. */
function likelyOffsets(ids: readonly number[], { categories }: Pick<Truth, 'categories'>): number[] {
  const offsets = new Set(ids.flatMap((id) => categories.map((category) => id - category.id)));
  offsets.delete(0);
  return [...offsets]
    .filter((offset) => Number.isInteger(offset) && Math.abs(offset) <= MOST_OFFSET)
    .sort((a, b) => Math.abs(a) - Math.abs(b) || b - a);
}

function knownNumberings({ categories }: Pick<Truth, 'categories'>): {
  known: string;
  idOf: (id: number) => number | undefined;
}[] {
  const own = categories.map(({ id }) => id);
  const byName = [...categories].sort((a, b) => compareBytes(a.name, b.name)).map(({ id }) => id);
  const isCoco = own.every((id) => COCO_IDS.includes(id)) && own.some((id) => id > 80);
  return [
    ...(isCoco
      ? [
          { known: 'COCO’s 80 classes numbered from 1', idOf: (id: number) => COCO_IDS[id - 1] },
          { known: 'COCO’s 80 classes numbered from 0', idOf: (id: number) => COCO_IDS[id] },
        ]
      : []),
    { known: 'COCO’s ids up to 90 against 1 to 80', idOf: (id) => placeOf(id, 1) },
    { known: 'COCO’s ids up to 90 against 0 to 79', idOf: (id) => placeOf(id, 0) },
    { known: 'classes numbered from 1 in order', idOf: (id) => own[id - 1] },
    { known: 'classes numbered from 0 in order', idOf: (id) => own[id] },
    { known: 'classes numbered from 1 by name', idOf: (id) => byName[id - 1] },
    { known: 'classes numbered from 0 by name', idOf: (id) => byName[id] },
  ];
}

function placeOf(id: number, first: number): number | undefined {
  const place = COCO_IDS.indexOf(id);
  return place < 0 ? undefined : place + first;
}

/** Weight of staying, too small to outweigh a match. */
const STAY = 1e-3;
/** A class moves where its matches say so this much more often than they say it should stay. */
const CLEARLY = 1.5;

/** The one-to-one map that agrees with most matches; classes without clear evidence stay, or take what others left. */
function assignedMap(counts: MatchCounts, now: Int32Array): Int32Array {
  const weight = (row: number, column: number): number =>
    counts.at(row, column) + (now[row] === column ? STAY : 0);
  const assigned = bestAssignment(counts.rows, counts.columns, weight);
  const isClear = (row: number): boolean => {
    const there = counts.at(row, assigned[row]!);
    return there >= 2 && there > CLEARLY * counts.at(row, now[row]!);
  };
  const taken = new Set<number>();
  assigned.forEach((column, row) => {
    if (column !== now[row] && isClear(row)) taken.add(column);
  });
  return assigned.map((column, row) => {
    if (column === now[row] || isClear(row)) return column;
    // Pushed out of its place by a class that clearly belongs there.
    if (taken.has(now[row]!)) return taken.has(column) ? -1 : column;
    return now[row]!;
  });
}
