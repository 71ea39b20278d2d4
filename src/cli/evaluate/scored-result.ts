import type { Interval } from '../../core/metrics/bootstrap/intervals';
import type { EvaluationResult } from '../../core/metrics/evaluation';

/** One entry of `results`. */
export interface ScoredResult extends EvaluationResult {
  readonly intervals?: Readonly<Record<string, Interval | null>>;
  readonly against?: {
    readonly metrics: Readonly<Record<string, number | null>>;
    readonly differences: Readonly<
      Record<string, { readonly difference: number | null; readonly interval: Interval | null }>
    >;
  };
}
