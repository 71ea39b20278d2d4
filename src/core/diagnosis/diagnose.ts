/** Why is the score low: finds causes, prices them, and says what remains unexplained. */
import type { Progress } from '../foundation/cancellation';
import type { Truth } from '../dataset/dataset';
import type { PartialBill, PricedBill, PriceOptions } from './bill';
import { priceCauses, unpricedCauses } from './bill';
import type { FoundCause } from './cause';
import type { ErrorPrices } from './error-prices';
import { errorPrices } from './error-prices';
import { findBookkeeping } from './find-bookkeeping';
import { contextOfClass, pricedForClass } from './one-class';
import type { PartialDiagnosis } from './partial-diagnosis';
import { pendingStages } from './partial-diagnosis';
import { headlineKey, Scores } from './price';
import type { Reconciled } from './reconcile/reconcile';
import { reconcile } from './reconcile/reconcile';
import { reportedCauses } from './reconcile/reported-causes';
import type { DiagnosisSources, Rule, RuleContext } from './rule';
import { boxLimitsOf, findBoxLimit, findEvaluationCount } from './rules/evaluation-config';
import { findFlags } from './rules/flags';
import { findPadding } from './rules/padding';
import { findStructure } from './rules/structure';
import { onlyImages } from './selection';
import { hasOpenFault, unexplainedOf } from './training-score';
import type { Situation } from './situation';
import { withoutPredictions } from './situation';

export interface Diagnosis extends PricedBill {
  /** Null where there is nothing to score. */
  readonly score: PartialDiagnosis['score'];
  /** Of numbers that were reported. */
  readonly reconciled: readonly Reconciled[];
  /** By TIDE's types, with bookkeeping repaired; null where there is nothing to score. */
  readonly errorTypes: ErrorPrices | null;
  /** Up to the score on the training images; null where that is not known. */
  readonly unexplained: number | null;
}

export interface DiagnosisOptions extends Omit<PriceOptions, 'onPartial'> {
  /** Told what is known each time that it is more; not where there is nothing to score. */
  readonly onPartial?: (partial: PartialDiagnosis) => void;
}

/** `given`: null where truth or predictions were left out; rules that need neither still run. */
export function diagnose(
  given: Situation | null,
  truth: Truth | null,
  sources: DiagnosisSources,
  rules: readonly Rule[],
  progress: Progress,
  { onPartial, ...options }: DiagnosisOptions = {},
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
  const config = sources.training?.config ?? null;
  if (!given)
    return {
      ...unpricedCauses([...findInLabels(truth, sources), ...ask(rules, context)], truth),
      score: null,
      reconciled: [],
      errorTypes: null,
      unexplained: null,
    };
  const isRepaired = bookkeeping !== null && bookkeeping.repaired !== given;
  const reconciled = reconcile(
    sources.reported,
    given,
    isRepaired ? bookkeeping.repaired : null,
    boxLimitsOf(config),
    progress,
  );
  const reported = reportedCauses(given, reconciled, scores.score(given));
  const found = [...(bookkeeping?.found ?? []), ...reported, ...findInConfig(given.truth, sources)];
  const name = given.truth.categories.find(({ id }) => id === given.scoredCategory)?.name;
  const ofClass = (causes: readonly FoundCause[]): readonly FoundCause[] =>
    name === undefined ? causes : pricedForClass(causes, name);
  const key = headlineKey(given, scores.evaluate(given).result(0.5).metrics);
  const score = { key, value: scores.score(given) };
  let errorTypes: ErrorPrices | null = null;
  const errorTypesOf = (bill: PartialBill): ErrorPrices =>
    (errorTypes ??= errorPrices(hasOpenFault(bill) && bookkeeping ? bookkeeping.repaired : given));
  let pending = pendingStages(rules);
  const tell = (bill: PartialBill): void => {
    const partial = { ...bill, score, pending };
    onPartial?.({ ...partial, errorTypes });
    if (errorTypes === null) onPartial?.({ ...partial, errorTypes: errorTypesOf(bill) });
  };
  const bill = priceCauses(
    given,
    ofClass(found),
    (isHeldBack, onFound) =>
      ofClass(
        // Repairs that are worth nothing are not made: rules then see the data as they are.
        ask(rules, isHeldBack ? sampledContext(context) : { ...context, repaired: given }, (soFar, rest) => {
          pending = pendingStages(rest);
          onFound(ofClass(soFar));
        }),
      ),
    scores,
    progress,
    { ...options, ...(onPartial ? { onPartial: tell } : {}) },
  );
  const predicted = sources.train?.predicted ?? null;
  return {
    ...bill,
    score,
    reconciled,
    errorTypes: errorTypesOf(bill),
    unexplained: unexplainedOf(given, bill, predicted, scores, progress),
  };
}

/**
 * What the rules find, each asked of one class where one class is asked about. `onFound`: told after each rule what there
 * is so far, and which rules are to be asked.
 */
function ask(
  rules: readonly Rule[],
  context: RuleContext,
  onFound?: (soFar: readonly FoundCause[], rest: readonly Rule[]) => void,
): FoundCause[] {
  const { given, progress } = context;
  const category = given?.scoredCategory ?? null;
  const narrow = category === null ? context : contextOfClass(context, category);
  const found: FoundCause[] = [];
  rules.forEach((rule, at) => {
    progress.check();
    progress.report(`Looking for ${rule.looksFor}`, at, rules.length);
    found.push(...rule.find(rule.weighsRecall ? narrow : context));
    onFound?.(found, rules.slice(at + 1));
  });
  return found;
}

/** Boxes of truth and predictions that are looked at where a rule is only asked whether it finds something. */
const SAMPLED_RECORDS = 30_000;

/** The same of every so many images, where the set is large. Causes that come of it are named, and not priced. */
function sampledContext(context: RuleContext): RuleContext {
  const { repaired } = context;
  if (!repaired) return context;
  const images = repaired.truth.images.length;
  const records = repaired.truth.annotations.count + repaired.predictions.count;
  const step = records / SAMPLED_RECORDS;
  if (step <= 1) return context;
  const chosen = Array.from({ length: Math.ceil(images / step) }, (_, at) => Math.floor(at * step));
  const sample = onlyImages(repaired, chosen);
  return { ...context, given: sample, repaired: sample, truth: sample.truth };
}

/** What the truth alone shows, where there are no predictions. */
function findInLabels(truth: Truth | null, sources: DiagnosisSources): FoundCause[] {
  if (!truth) return [];
  const labels = withoutPredictions(truth);
  return [
    ...findPadding(labels),
    ...findFlags(labels),
    ...findStructure(labels),
    ...findInConfig(truth, sources),
  ];
}

/** What the training's configuration says against the data. */
function findInConfig(truth: Truth, { train, training }: DiagnosisSources): FoundCause[] {
  const config = training?.config ?? null;
  return [...findEvaluationCount(config, truth), ...findBoxLimit(config, train?.truth ?? truth)];
}
