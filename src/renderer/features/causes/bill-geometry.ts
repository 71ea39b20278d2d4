/** Where the bars of the bill stand: it is a waterfall, each bar begins where the one above ended. */
import type { CauseView } from '../../../contract/diagnosis-view';

export interface BillBar {
  readonly from: number;
  readonly to: number;
}

export interface Bill {
  /** Priced causes that are open, by share. */
  readonly priced: readonly { readonly cause: CauseView; readonly bar: BillBar; readonly share: number }[];
  readonly unpriced: readonly CauseView[];
  /** Repaired and accepted. */
  readonly settled: readonly CauseView[];
  readonly now: number;
  readonly after: number;
  /** Of the axis; totals are ticks, so it may start above 0. */
  readonly domain: readonly [low: number, high: number];
}

const DIGITS = 3;

export function billOf(causes: readonly CauseView[], score: number | null, after: number | null): Bill {
  const open = causes.filter(({ state }) => state === 'open');
  const withPrice = open.filter(({ share }) => share !== null).sort((a, b) => b.share! - a.share!);
  const now = score ?? 0;
  const end = after ?? now + withPrice.reduce((sum, { share }) => sum + share!, 0);
  const shares = withPrice.map(({ share }) => share!);
  const shown = roundedToSum(shares);
  let at = now;
  const priced = withPrice.map((cause, index) => {
    const bar = { from: at, to: at + shares[index]! };
    at = bar.to;
    return { cause, bar, share: shown[index]! };
  });
  const ends = [now, end, ...priced.flatMap(({ bar }) => [bar.from, bar.to])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max(0.02, (high - low) * 0.1);
  return {
    priced,
    unpriced: open.filter(({ share }) => share === null),
    settled: causes.filter(({ state }) => state !== 'open'),
    now,
    after: at,
    domain: [Math.max(0, low - margin), Math.min(1, high + margin)],
  };
}

/** To three digits so that the parts add up to the rounded whole: the largest remainders are rounded up. */
export function roundedToSum(parts: readonly number[], digits = DIGITS): number[] {
  const unit = 10 ** digits;
  const whole = Math.round(parts.reduce((sum, part) => sum + part, 0) * unit);
  const floors = parts.map((part) => Math.floor(part * unit));
  const missing = whole - floors.reduce((sum, floor) => sum + floor, 0);
  const byRemainder = [...parts.keys()].sort(
    (a, b) => parts[b]! * unit - floors[b]! - (parts[a]! * unit - floors[a]!),
  );
  const raised = new Set(byRemainder.slice(0, missing));
  return floors.map((floor, at) => (floor + (raised.has(at) ? 1 : 0)) / unit);
}

/** The finding in a sentence: what most of the loss is, or that nothing was found. */
export function answerOf({ priced, unpriced }: Bill, heldBack: number): string {
  const [first] = priced;
  if (!first) {
    return unpriced.length > 0
      ? 'Nothing that was found has a price; what follows is advice.'
      : 'No check found a cause.';
  }
  const total = priced.reduce((sum, { share }) => sum + Math.max(0, share), 0);
  const part = total > 0 ? first.share / total : 1;
  const amount = part > 0.9 ? 'Almost all' : part > 0.5 ? 'Over half' : 'The largest part';
  const tail = heldBack > 0 ? ' What is said of training and data waits until it is repaired.' : '';
  return `${amount} of what can be repaired is: ${first.cause.title.charAt(0).toLowerCase()}${first.cause.title.slice(1)}.${tail}`;
}
