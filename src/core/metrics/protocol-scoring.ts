import type { ClassMatches } from '../matching/class-matches';
import type { MatchRule, MatchScope } from '../matching/match-rule';
import type { MatchTable } from '../matching/match-table';
import type { ClassPredictions } from '../matching/prediction-table';
import type { ClassCurve, ClassScores, ImageTruth, NamedArrays, ScoringInput } from './evaluation';

/** What a protocol makes of the match table: how it accumulates a class, and what it calls the numbers. */
export interface ProtocolScoring<Summary> {
  readonly rule: MatchRule;
  /** Every option in force, by the command line's name in camel case. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** A class's part in all numbers; depends on nothing but the class. */
  summarize(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): Summary;
  /** The same for `headline` and the class's AP alone; only where that is quicker. */
  summarizeHeadline?(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): Summary;
  headline(classes: readonly Summary[]): number | null;
  metrics(classes: readonly Summary[]): Readonly<Record<string, number | null>>;
  /** See `EvaluationResult.ties`; only for protocols whose tool leaves the order of equal scores open. */
  ties?(classes: readonly Summary[]): Readonly<Record<string, readonly [low: number, high: number]>>;
  classMetrics(summary: Summary, klass: number): Partial<ClassScores> & Pick<ClassScores, 'AP'>;
  arrays(table: MatchTable): NamedArrays | null;
  curve(table: MatchTable, klass: number): Omit<ClassCurve, 'id'>;
}

/** A dataset as a protocol sees it: the same rows, some changed, some out of sight. */
export interface ProtocolView {
  /** Classes may be added at the end, never moved. */
  readonly input: ScoringInput;
  readonly scope: MatchScope;
  /** An image's annotations as the protocol sees them, row by row. */
  truth(truth: ImageTruth): ImageTruth;
}
