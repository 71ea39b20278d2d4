/** The document that `diagnose` prints. */
import type { Cause } from '../../core/diagnosis/cause';
import type { ErrorPrices } from '../../core/diagnosis/error-prices';
import type { Reconciled } from '../../core/diagnosis/reconcile/reconcile';
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
  /** What errors of each type cost, on TIDE's scale of 0 to 100. */
  readonly errorTypes: ErrorPrices | null;
  readonly reconciled: (Reconciled & { readonly all?: readonly Reconciled[] }) | null;
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
  const { score, causes, heldBack, unexplained, scoreAfterAll, errorTypes } = diagnosis;
  return {
    reticle: version,
    inputs: described,
    score: score && situation ? { protocol: situation.protocol, [score.key]: score.value } : null,
    causes,
    heldBack,
    unexplained,
    scoreAfterAll,
    errorTypes,
    reconciled: reconciledOf(diagnosis.reconciled),
    findings,
  };
}

/** One number stands alone; of several the first stands there, with all in the order given. */
function reconciledOf(all: readonly Reconciled[]): DiagnosisDocument['reconciled'] {
  const [first] = all;
  return first ? { ...first, ...(all.length > 1 ? { all } : {}) } : null;
}
