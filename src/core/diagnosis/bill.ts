/** Assembles the bill: prices what was found, orders it, and holds back what false numbers would speak for. */
import type { Truth } from '../dataset/dataset';
import type { Progress } from '../foundation/cancellation';
import { applyRepair } from './apply-repair';
import type { Cause, CauseCode, FoundCause } from './cause';
import { groupOf, MOST_IMAGES } from './cause';
import type { Interval, Scores } from './price';
import { gainIntervals } from './price';
import type { Repair } from './repair';
import { shapleyShares } from './shares';
import type { Situation } from './situation';

/** A cause that wins less than this is not worth a row; of scores from 0 to 1. */
export const LEAST_PRICE = 0.003;
/** TIDE's scores go to 100. */
const scaleOf = ({ protocol }: Situation): number => (protocol === 'tide' ? 100 : 1);

type Repaired = FoundCause & { readonly repair: Repair };
const isRepaired = (found: FoundCause): found is Repaired => found.repair !== null && !found.price;

export interface PriceOptions {
  /** Intervals are the costly part. */
  readonly hasIntervals?: boolean;
  /** Told what is known each time that it is more. */
  readonly onPartial?: (bill: PartialBill) => void;
}

export interface PartialBill {
  /** Prices are without intervals; a repair that is not scored yet has none. */
  readonly causes: readonly Cause[];
  readonly heldBack: readonly CauseCode[];
}

/** Asks for what bookkeeping does not tell; `onFound` is told what there is so far. */
export type FindAdvice = (
  isHeldBack: boolean,
  onFound: (found: readonly FoundCause[]) => void,
) => readonly FoundCause[];

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
 * `bookkeeping`: in the order in which repairs are applied. Causes with a repair are scored again; those of which none is
 * left in the end are dropped. `findAdvice` is asked for the rest; while it is held back only its codes are told.
 */
export function priceCauses(
  now: Situation,
  bookkeeping: readonly FoundCause[],
  findAdvice: FindAdvice,
  scores: Scores,
  progress: Progress,
  { hasIntervals = true, onPartial }: PriceOptions = {},
): PricedBill {
  const pricing = new Pricing(now, bookkeeping, scores, progress);
  const tell = (advice: readonly FoundCause[]): void => onPartial?.(pricing.partial(advice));
  tell([]);
  const advice = findAdvice(pricing.isOpen, tell);
  const kept = pricing.settle(advice);
  const alone = kept.map((place) => pricing.subsets.situation([place]));
  const intervals = alone.length > 0 && hasIntervals ? gainIntervals(scores, [now, ...alone], progress) : [];
  return {
    causes: ordered([...pricing.scored(kept, intervals), ...pricing.unscored(advice)]),
    heldBack: pricing.heldBack(advice),
    scoreAfterAll: pricing.subsets.score(kept),
  };
}

/** The rows of a bill while it grows: bookkeeping first, then advice. */
class Pricing {
  readonly subsets: Subsets;
  /** Bookkeeping is not in order: advice is held back. */
  readonly isOpen: boolean;
  readonly #now: Situation;
  readonly #bookkeeping: readonly FoundCause[];
  /** In the order of `Subsets`' places; advice with a repair is added to it. */
  readonly #candidates: Repaired[];
  /** Places of the bookkeeping's repairs that are worth a row. */
  readonly #faults: readonly number[];
  readonly #before: number;
  readonly #least: number;

  constructor(now: Situation, bookkeeping: readonly FoundCause[], scores: Scores, progress: Progress) {
    this.#now = now;
    this.#bookkeeping = bookkeeping;
    this.#least = LEAST_PRICE * scaleOf(now);
    this.#candidates = bookkeeping.filter(isRepaired);
    this.subsets = new Subsets(now, this.#candidates, scores, progress);
    this.#faults = this.subsets.worthwhile([...this.#candidates.keys()], this.#least);
    const hasBounds = bookkeeping.some((cause) => !isRepaired(cause) && cause.price && this.#isShown(cause));
    this.isOpen = this.#faults.length > 0 || hasBounds;
    this.#before = this.subsets.value([]);
  }

  /** What is known while advice is still looked for. */
  partial(advice: readonly FoundCause[]): PartialBill {
    const waiting = this.isOpen ? [] : advice.filter(isRepaired);
    return {
      causes: ordered([
        ...this.scored(this.#faults, []),
        ...this.unscored(advice),
        ...waiting.map((cause) => withoutScoring(this.#now, cause, this.#before)),
      ]),
      heldBack: this.heldBack(advice),
    };
  }

  /** The places of the repairs that the whole bill prices. */
  settle(advice: readonly FoundCause[]): readonly number[] {
    const first = this.#candidates.length;
    this.#candidates.push(...advice.filter(isRepaired));
    return this.isOpen
      ? this.#faults
      : this.subsets.worthwhile([...this.#candidates.keys()].slice(first), this.#least);
  }

  heldBack(advice: readonly FoundCause[]): CauseCode[] {
    return this.isOpen ? [...new Set(advice.map(({ code }) => code))] : [];
  }

  /** Rows of repairs that are scored again. */
  scored(kept: readonly number[], intervals: readonly (Interval | null)[]): Cause[] {
    const { subsets } = this;
    const shares = shapleyShares(kept.length, (subset) =>
      subsets.value(kept.filter((_, at) => subset & (1 << at))),
    );
    return kept.map((place, at): Cause => {
      const scoreAfter = subsets.value([place]);
      return {
        ...row(this.#now.truth, this.#candidates[place]!),
        gain: scoreAfter - this.#before,
        gainInterval: intervals[at] ?? null,
        share: shares[at]!,
        scoreAfter,
        confidence: 'exact',
      };
    });
  }

  /** Rows of causes whose price is a bound, or that have none. */
  unscored(advice: readonly FoundCause[]): Cause[] {
    return (this.isOpen ? this.#bookkeeping : [...this.#bookkeeping, ...advice])
      .filter((cause) => !isRepaired(cause) && this.#isShown(cause))
      .map((cause) => withoutScoring(this.#now, cause, this.#before));
  }

  #isShown({ price }: FoundCause): boolean {
    return !price || price.gain >= this.#least;
  }
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

/** Repairs applied together, in their order; each set of them is scored once. */
class Subsets {
  readonly #now: Situation;
  readonly #repaired: readonly Repaired[];
  readonly #scores: Scores;
  readonly #progress: Progress;
  // Numbers only: evaluations of large sets are large.
  readonly #known = new Map<string, number | null>();

  constructor(now: Situation, repaired: readonly Repaired[], scores: Scores, progress: Progress) {
    this.#now = now;
    this.#repaired = repaired;
    this.#scores = scores;
    this.#progress = progress;
  }

  situation(places: readonly number[]): Situation {
    return places.reduce((now, place) => applyRepair(now, this.#repaired[place]!.repair), this.#now);
  }

  score(places: readonly number[]): number | null {
    const key = places.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#progress.check();
    this.#progress.report('Scoring repaired copies', this.#known.size, null);
    const score = this.#scores.score(this.situation(places));
    this.#known.set(key, score);
    return score;
  }

  value(places: readonly number[]): number {
    return valueOf(this.score(places));
  }

  /** Without repairs that win nothing, neither alone nor after the others: they explain nothing. */
  worthwhile(places: readonly number[], least: number): readonly number[] {
    let kept = places;
    for (const place of places) {
      const rest = kept.filter((other) => other !== place);
      const isWorth =
        this.value(kept) - this.value(rest) >= least || this.value([place]) - this.value([]) >= least;
      if (!isWorth) kept = rest;
    }
    return kept;
  }
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
