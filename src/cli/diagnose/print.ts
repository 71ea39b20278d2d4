/** Prints a diagnosis, writes its report, and says with which code to end: for files and for projects. */
import { scoringInputOf } from '../../core/diagnosis/situation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { refuseTarget, writeFileWhole } from '../../engine/export/atomic';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, inFolder, printDocument, tellFindings } from '../command';
import { diagnosisText } from './diagnosis-text';
import type { DiagnoseInputs } from './inputs';
import type { DiagnosisDocument } from './document';
import { diagnosisDocument, severityOf } from './document';
import { reportHtml } from './report-html';

const SEVERITIES = ['info', 'warning', 'error'];

export interface DiagnosisOutput extends OutputOptions {
  readonly report?: string;
  readonly reportWithoutNames?: boolean;
}

/** Throws `BadInput` where the report's file is there already. */
export function checkReportTarget(context: CommandContext, { report }: DiagnosisOutput): void {
  if (report !== undefined) refuseTarget(inFolder(context, report), []);
}

export async function printDiagnosis(
  context: CommandContext,
  options: DiagnosisOutput,
  inputs: Pick<DiagnoseInputs, 'situation' | 'described' | 'findings'>,
  diagnosis: Diagnosis,
): Promise<number> {
  const document = diagnosisDocument(context, inputs, diagnosis);
  if (options.report !== undefined) await writeReport(context, options, inputs, document);
  tellFindings(options, inputs.findings);
  const code = await printDocument(context, options, document, () => diagnosisText(document));
  if (options.failOn === undefined) return code;
  const least = SEVERITIES.indexOf(options.failOn);
  const reaches = diagnosis.causes.some((cause) => SEVERITIES.indexOf(severityOf(cause)) >= least);
  return reaches ? EXIT.missed : code;
}

async function writeReport(
  context: CommandContext,
  { report, reportWithoutNames = false }: DiagnosisOutput,
  { situation }: Pick<DiagnoseInputs, 'situation'>,
  document: DiagnosisDocument,
): Promise<void> {
  const evaluation =
    situation && evaluateProtocol(scoringInputOf(situation), situation.protocol, situation.parameters);
  const html = reportHtml({
    document,
    scored: evaluation && { result: evaluation.result(0.5), curves: evaluation.curves() },
    hidesNames: reportWithoutNames,
    madeAt: new Date().toISOString(),
  });
  await writeFileWhole(inFolder(context, report!), [html]);
}
