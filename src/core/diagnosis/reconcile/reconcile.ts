/** "I was told 0.008": searches the ways to compute a number for those that give the one reported, to its printed digits. */
import type { Progress } from '../../foundation/cancellation';
import type { Protocol } from '../../metrics/evaluation';
import { HEADLINE_METRIC, OBJECT_DETECTION_API_PROTOCOLS } from '../../metrics/evaluation';
import { evaluateProtocol } from '../../metrics/protocol-evaluation';
import type { ReportedNumber } from '../rule';
import type { Situation } from '../situation';
import { scoringInputOf } from '../situation';
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
  return reported.map((one) => {
    const all = tried.flatMap((entry) => matchOf(one, entry)).sort((a, b) => rank(one, a) - rank(one, b));
    const matches = dedupe(all.filter((match) => tellsMore(match, all)));
    return {
      key: one.key,
      reported: one.value,
      matches: matches.slice(0, MOST_MATCHES),
      sentence: sentenceOf(one, matches, tried),
    };
  });
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
  return numbers ? numbers(result) : { ...result.metrics };
}

/** Bare names that people give to numbers, to the keys they may mean; the most likely first. */
function keysFor(key: string, protocol: Protocol, numbers: Tried['numbers']): string[] {
  if (key in numbers && key !== 'AP') return [key];
  const headline = HEADLINE_METRIC[protocol];
  const plain = key.toLowerCase().replace(/[^a-z0-9.]/g, '');
  const of50 = /50|0\.5$|\.5iou/.test(plain) && !/95/.test(plain);
  const known = [
    'AP',
    'AP50',
    'AP75',
    'DetectionBoxes_Precision/mAP',
    'DetectionBoxes_Precision/mAP@.50IOU',
    headline,
  ];
  const wanted = of50
    ? ['AP50', 'DetectionBoxes_Precision/mAP@.50IOU', headline, ...known]
    : [headline, ...known];
  return [...new Set(wanted)].filter((one) => one in numbers);
}

function matchOf(reported: ReportedNumber, { way, isRepaired, numbers }: Tried): Match[] {
  return keysFor(reported.key, way.protocol, numbers).flatMap((key) => {
    const value = numbers[key];
    if (typeof value !== 'number') return [];
    const shown = way.protocol === 'tide' ? value / 100 : value;
    if (!isSame(reported, shown)) return [];
    const { protocol, emulation, parameters, words } = way;
    return { protocol, emulation, value: shown, key, parameters, isRepaired, words };
  });
}

/** Equal to the printed digits; numbers above 1 are percentages. */
export function isSame({ value, decimals }: ReportedNumber, computed: number): boolean {
  const [wanted, digits] = value > 1 ? [value / 100, decimals + 2] : [value, decimals];
  return Math.abs(computed - wanted) <= 0.5 * 10 ** -digits + 1e-9;
}

/** What the key names, then no fault, then the data as they are. */
function rank(reported: ReportedNumber, match: Match): number {
  const isNamed = isKeyOf(reported.key, match.protocol) || match.key === reported.key;
  return (isNamed ? 0 : 4) + (match.emulation === null ? 0 : 2) + (match.isRepaired ? 1 : 0);
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

function sentenceOf(reported: ReportedNumber, [best]: readonly Match[], tried: readonly Tried[]): string {
  const said = `${reported.key} ${reported.value}`;
  if (!best) return `Nothing that was tried gives ${said}: check that it is of these images and this model.`;
  const after = best.isRepaired ? ', once the bookkeeping is repaired' : '';
  if (best.emulation === null) return `${said} is ${best.key} of the protocol ${best.protocol}${after}.`;
  const plain = tried.find(
    ({ way, isRepaired }) =>
      way.protocol === best.protocol && way.emulation === null && isRepaired === best.isRepaired,
  );
  const value = plain?.numbers[best.key];
  const truly =
    typeof value === 'number'
      ? `; without that the number is ${value.toFixed(Math.max(3, reported.decimals))}`
      : '';
  return `${said} is ${best.key} of the protocol ${best.protocol} with ${best.words}${after}${truly}.`;
}
