/** Finds the label map's fault, if any: for all images, or for groups of them. */
import { GROUPINGS, groupKeys } from '../image-groups';
import type { FoundCause } from '../cause';
import type { ImageGroup, Repair } from '../repair';
import type { Situation } from '../situation';
import type { ClassMatchList, MatchCounts } from './class-matches';
import { countMatches, matchWithoutClasses } from './class-matches';
import { findExchange } from './find-exchange';
import type { ClassMap } from './hypotheses';
import { classMaps } from './hypotheses';

interface Plan {
  readonly map: ClassMap;
  readonly group: ImageGroup | undefined;
  /** Matches that agree with the map and did not agree before. */
  readonly gain: number;
}

/** What a map has to win: matches, and share of all matches of the images concerned. */
const LEAST_MATCHES = 3;
const LEAST_SHARE = 0.02;
/** In a group there are many ways to be lucky. */
const LEAST_SHARE_OF_GROUP = 0.2;
const LEAST_SHARE_OF_FILES = 0.6;
/** A whole map is taken before a one-to-one map that agrees with hardly more matches. */
const AS_GOOD = 0.97;
/** Groups are blamed where that explains this much more than one fault of all images. */
const BETTER_BY_GROUP = 1.05;

export function findClassMap(situation: Situation): FoundCause | null {
  const matches = matchWithoutClasses(situation);
  const now = currentMap(situation);
  const all = bestMap(situation, countMatches(situation, matches), now, LEAST_SHARE);
  const whole: Plan | null = all && { ...all, group: undefined };
  const parts = GROUPINGS.flatMap((by) => bestOfGrouping(situation, matches, now, by) ?? []);
  const inFiles = bestOfFiles(situation, matches, now);
  // Images in which two classes are taken for each other are found in any model's errors: more has to speak for a fault.
  const files =
    !inFiles || movedBy(inFiles.map, now).length === 2 ? exchangeInFiles(situation, matches, now) : inFiles;
  if (files && parts.every(({ gain }) => gain * BETTER_BY_GROUP < files.gain)) parts.push(files);
  const part = parts.reduce<Plan | null>((best, one) => (!best || one.gain > best.gain ? one : best), null);
  const plan = whole && (!part || part.gain <= whole.gain * BETTER_BY_GROUP) ? whole : part;
  return plan && causeOf(situation, plan, now, matches);
}

/** By named class: the truth's class that its predictions joined; -1 for none. */
function currentMap({ predictions }: Situation): Int32Array {
  const now = new Int32Array(predictions.categories.length).fill(-1);
  for (let row = 0; row < predictions.count; row++) {
    if (predictions.category[row]! >= 0) now[predictions.namedCategory[row]!] = predictions.category[row]!;
  }
  return now;
}

function bestMap(
  situation: Situation,
  counts: MatchCounts,
  now: Int32Array,
  leastShare: number,
): { map: ClassMap; gain: number } | null {
  const before = counts.agreeing(now);
  const maps = classMaps(situation.predictions.categories, situation.truth, counts, now);
  const most = Math.max(...maps.map(({ columnOf }) => counts.agreeing(columnOf)));
  const gain = most - before;
  if (gain < LEAST_MATCHES || gain < leastShare * counts.total) return null;
  const isAsGood = ({ columnOf }: ClassMap): boolean =>
    counts.agreeing(columnOf) - before >= AS_GOOD * gain &&
    isConsistent(counts, columnOf, maps.at(-1)!.columnOf);
  const map = maps.find(isAsGood) ?? maps.at(-1)!;
  return { map, gain: counts.agreeing(map.columnOf) - before };
}

/** Whether no class that the one-to-one map places well is placed elsewhere. */
function isConsistent(counts: MatchCounts, columnOf: Int32Array, assigned: Int32Array): boolean {
  return columnOf.every(
    (column, row) => column === assigned[row] || counts.at(row, assigned[row]!) < LEAST_MATCHES,
  );
}

function bestOfGrouping(
  situation: Situation,
  matches: ClassMatchList,
  now: Int32Array,
  by: ImageGroup['by'],
): Plan | null {
  const keys = groupKeys(situation, by);
  const values = new Set(keys);
  if (values.size < 2 || values.size > Math.max(2, keys.length / 3)) return null;
  const plans = new Map<string, { map: ClassMap; gain: number; values: string[] }>();
  for (const value of values) {
    const mask = Uint8Array.from(keys, (key) => (key === value ? 1 : 0));
    const best = bestMap(situation, countMatches(situation, matches, mask), now, LEAST_SHARE_OF_GROUP);
    if (!best) continue;
    const key = best.map.columnOf.join();
    const known = plans.get(key);
    if (known) {
      known.gain += best.gain;
      known.values.push(value);
    } else plans.set(key, { ...best, values: [value] });
  }
  const [best] = [...plans.values()].sort((a, b) => b.gain - a.gain);
  return best ? { map: best.map, gain: best.gain, group: { by, values: best.values } } : null;
}

/** Images in which hardly any match agrees, where they have nothing else in common. */
const FEWEST_OF_FILE = 2;
const AGREES_IN_FILE = 0.34;
const FEWEST_FILES = 3;

