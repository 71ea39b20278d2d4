/** What a diagnosis knows while it goes on: the faults of bookkeeping first, then what each group of rules found. */
import type { PartialBill } from './bill';
import type { CauseGroup } from './cause';
import type { ErrorPrices } from './error-prices';
import type { Rule } from './rule';

/** In the order in which they are done. `prices`: intervals and shares, without which prices are provisional. */
export const DIAGNOSIS_STAGES = ['bookkeeping', 'labels', 'data', 'training', 'prices'] as const;
export type DiagnosisStage = (typeof DIAGNOSIS_STAGES)[number];

/** Rows may still be dropped, priced otherwise, and put in another order. */
export interface PartialDiagnosis extends PartialBill {
  readonly score: { readonly key: string; readonly value: number | null } | null;
  /** Null until they are known. */
  readonly errorTypes: ErrorPrices | null;
  /** What is not done yet, in its order. */
  readonly pending: readonly DiagnosisStage[];
}

const STAGE_OF: Readonly<Record<CauseGroup, DiagnosisStage>> = {
  A: 'bookkeeping',
  B: 'labels',
  C: 'training',
  D: 'data',
};

/** What is to be done while these rules were not asked yet; bookkeeping comes before all of them. */
export function pendingStages(rest: readonly Pick<Rule, 'group'>[]): readonly DiagnosisStage[] {
  const waiting = new Set<DiagnosisStage>(['prices', ...rest.map(({ group }) => STAGE_OF[group])]);
  return DIAGNOSIS_STAGES.filter((stage) => waiting.has(stage));
}
