import type { OutputOptions } from '../command';
import type { InputOptions } from './inputs';
import type { ScoringOptions } from './options';
import type { ReportOptions } from './report-options';

/** All that `evaluate` takes. */
export interface EvaluateOptions extends ScoringOptions, InputOptions, ReportOptions, OutputOptions {
  readonly shard?: string;
  readonly partial?: string;
}
