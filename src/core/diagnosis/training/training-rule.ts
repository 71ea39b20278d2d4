/** A rule of the training doctor: one file each. */
import type { ConfigChange } from '../../training/config-change';
import type { PipelineConfig } from '../../training/pipeline-config';
import { asDifference } from '../../training/config-change';
import type { CauseCode, FoundCause } from '../cause';
import type { TrainingFacts } from './training-facts';

export interface TrainingRule {
  readonly code: CauseCode;
  /** Null where the training does not show it. `named`: what the rules before it found. */
  find(facts: TrainingFacts, named: ReadonlySet<CauseCode>): TrainingCause | null;
}

export interface TrainingCause {
  readonly title: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly action: string;
  readonly change?: ConfigChange | null;
  readonly price?: FoundCause['price'];
}

/** With the lines of the configuration that would mend it, where it has some. */
export function asFoundCause(
  code: CauseCode,
  { title, evidence, action, change, price }: TrainingCause,
  config: PipelineConfig | null,
): FoundCause {
  const lines =
    change && config ? { configFile: config.file, configLines: asDifference(config.text, change) } : {};
  return {
    code,
    title,
    evidence: { ...evidence, ...lines },
    images: [],
    action,
    repair: null,
    price: price ?? null,
  };
}