function bestOfFiles(situation: Situation, matches: ClassMatchList, now: Int32Array): Plan | null {
  const { images } = situation.truth;
  const agreement = (columnOf: Int32Array): Int32Array => {
    const counts = new Int32Array(images.length);
    matches.image.forEach((image, at) => {
      if (columnOf[matches.named[at]!] === matches.truth[at]) counts[image]!++;
    });
    return counts;
  };
  const total = new Int32Array(images.length);
  for (const image of matches.image) total[image]!++;
  const before = agreement(now);
  const isWrong = Uint8Array.from(total, (count, image) =>
    count >= FEWEST_OF_FILE && before[image]! <= AGREES_IN_FILE * count ? 1 : 0,
  );
  if (isWrong.reduce((sum, value) => sum + value, 0) < FEWEST_FILES) return null;
  const best = bestMap(situation, countMatches(situation, matches, isWrong), now, LEAST_SHARE_OF_FILES);
  if (!best) return null;
  const after = agreement(best.map.columnOf);
  const chosen = [...images.keys()].filter((image) => after[image]! > before[image]!);
  const gain = chosen.reduce((sum, image) => sum + after[image]! - before[image]!, 0);
  const values = chosen.map((image) => images[image]!.fileName);
  return chosen.length < FEWEST_FILES ? null : { map: best.map, gain, group: { by: 'file', values } };
}

function exchangeInFiles(situation: Situation, matches: ClassMatchList, now: Int32Array): Plan | null {
  const found = findExchange(matches, now);
  if (!found) return null;
  const [a, b] = found.classes;
  const columnOf = now.map((column) => (column === a ? b : column === b ? a : column));
  const isChosen = new Set(found.images);
  let gain = 0;
  matches.image.forEach((image, at) => {
    if (!isChosen.has(image)) return;
    const [row, truth] = [matches.named[at]!, matches.truth[at]!];
    gain += Number(columnOf[row] === truth) - Number(now[row] === truth);
  });
  const values = found.images.map((image) => situation.truth.images[image]!.fileName);
  const map: ClassMap = { kind: 'permuted', offset: null, known: null, columnOf };
  return { map, gain, group: { by: 'file', values } };
}

/** The named classes that a map places elsewhere. */
const movedBy = ({ columnOf }: ClassMap, now: Int32Array): number[] =>
  [...columnOf.keys()].filter((named) => columnOf[named] !== now[named] && columnOf[named]! >= 0);

function causeOf(
  situation: Situation,
  { map, group }: Plan,
  now: Int32Array,
  matches: ClassMatchList,
): FoundCause {
  const { truth, predictions } = situation;
  const moved = movedBy(map, now);
  const pairs = moved.map((named) => [
    String(predictions.categories[named]!),
    truth.categories[map.columnOf[named]!]!.id,
  ]);
  const repair = repairOf(situation, map, moved, group);
  const images = [...new Set([...matches.image].filter((_, at) => moved.includes(matches.named[at]!)))];
  const offset = map.offset ?? 0;
  const common = {
    images,
    repair,
    action:
      map.kind === 'shifted'
        ? `Number the classes alike: ${offset < 0 ? `add ${-offset} to` : `subtract ${offset} from`} the predicted ids, or read both with the same label map`
        : 'Read predictions and ground truth with the same label map',
  };
  const part = group ? { group } : {};
  if (map.kind === 'shifted')
    return {
      ...common,
      code: 'label-map-shifted',
      title: `Label map shifted: predicted ids are the true ones ${signed(map.offset!)}`,
      evidence: { offset: map.offset, classes: moved.length, ...part },
    };
  // Names that joined no class mean one under another name.
  if (moved.every((named) => now[named]! < 0 && typeof predictions.categories[named] === 'string'))
    return {
      ...common,
      code: 'category-names-differ',
      title: `Class names differ: predictions say “${pairs[0]![0]}”, the ground truth “${truth.categories[map.columnOf[moved[0]!]!]!.name}”`,
      evidence: {
        names: Object.fromEntries(
          moved.map((named) => [predictions.categories[named], truth.categories[map.columnOf[named]!]!.name]),
        ),
        side: 'predictions',
        ...part,
      },
    };
  return {
    ...common,
    code: 'label-map-permuted',
    title: `Label map permuted: ${describe(situation, map, moved)}`,
    evidence: { map: Object.fromEntries(pairs), ...(map.known ? { known: map.known } : {}), ...part },
  };
}

const signed = (value: number): string => (value < 0 ? `− ${-value}` : `+ ${value}`);

function describe({ truth, predictions }: Situation, map: ClassMap, moved: readonly number[]): string {
  if (map.known) return map.known;
  const [first, second] = moved.map((named) => truth.categories[map.columnOf[named]!]!.name);
  if (moved.length === 2) return `${first} and ${second} are exchanged`;
  return `${moved.length} of ${predictions.categories.length} classes mean another`;
}

/** The truth's side changes where its annotations, not the predictions, use ids that its list of classes lacks. */
function repairOf(
  { truth, predictions }: Situation,
  map: ClassMap,
  moved: readonly number[],
  group: ImageGroup | undefined,
): Repair {
  const isUnlisted = moved.some((named) => truth.categories[map.columnOf[named]!]!.isUnlisted);
  const listed = new Set(truth.categories.filter((category) => !category.isUnlisted).map(({ id }) => id));
  const names = moved.map((named) => predictions.categories[named]!);
  const isTruth = isUnlisted && names.every((name) => typeof name === 'number' && listed.has(name));
  const entries = moved.map((named): [string, number] => {
    const id = truth.categories[map.columnOf[named]!]!.id;
    const name = predictions.categories[named]!;
    return isTruth ? [String(id), Number(name)] : [String(name), id];
  });
  return {
    kind: 'map-classes',
    side: isTruth ? 'truth' : 'predictions',
    map: Object.fromEntries(entries),
    ...(group ? { group } : {}),
  };
}
