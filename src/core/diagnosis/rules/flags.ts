/** Flags that nearly every annotation carries: a tool's default, not a person's mark. */
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF } from '../../dataset/dataset';
import { applyRepair } from '../apply-repair';
import type { FoundCause } from '../cause';
import { matchWithoutClasses } from '../classes/class-matches';
import { GROUPINGS, groupKeys } from '../image-groups';
import type { ImageGroup } from '../repair';
import type { Situation } from '../situation';

const FLAGS = [
  { flag: 'difficult', bit: FLAG_DIFFICULT },
  { flag: 'iscrowd', bit: FLAG_CROWD },
  { flag: 'group_of', bit: FLAG_GROUP_OF },
] as const;

/** Share of flagged annotations: far above what people mark (VOC's difficult: up to a third; COCO's crowds: 1 %). */
const NEARLY_ALL = 0.9;
const FEWEST_ANNOTATIONS = 5;
const FEWEST_IN_GROUP = 10;

export function findFlags(situation: Situation): FoundCause[] {
  return FLAGS.flatMap(({ flag, bit }) => {
    const where = flagged(situation, bit);
    if (!where) return [];
    return [causeOf(flag, bit, where.share, where.images, where.group)];
  });
}

interface Flagged {
  readonly group?: ImageGroup;
  readonly share: number;
  readonly images: readonly number[];
}

function flagged(situation: Situation, bit: number): Flagged | null {
  const { annotations } = situation.truth;
  if (annotations.count < FEWEST_ANNOTATIONS) return null;
  const rows = [...annotations.flags.keys()].filter((row) => (annotations.flags[row]! & bit) !== 0);
  if (rows.length === 0) return null;
  const share = rows.length / annotations.count;
  if (share >= NEARLY_ALL) return { share, images: imagesOf(situation, rows) };
  return flaggedGroup(situation, rows);
}

const imagesOf = ({ truth }: Situation, rows: readonly number[]): number[] => [
  ...new Set(rows.map((row) => truth.annotations.image[row]!)),
];

/** Flagged annotations: so many, and this share of all; fewer are what people mark. */
const FEWEST_FLAGGED = 10;
const LEAST_FLAGGED = 0.05;
/** What people mark is hard to find, or no single object: this share of the flagged is found as the others are. */
const LEAST_FOUND = 0.4;
const AS_OFTEN = 0.9;

/**
 * Flags that mean nothing: single boxes of the model fit the flagged annotations as often as any others. Needs coordinates
 * that agree, so it is asked after their faults were repaired; nothing where nearly all annotations of a group are flagged.
 */
export function findMisplacedFlags(situation: Situation): FoundCause[] {
  const { annotations } = situation.truth;
  return FLAGS.flatMap(({ flag, bit }) => {
    const rows = [...annotations.flags.keys()].filter((row) => (annotations.flags[row]! & bit) !== 0);
    if (rows.length < Math.max(FEWEST_FLAGGED, LEAST_FLAGGED * annotations.count) || flagged(situation, bit))
      return [];
    const cleared = applyRepair(situation, { kind: 'change-labels', clearFlag: bit });
    const isFound = new Set(matchWithoutClasses(cleared).truthRow);
    const foundAmong = (some: readonly number[]): number =>
      some.reduce((sum, row) => sum + (isFound.has(row) ? 1 : 0), 0) / Math.max(1, some.length);
    const others = [...annotations.flags.keys()].filter((row) => (annotations.flags[row]! & bit) === 0);
    const found = foundAmong(rows);
    if (found < Math.max(LEAST_FOUND, AS_OFTEN * foundAmong(others))) return [];
    return [causeOf(flag, bit, rows.length / annotations.count, imagesOf(situation, rows))];
  });
}

function causeOf(
  flag: (typeof FLAGS)[number]['flag'],
  bit: number,
  share: number,
  images: readonly number[],
  group?: ImageGroup,
): FoundCause {
  return {
    code: 'flags-wrong',
    title: `${Math.round(share * 100)} % of annotations${group ? ` of some images` : ''} are marked ${flag}`,
    evidence: { flag, share, ...(group ? { group } : {}) },
    images,
    action: `Clear ${flag} where nobody set it on purpose`,
    repair: { kind: 'change-labels', clearFlag: bit, ...(group ? { group } : {}) },
  };
}

/** Groups of which nearly all are flagged, where elsewhere hardly any are. */
function flaggedGroup(situation: Situation, rows: readonly number[]): Flagged | null {
  const { annotations } = situation.truth;
  for (const by of GROUPINGS) {
    const keys = groupKeys(situation, by);
    const total = new Map<string, number>();
    const marked = new Map<string, number>();
    for (const image of annotations.image) total.set(keys[image]!, (total.get(keys[image]!) ?? 0) + 1);
    for (const row of rows) {
      const key = keys[annotations.image[row]!]!;
      marked.set(key, (marked.get(key) ?? 0) + 1);
    }
    const values = [...marked]
      .filter(([key, count]) => count >= FEWEST_IN_GROUP && count >= NEARLY_ALL * total.get(key)!)
      .map(([key]) => key);
    const inside = values.reduce((sum, key) => sum + marked.get(key)!, 0);
    if (values.length === 0 || values.length === total.size || inside < NEARLY_ALL * rows.length) continue;
    const all = values.reduce((sum, key) => sum + total.get(key)!, 0);
    const own = rows.filter((row) => values.includes(keys[annotations.image[row]!]!));
    return { group: { by, values }, share: inside / all, images: imagesOf(situation, own) };
  }
  return null;
}
