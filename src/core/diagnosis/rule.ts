/** What a rule is given, and what it gives: one file a rule, under `rules/`. */
import type { Truth } from '../dataset/dataset';
import type { Progress } from '../foundation/cancellation';
import type { ProtocolEvaluation } from '../metrics/protocol-evaluation';
import type { Resizer } from '../training/pipeline-config';
import type { TrainingRun } from '../training/training-run';
import type { CauseCode, CauseGroup, FoundCause } from './cause';
import type { Measurement } from './measured/measure-change';
import type { ImageFacts, Situation } from './situation';

/** A number that somebody was given, as `KEY=VALUE`. */
export interface ReportedNumber {
  readonly key: string;
  readonly value: number;
  /** Digits after the point, as written: the number is known to half a unit of the last. */
  readonly decimals: number;
}

/** The set that the model was trained on. */
export interface TrainingSet {
  readonly truth: Truth;
  /** By image; null where none was looked at. */
  readonly facts: readonly (ImageFacts | null)[] | null;
  /** Indices of these images in the truth under diagnosis, where they are a part of it. */
  readonly within?: readonly number[] | null;
  /** With the model's predictions on it. */
  readonly predicted?: Situation | null;
}

export interface DiagnosisSources {
  readonly train: TrainingSet | null;
  /** Of the images under diagnosis, for where nothing was predicted; else the situation has them. */
  readonly facts?: readonly (ImageFacts | null)[] | null;
  /** The training that made the model, from its logs or its configuration alone. */
  readonly training: TrainingRun | null;
  /** What two configurations do with images, where both are known; absent where they are not. */
  readonly resizers?: { readonly trained: Resizer; readonly evaluated: Resizer } | null;
  readonly reported: readonly ReportedNumber[];
  /** What the model showed when it ran again with changes; absent where it did not. */
  readonly measured?: Measurement | null;
}

export interface RuleContext {
  /** As the files have it; null where truth or predictions were left out. */
  readonly given: Situation | null;
  /** The same with what the bookkeeping rules found repaired: what other rules look at. */
  readonly repaired: Situation | null;
  readonly truth: Truth | null;
  readonly sources: DiagnosisSources;
  readonly progress: Progress;
  /** The protocol's evaluation of a situation; kept for as long as the situation is. */
  evaluate(situation: Situation): ProtocolEvaluation;
  /** The protocol's first number of a situation; null where it is undefined. */
  score(situation: Situation): number | null;
}

/** Rules of groups B, C and D. Bookkeeping faults are found by the repair search, which needs an order. */
export interface Rule {
  readonly codes: readonly CauseCode[];
  readonly group: Exclude<CauseGroup, 'A'>;
  /** For people, while it runs: "labels that may be missing". */
  readonly looksFor: string;
  /** Whether it weighs recalls: where one class is asked about, it then sees that class alone. */
  readonly weighsRecall?: boolean;
  /** Nothing where what it needs is absent. */
  find(context: RuleContext): readonly FoundCause[];
}
