/** The document that `diagnose` prints. */
import type { Cause } from '../../core/diagnosis/cause';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { Finding, Severity } from '../../core/foundation/finding';
import type { CommandContext } from '../command';
import type { DiagnoseInputs } from './inputs';

export interface DiagnosisDocument {
  readonly reticle: string;
  readonly inputs: DiagnoseInputs['described'];
  readonly score: Readonly<Record<string, unknown>> | null;
  readonly causes: readonly Cause[];
  readonly heldBack: readonly string[];
  readonly unexplained: number | null;
  readonly scoreAfterAll: number | null;
  readonly reconciled: object | null;
  readonly findings: readonly Finding[];
  readonly [key: string]: unknown;
}

/** For `--fail-on`: faults of bookkeeping are errors. */
export const severityOf = ({ group }: Pick<Cause, 'group'>): Severity =>
  group === 'A' ? 'error' : 'warning';

export function diagnosisDocument(
  { version }: Pick<CommandContext, 'version'>,
  { situation, described, findings }: Pick<DiagnoseInputs, 'situation' | 'described' | 'findings'>,
  diagnosis: Diagnosis,
): DiagnosisDocument {
  const { score, causes, heldBack, unexplained, scoreAfterAll } = diagnosis;
  return {
    reticle: version,
    inputs: described,
    score: score && situation ? { protocol: situation.protocol, [score.key]: score.value } : null,
    causes,
    heldBack,
    unexplained,
    scoreAfterAll,
    reconciled: null,
    findings,
  };
}
