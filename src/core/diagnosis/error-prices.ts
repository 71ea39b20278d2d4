/** What the errors of each type cost, beside the causes: TIDE's prices on the same data, faults of bookkeeping repaired. */
import { evaluateProtocol } from '../metrics/protocol-evaluation';
import type { Situation } from './situation';
import { scoringInputOf } from './situation';

/** TIDE's keys, on its scale of 0 to 100: what mAP50 gains with all errors of a type mended; null where undefined. */
export type ErrorPrices = Readonly<Record<string, number | null>>;

export function errorPrices(situation: Situation): ErrorPrices {
  return evaluateProtocol(scoringInputOf(situation), 'tide', {}).result(0.5).metrics;
}
