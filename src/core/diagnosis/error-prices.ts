/** What the errors of each type cost, beside the causes: TIDE's prices on the same data, faults of bookkeeping repaired. */
import { evaluateProtocol } from '../metrics/protocol-evaluation';
import type { TideBar } from '../metrics/tide/tide-errors';
import { TIDE_BARS } from '../metrics/tide/tide-errors';
import type { Situation } from './situation';
import { scoringInputOf } from './situation';

/** TIDE's keys, on its scale of 0 to 100: what mAP50 gains with all errors of a type mended; null where undefined. */
export type ErrorPrices = Readonly<Record<string, number | null>>;

/** The six types with what mending each gains, the dearest first. */
export function dearestErrors(
  prices: ErrorPrices,
): { readonly type: TideBar; readonly price: number | null }[] {
  return TIDE_BARS.map((type) => ({ type, price: prices[type] ?? null })).sort(
    (a, b) => (b.price ?? -1) - (a.price ?? -1),
  );
}

export function errorPrices(situation: Situation): ErrorPrices {
  return evaluateProtocol(scoringInputOf(situation), 'tide', {}).result(0.5).metrics;
}
