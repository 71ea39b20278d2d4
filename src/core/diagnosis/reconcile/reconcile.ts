/** "I was told 0.008": searches the ways to compute a number for those that give the one reported, to its printed digits. */
import type { Progress } from '../../foundation/cancellation';
import type { EvaluationResult, Protocol } from '../../metrics/evaluation';
import { OBJECT_DETECTION_API_PROTOCOLS } from '../../metrics/evaluation';
import { evaluateProtocol } from '../../metrics/protocol-evaluation';
import type { ReportedNumber } from '../rule';
import type { Situation } from '../situation';
import { scoringInputOf } from '../situation';
import { ANOTHER, classKey, distanceOf, isBare, isScore, meaningOf, ownMeaning } from './number-names';
import type { Emulation, Way } from './ways';
import { isKeyOf, waysOf } from './ways';

export interface Match {
  readonly protocol: Protocol;
  readonly emulation: Emulation | null;
  readonly value: number;
  /** The protocol's key that gives the number. */
  readonly key: string;
  readonly parameters: Way['parameters'];
  /** The number is that of the data with its bookkeeping repaired. */
  readonly isRepaired: boolean;
  readonly words: string;
  /** The name says that it is this number. */
  readonly isAsNamed: boolean;
}

export interface Reconciled {
  readonly key: string;
  readonly reported: number;
  /** The most plausible first. */
  readonly matches: readonly Match[];
  readonly sentence: string;
}

const MOST_MATCHES = 8;

/** `boxLimits`: `max_number_of_boxes` of configs at hand. `repaired`: null where nothing was repaired. */
export function reconcile(
  reported: readonly ReportedNumber[],
  given: Situation,
  repaired: Situation | null,
  boxLimits: readonly number[],
  progress: Progress,
): Reconciled[] {
  if (reported.length === 0) return [];
  const tried: Tried[] = [];
  const situations = [
    ...(repaired ? [{ situation: repaired, isRepaired: true }] : []),
    { situation: given, isRepaired: false },
  ];
  for (const { situation, isRepaired } of situations) {
    const ways = waysOf(situation, boxLimits).filter((way) => isPossible(way, reported));
    for (const [at, way] of ways.entries()) {
      progress.check();
      progress.report('Searching ways to compute the reported number', at, ways.length);
      tried.push({ way, isRepaired, numbers: numbersOf(situation, way) });
    }
  }
  const names = given.truth.categories.map(({ name }) => name);
  return reported.map((one) => {
    const candidates = tried
      .flatMap((entry) => candidatesFor(one, entry, names))
      .sort((a, b) => a.rank - b.rank || a.distance - b.distance);
    const all = candidates.map(({ match }) => match);
    const matches = dedupe(all.filter((match) => tellsMore(match, all)));
    const first = candidates.find(({ match }) => match === matches[0]);
    const tied = candidates.filter(
      ({ match, rank, distance }) =>
        rank === first?.rank && distance === first.distance && matches.includes(match),
    );
    return {
      key: one.key,
      reported: one.value,
      matches: matches.slice(0, MOST_MATCHES),
      sentence: sentenceOf(
        one,
        tied.map(({ match }) => match),
        tried,
      ),
    };
  });
}

interface Candidate {
  readonly match: Match;
  /** `number-names.ts`. */
  readonly distance: number;
  /** By plausibility, from 0; of one rank it goes by distance. */
  readonly rank: number;
}

interface Tried {
  readonly way: Way;
  readonly isRepaired: boolean;
  readonly numbers: Readonly<Record<string, number | readonly [number, number] | null>>;
}

/** Keys of a tool are that tool's numbers; other keys may be anybody's. */
function isPossible(way: Way, reported: readonly ReportedNumber[]): boolean {
  return reported.some(({ key }) => {
    const owners = OBJECT_DETECTION_API_PROTOCOLS.filter((protocol) => isKeyOf(key, protocol));
    return (
      owners.length === 0 ||
      owners.some((owner) => owner === way.protocol) ||
      way.emulation !== 'padded-ground-truth'
    );
  });
}

function numbersOf(situation: Situation, { protocol, parameters, data, numbers }: Way): Tried['numbers'] {
  const changed = data ? data(situation) : situation;
  const result = evaluateProtocol(scoringInputOf(changed), protocol, parameters).result(0.5);
  return numbers ? numbers(result) : { ...result.metrics, ...ofClasses(result) };
}

/** Each class's own numbers, of protocols whose metrics do not hold them. */
function ofClasses({ protocol, classes }: EvaluationResult): Record<string, number | null> {
  if (!LISTS_CLASSES.has(protocol)) return {};
  return Object.fromEntries(
    classes.flatMap(({ name, AP, AP50, AP75, AR100 }) =>
      Object.entries({ AP, AP50, AP75, AR100 }).flatMap(([metric, value]) =>
        name === null || value === undefined ? [] : [[classKey(metric, name), value]],
      ),
    ),
  );
}

