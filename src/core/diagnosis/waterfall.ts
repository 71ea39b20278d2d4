/** Where the bars of the bill stand: it is a waterfall, each bar begins where the one above ended. */
import { TIDE_BAR_NAMES } from '../metrics/tide/tide-errors';
import type { Cause } from './cause';
import type { ErrorPrices } from './error-prices';
import { dearestErrors } from './error-prices';

/** A cause with what somebody said of it: `open`, or settled in one way or another. */
export type StatedCause = Pick<Cause, 'code' | 'title' | 'share'> & { readonly state: string };

export interface BillBar {
  readonly from: number;
  readonly to: number;
}

/** Names a row of the bill: its code, with a number where several have that. */
export type RowKey = string;

export interface BillRow<C extends StatedCause> {
  readonly key: RowKey;
  readonly cause: C;
}

export interface Bill<C extends StatedCause> {
  /** Priced causes that are open, by share. */
  readonly priced: readonly (BillRow<C> & { readonly bar: BillBar; readonly share: number })[];
  readonly unpriced: readonly BillRow<C>[];
  /** Repaired and accepted. */
  readonly settled: readonly C[];
  readonly now: number;
  readonly after: number;
  /** Of the axis; totals are ticks, so it may start above 0. */
  readonly domain: readonly [low: number, high: number];
}

const DIGITS = 3;
/** Points of mAP50: what costs less explains nothing. */
const LEAST_ERROR = 0.1;

/** `order`: rows that keep their places; others come after them, by share. */
export function billOf<C extends StatedCause>(
  causes: readonly C[],
  score: number | null,
  after: number | null,
  order: readonly RowKey[] | null = null,
): Bill<C> {
  const open = keyed(causes).filter(({ cause }) => cause.state === 'open');
  const place = ({ key }: BillRow<C>): number => {
    const at = order?.indexOf(key) ?? -1;
    return at < 0 ? Infinity : at;
  };
  const inOrder = (a: BillRow<C>, b: BillRow<C>): number => (place(a) === place(b) ? 0 : place(a) - place(b));
  const withPrice = open
    .filter(({ cause }) => cause.share !== null)
    .sort((a, b) => inOrder(a, b) || b.cause.share! - a.cause.share!);
  const now = score ?? 0;
  const end = after ?? now + withPrice.reduce((sum, { cause }) => sum + cause.share!, 0);
  const shares = withPrice.map(({ cause }) => cause.share!);
  const shown = roundedToSum(shares);
  let at = now;
  const priced = withPrice.map((row, index) => {
    const bar = { from: at, to: at + shares[index]! };
    at = bar.to;
    return { ...row, bar, share: shown[index]! };
  });
  const ends = [now, end, ...priced.flatMap(({ bar }) => [bar.from, bar.to])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max(0.02, (high - low) * 0.1);
  return {
    priced,
    unpriced: open.filter(({ cause }) => cause.share === null).sort(inOrder),
    settled: causes.filter(({ state }) => state !== 'open'),
    now,
    after: at,
    domain: [Math.max(0, low - margin), Math.min(high > 1 ? 100 : 1, high + margin)],
  };
}

function keyed<C extends StatedCause>(causes: readonly C[]): BillRow<C>[] {
  const seen = new Map<string, number>();
  return causes.map((cause) => {
    const before = seen.get(cause.code) ?? 0;
    seen.set(cause.code, before + 1);
    return { key: before === 0 ? cause.code : `${cause.code} ${before + 1}`, cause };
  });
}

/** Priced causes first, then those without a price: the order that the arrow keys follow. */
export function rowsOf<C extends StatedCause>({ priced, unpriced }: Bill<C>): readonly BillRow<C>[] {
  return [...priced, ...unpriced];
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

/** The finding in a sentence with its figures: what most of the loss is, or where no cause was found what errors cost most. */
export function answerOf(
  { priced, unpriced }: Bill<StatedCause>,
  heldBack: number,
  isWhole: boolean,
  errors: ErrorPrices | null = null,
): string {
  const first = priced.toSorted((a, b) => b.share - a.share)[0];
  if (!isWhole && !first)
    return unpriced.length > 0 ? 'So far nothing with a price was found.' : 'So far nothing was found.';
  if (!first) {
    return unpriced.length > 0
      ? 'Nothing that was found has a price; what follows is advice.'
      : `No check found a cause.${costliestError(errors)}`;
  }
  const total = priced.reduce((sum, { share }) => sum + Math.max(0, share), 0);
  const part = total > 0 ? first.share / total : 1;
  const isAll = first.share === total;
  const amount = isAll ? 'All' : part > 0.9 ? 'Almost all' : part > 0.5 ? 'Over half' : 'The largest part';
  const figures = `${first.share.toFixed(DIGITS)}${isAll ? '' : ` of ${total.toFixed(DIGITS)}`}`;
  const tail = heldBack > 0 ? ' What is said of training and data waits until it is repaired.' : '';
  return `${isWhole ? amount : `So far, ${amount.charAt(0).toLowerCase()}${amount.slice(1)}`} of what can be repaired, ${figures}, is: ${inSentence(first.cause.title)}.${tail}`;
}

/** The type of error that mAP50 would gain most without, as a sentence after another; empty where none costs anything. */
function costliestError(errors: ErrorPrices | null): string {
  const first = errors && dearestErrors(errors)[0];
  if (!first?.price || first.price < LEAST_ERROR) return '';
  const name = TIDE_BAR_NAMES[first.type].toLowerCase();
  return ` The errors that cost most are of the type “${name}”: ${first.price.toFixed(1)} points of mAP50.`;
}

/** The title within a sentence, without what follows its colon: figures stand in the row. */
function inSentence(title: string): string {
  const [name = title] = title.split(':');
  return name.charAt(0).toLowerCase() + name.slice(1);
}
