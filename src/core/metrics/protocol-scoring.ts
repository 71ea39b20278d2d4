import type { ClassMatches } from '../matching/class-matches';
import type { MatchRule } from '../matching/match-rule';
import type { MatchTable } from '../matching/match-table';
import type { ClassPredictions } from '../matching/prediction-table';
import type { ClassCurve, ClassScores, NamedArrays } from './evaluation';

/** What a protocol makes of the match table: how it accumulates a class, and what it calls the numbers. */
export interface ProtocolScoring<Summary> {
  readonly rule: MatchRule;
  /** Prediction rows that are ignored, not false, where they match nothing. */
  readonly isIgnoredUnmatched?: (row: number) => boolean;
  /** Every option in force, by the command line's name in camel case. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** A class's part in all numbers; depends on nothing but the class. */
  summarize(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): Summary;
  headline(classes: readonly Summary[]): number | null;
  metrics(classes: readonly Summary[]): Readonly<Record<string, number | null>>;
  classMetrics(summary: Summary, klass: number): Partial<ClassScores> & Pick<ClassScores, 'AP'>;
  arrays(table: MatchTable): NamedArrays | null;
  curve(table: MatchTable, klass: number): Omit<ClassCurve, 'id'>;
}
