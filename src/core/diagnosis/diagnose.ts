/** Why is the score low: finds causes, prices them, and says what remains unexplained. */
import type { Progress } from '../foundation/cancellation';
import type { Truth } from '../dataset/dataset';
import type { PricedBill, PriceOptions } from './bill';
import { priceCauses, unpricedCauses } from './bill';
import type { FoundCause } from './cause';
import { findBookkeeping } from './find-bookkeeping';
import { headlineKey, Scores } from './price';
import type { DiagnosisSources, Rule, RuleContext } from './rule';
import type { Situation } from './situation';

export interface Diagnosis extends PricedBill {
  /** Null where there is nothing to score. */
  readonly score: { readonly key: string; readonly value: number | null } | null;
  /** Up to the score on the training images; null where that is not known. */
  readonly unexplained: number | null;
}

/** `given`: null where truth or predictions were left out; rules that need neither still run. */
export function diagnose(
  given: Situation | null,
  truth: Truth | null,
  sources: DiagnosisSources,
  rules: readonly Rule[],
  progress: Progress,
  options: PriceOptions = {},
): Diagnosis {
  const scores = new Scores();
  const bookkeeping = given && findBookkeeping(given, scores, progress);
  const context: RuleContext = {
    given,
    repaired: bookkeeping?.repaired ?? null,
    truth,
    sources,
    progress,
    evaluate: (situation) => scores.evaluate(situation),
    score: (situation) => scores.score(situation),
  };
  const advice: FoundCause[] = [];
  for (const [at, rule] of rules.entries()) {
    progress.check();
    progress.report(`Looking for ${rule.looksFor}`, at, rules.length);
    advice.push(...rule.find(context));
  }
  if (!given) return { ...unpricedCauses(advice, truth), score: null, unexplained: null };
  const bill = priceCauses(given, [...(bookkeeping?.found ?? []), ...advice], scores, progress, options);
  const key = headlineKey(given, scores.evaluate(given).result(0.5).metrics);
  return { ...bill, score: { key, value: scores.score(given) }, unexplained: null };
}
