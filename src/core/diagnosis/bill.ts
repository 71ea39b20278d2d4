/** Assembles the bill: prices what was found, orders it, and holds back what false numbers would speak for. */
import type { Truth } from '../dataset/dataset';
import type { Progress } from '../foundation/cancellation';
import { applyRepair } from './apply-repair';
import type { Cause, CauseCode, FoundCause } from './cause';
import { groupOf, MOST_IMAGES } from './cause';
import type { Scores } from './price';
import { gainIntervals } from './price';
import type { Repair } from './repair';
import { shapleyShares } from './shares';
import type { Situation } from './situation';

/** A repair that wins less than this is not worth a row. */
export const LEAST_PRICE = 0.003;
/** Bounds are rougher. */
const LEAST_ESTIMATE = 0.01;

type Repaired = FoundCause & { readonly repair: Repair };
const isRepaired = (found: FoundCause): found is Repaired => found.repair !== null && !found.price;

export interface PriceOptions {
  /** Repairs that win less are dropped. */
  readonly least?: number;
  /** Intervals are the costly part. */
  readonly hasIntervals?: boolean;
}

export interface PricedBill {
  readonly causes: readonly Cause[];
  /** What was found and waits until the bookkeeping is in order. */
  readonly heldBack: readonly CauseCode[];
  /** With everything repaired that can be scored again. */
  readonly scoreAfterAll: number | null;
}

/** `value` of an undefined score: nothing was found. */
const valueOf = (score: number | null): number => score ?? 0;

/**
 * `found`: in the order in which repairs are applied. Causes with a repair are scored again; those of which none is left
 * in the end are dropped.
 */
export function priceCauses(
  now: Situation,
  found: readonly FoundCause[],
  scores: Scores,
  progress: Progress,
  { least = LEAST_PRICE, hasIntervals = true }: PriceOptions = {},
): PricedBill {
  const bookkeeping = found.filter(({ code }) => groupOf(code) === 'A');
  const faults = worthwhile(now, bookkeeping.filter(isRepaired), scores, progress, least);
  const isOpen = faults.length > 0;
  const advice = found.filter(({ code }) => groupOf(code) !== 'A');
  const repaired = isOpen
    ? faults
    : [...faults, ...worthwhile(now, advice.filter(isRepaired), scores, progress, least)];
  const alone = repaired.map(({ repair }) => applyRepair(now, repair));
  const before = valueOf(scores.score(now));
  const subsets = new Map<number, Situation>();
  const value = (subset: number): number => {
    progress.check();
    return valueOf(scores.score(situationOf(now, repaired, alone, subset, subsets)));
  };
  const shares = shapleyShares(repaired.length, value);
  const intervals = alone.length > 0 && hasIntervals ? gainIntervals(scores, [now, ...alone], progress) : [];
  const priced = repaired.map((cause, at): Cause => {
    const scoreAfter = valueOf(scores.score(alone[at]!));
    return {
      ...row(now.truth, cause),
      gain: scoreAfter - before,
      gainInterval: intervals[at] ?? null,
      share: shares[at]!,
      scoreAfter,
      confidence: 'exact',
    };
  });
  const others = (isOpen ? bookkeeping : found)
    .filter((cause) => !isRepaired(cause))
    .filter(
      ({ price }) => !price || price.gain >= (price.confidence === 'estimated' ? LEAST_ESTIMATE : least),
    )
    .map((cause) => withoutScoring(now, cause, before));
  const afterAll = situationOf(now, repaired, alone, (1 << repaired.length) - 1, subsets);
  return {
    causes: ordered([...priced, ...others]),
    heldBack: isOpen ? [...new Set(advice.map(({ code }) => code))] : [],
    scoreAfterAll: scores.score(afterAll),
  };
}

/** Causes where there is no score: only what the logs of a training tell has a price. */
export function unpricedCauses(found: readonly FoundCause[], truth: Truth | null): PricedBill {
  const causes = found.map((cause): Cause => ({
    ...row(truth, cause),
    gain: cause.price?.gain ?? null,
    gainInterval: cause.price?.interval ?? null,
    share: null,
    scoreAfter: null,
    confidence: cause.price?.confidence ?? null,
  }));
  return { causes: ordered(causes), heldBack: [], scoreAfterAll: null };
}

/** Drops repairs without which everything else gains as much: they explain nothing. */
function worthwhile(
  now: Situation,
  found: readonly Repaired[],
  scores: Scores,
  progress: Progress,
  least: number,
): readonly Repaired[] {
  let kept = found;
  for (const candidate of found) {
    progress.check();
    const rest = kept.filter((cause) => cause !== candidate);
    const scoreOf = (causes: readonly Repaired[]): number =>
      valueOf(scores.score(causes.reduce((situation, { repair }) => applyRepair(situation, repair), now)));
    const isWorth =
      scoreOf(kept) - scoreOf(rest) >= least || scoreOf([candidate]) - valueOf(scores.score(now)) >= least;
    if (!isWorth) kept = rest;
  }
  return kept;
}

function situationOf(
  now: Situation,
  repaired: readonly Repaired[],
  alone: readonly Situation[],
  subset: number,
  known: Map<number, Situation>,
): Situation {
  if (subset === 0) return now;
  const kept = known.get(subset);
  if (kept) return kept;
  const chosen = repaired.flatMap((_, at) => (subset & (1 << at) ? [at] : []));
  const last = chosen.at(-1)!;
  const made =
    chosen.length === 1
      ? alone[last]!
      : applyRepair(situationOf(now, repaired, alone, subset & ~(1 << last), known), repaired[last]!.repair);
  known.set(subset, made);
  return made;
}

function row(truth: Truth | null, found: FoundCause) {
  const { code, title, evidence, images, action, repair } = found;
  return {
    code,
    group: groupOf(code),
    title,
    evidence: { ...evidence, images: images.length },
    images: images.slice(0, MOST_IMAGES).flatMap((image) => truth?.images[image]?.fileName ?? []),
    action,
    repair,
  };
}

function withoutScoring(now: Situation, found: FoundCause, before: number): Cause {
  const { price } = found;
  return {
    ...row(now.truth, found),
    gain: price?.gain ?? null,
    gainInterval: price?.interval ?? null,
    share: price?.gain ?? null,
    scoreAfter: price ? (price.scoreAfter ?? before + price.gain) : null,
    confidence: price?.confidence ?? null,
  };
}

/** By gain, of equal gains by share; those without a price last, in the order found. */
function ordered(causes: readonly Cause[]): Cause[] {
  const rank = ({ gain, share }: Cause): readonly [number, number] =>
    gain === null ? [-Infinity, 0] : [gain, share ?? 0];
  return causes
    .map((cause, at) => ({ cause, at, rank: rank(cause) }))
    .sort((a, b) => compare(b.rank[0], a.rank[0]) || compare(b.rank[1], a.rank[1]) || a.at - b.at)
    .map(({ cause }) => cause);
}

const compare = (left: number, right: number): number => (left < right ? -1 : left > right ? 1 : 0);