const LISTS_CLASSES: ReadonlySet<Protocol> = new Set(['coco', 'tf-coco', 'lvis', 'voc2007', 'voc2012']);

/** Of so many classes some have any number by chance: their numbers are looked at where the name names one. */
const MOST_CLASSES = 20;

function candidatesFor(
  reported: ReportedNumber,
  { way, isRepaired, numbers }: Tried,
  names: readonly string[],
): Candidate[] {
  const { protocol, emulation, parameters, words } = way;
  const asked = meaningOf(reported.key, names);
  // A tool's own key is that number and no other.
  const isOwnKey = /[/_]/.test(reported.key) && reported.key in numbers;
  return Object.entries(numbers).flatMap(([key, value]): Candidate[] => {
    const isExact = key === reported.key && key !== 'AP';
    if (typeof value !== 'number' || (!isExact && (isOwnKey || !isScore(key)))) return [];
    const own = ownMeaning(key, protocol, names);
    if (own.className !== asked.className && names.length > MOST_CLASSES) return [];
    const distance = isExact ? 0 : distanceOf(asked, own);
    const shown = protocol === 'tide' ? value / 100 : value;
    if (distance === null || !isSame(reported, shown)) return [];
    const isAsNamed = isExact || (distance === 0 && !isBare(asked));
    const match = { protocol, emulation, value: shown, key, parameters, isRepaired, words, isAsNamed };
    return [{ match, distance, rank: rankOf(reported, match, distance) }];
  });
}

/** Equal to the printed digits; numbers above 1 are percentages. */
export function isSame({ value, decimals }: ReportedNumber, computed: number): boolean {
  const [wanted, digits] = value > 1 ? [value / 100, decimals + 2] : [value, decimals];
  return Math.abs(computed - wanted) <= 0.5 * 10 ** -digits + 1e-9;
}

/** What the key names, then no fault, then the data as they are; last what the name does not say. */
function rankOf(reported: ReportedNumber, match: Match, distance: number): number {
  const isNamed = isKeyOf(reported.key, match.protocol) || match.key === reported.key;
  return (
    (isNamed ? 0 : 4) +
    (match.emulation === null ? 0 : 2) +
    (match.isRepaired ? 1 : 0) +
    (distance >= ANOTHER ? 8 + distance : 0)
  );
}

/** A fault that changes nothing explains nothing; other tools' Pascal rules are named beside the devkit's. */
function tellsMore(match: Match, all: readonly Match[]): boolean {
  return (
    match.emulation === null ||
    match.protocol === 'voc2007' ||
    match.protocol === 'voc2012' ||
    !all.some(
      ({ emulation, protocol, key, value, isRepaired }) =>
        emulation === null &&
        protocol === match.protocol &&
        key === match.key &&
        isRepaired === match.isRepaired &&
        Math.abs(value - match.value) < 1e-9,
    )
  );
}

function dedupe(matches: readonly Match[]): Match[] {
  const seen = new Set<string>();
  return matches.filter(({ protocol, emulation, key }) => {
    const text = `${protocol} ${emulation ?? ''} ${key}`;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** `tied`: the matches of which none is more plausible than another. */
function sentenceOf(reported: ReportedNumber, tied: readonly Match[], tried: readonly Tried[]): string {
  const said = `${reported.key} ${reported.value}`;
  const [best, ...others] = tied;
  if (!best) return `Nothing that was tried gives ${said}: check that it is of these images and this model.`;
  if (others.length === 0) return `${said} is ${wordsOf(best)}${withoutFault(reported, best, tried)}.`;
  const all = tied.slice(0, MOST_TIED);
  const many = all.length === 2 ? 'Both of these give it' : 'Each of these gives it';
  const more = tied.length > all.length ? '; and others' : '';
  return `${said} can be several things. ${many}: ${all.map((match) => wordsOf(match) + withoutFault(reported, match, tried, ' (', ')')).join('; ')}${more}.`;
}

const MOST_TIED = 4;

function wordsOf({ key, protocol, emulation, words, isRepaired }: Match): string {
  const fault = emulation === null ? '' : ` with ${words}`;
  return `${key} of the protocol ${protocol}${fault}${isRepaired ? ', once the bookkeeping is repaired' : ''}`;
}

/** The number without the scorer's fault. */
function withoutFault(
  reported: ReportedNumber,
  match: Match,
  tried: readonly Tried[],
  before = '; ',
  after = '',
): string {
  if (match.emulation === null) return '';
  const plain = tried.find(
    ({ way, isRepaired }) =>
      way.protocol === match.protocol && way.emulation === null && isRepaired === match.isRepaired,
  );
  const value = plain?.numbers[match.key];
  return typeof value === 'number'
    ? `${before}without that the number is ${value.toFixed(Math.max(3, reported.decimals))}${after}`
    : '';
}
