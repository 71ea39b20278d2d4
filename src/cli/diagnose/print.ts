/** Prints a diagnosis, writes its report, and says with which code to end: for files and for projects. */
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, printDocument, tellFindings } from '../command';
import { diagnosisText } from './diagnosis-text';
import type { DiagnoseInputs } from './inputs';
import { diagnosisDocument, severityOf } from './document';

const SEVERITIES = ['info', 'warning', 'error'];

export async function printDiagnosis(
  context: CommandContext,
  options: OutputOptions,
  inputs: Pick<DiagnoseInputs, 'situation' | 'described' | 'findings'>,
  diagnosis: Diagnosis,
): Promise<number> {
  const document = diagnosisDocument(context, inputs, diagnosis);
  tellFindings(options, inputs.findings);
  const code = await printDocument(context, options, document, () => diagnosisText(document));
  if (options.failOn === undefined) return code;
  const least = SEVERITIES.indexOf(options.failOn);
  const reaches = diagnosis.causes.some((cause) => SEVERITIES.indexOf(severityOf(cause)) >= least);
  return reaches ? EXIT.missed : code;
}
