/** What a schedule is, seen from the rates that were used: a name that somebody gave it proves nothing. */
import type { Series } from './series';
import { finiteOnly } from './series';

export type RateShape = 'constant' | 'warming-up' | 'decaying' | 'stepwise' | 'cyclical' | 'one-cycle';

export interface NamedRates {
  readonly shape: RateShape;
  /** Times that the rate turned from rising to falling. */
  readonly peaks: number;
  /** In a sentence. */
  readonly words: string;
}

/** Turns smaller than this share of the highest rate are rounding. */
const SMALL = 0.02;

/** Null where fewer than four rates were logged. */
export function nameRates(rates: Series): NamedRates | null {
  const { value, step } = finiteOnly(rates);
  if (value.length < 4) return null;
  const highest = Math.max(...value);
  const { peaks, peakAt } = turnsOf(value, highest * SMALL);
  const [first, last] = [value[0]!, value.at(-1)!];
  const share = (step[peakAt]! - step[0]!) / (step.at(-1)! - step[0]!);
  if (highest - Math.min(...value) <= highest * SMALL)
    return { shape: 'constant', peaks: 0, words: 'constant: the rate never changes' };
  if (peaks >= 2)
    return { shape: 'cyclical', peaks, words: `cyclical: the rate rises and falls ${peaks} times` };
  if (share > 0.9) return { shape: 'warming-up', peaks: 0, words: 'a warm-up: the rate only rises' };
  if (share > 0.15 && first < highest / 2 && last < highest / 2)
    return { shape: 'one-cycle', peaks: 1, words: 'one cycle: the rate rises once and falls once' };
  const levels = new Set([...value.subarray(peakAt)].map((rate) => rate.toPrecision(4))).size;
  const isStepwise = levels <= Math.max(6, value.length / 10);
  const warm = share > 0.005 && first < highest * 0.9 ? ' after a warm-up' : '';
  return isStepwise
    ? { shape: 'stepwise', peaks, words: `in steps: the rate falls to ${levels} levels${warm}` }
    : { shape: 'decaying', peaks, words: `a decay: the rate only falls${warm}` };
}

function turnsOf(value: Float64Array, small: number): { peaks: number; peakAt: number } {
  let peaks = 0;
  let isRising: boolean | null = null;
  let extreme = value[0]!;
  let peakAt = 0;
  for (const [at, rate] of value.entries()) {
    if (rate > value[peakAt]!) peakAt = at;
    if (isRising !== false && rate < extreme - small) {
      if (isRising) peaks++;
      isRising = false;
      extreme = rate;
    } else if (isRising !== true && rate > extreme + small) {
      isRising = true;
      extreme = rate;
    } else extreme = isRising === false ? Math.min(extreme, rate) : Math.max(extreme, rate);
  }
  return { peaks, peakAt };
}
