/** Prints a diagnosis, writes its report, and says with which code to end: for files and for projects. */
import type { Situation } from '../../core/diagnosis/situation';
import { scoringInputOf } from '../../core/diagnosis/situation';
import { noProgress } from '../../core/foundation/cancellation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { writeFileWhole } from '../../engine/export/atomic';
import type { ImageFile } from '../../engine/images/image-file';
import type { Example } from '../../engine/report/examples';
import { examplesOf } from '../../engine/report/examples';
import type { ReportedStep } from '../../engine/report/report-html';
import { reportHtml } from '../../engine/report/report-html';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, inFolder, printDocument, tellFindings, usage } from '../command';
import { diagnosisText } from './diagnosis-text';
import type { DiagnoseInputs } from './inputs';
import { diagnosisDocument, severityOf } from './document';

const SEVERITIES = ['info', 'warning', 'error'];

export interface DiagnosisOutput extends OutputOptions {
  readonly report?: string;
  readonly reportWithoutNames?: boolean;
  readonly reportWithoutPictures?: boolean;
}

/** What a report has besides the diagnosis. */
export interface ReportSources {
  /** Null where there is no name for it. */
  readonly run: string | null;
  /** Files of the images, by index of the truth; empty where none are at hand. */
  readonly files: readonly (ImageFile | null)[];
  readonly steps: readonly ReportedStep[];
  readonly olderSteps: number;
}

/** Throws `BadInput` where the report is to be a PDF. */
export function checkReportTarget({ report }: DiagnosisOutput): void {
  if (report !== undefined && /\.pdf$/i.test(report))
    throw usage(
      'The command line writes the report as HTML.',
      'Name a .html file; the window writes a PDF (Causes, Write a report), and so does any browser by printing.',
    );
}

export async function printDiagnosis(
  context: CommandContext,
  options: DiagnosisOutput,
  inputs: Pick<DiagnoseInputs, 'situation' | 'described' | 'findings'>,
  diagnosis: Diagnosis,
  report: ReportSources,
): Promise<number> {
  const document = diagnosisDocument(context, inputs, diagnosis);
  if (options.report !== undefined) await writeReport(context, options, inputs, diagnosis, report);
  tellFindings(options, inputs.findings);
  const code = await printDocument(context, options, document, () => diagnosisText(document));
  if (options.failOn === undefined) return code;
  const least = SEVERITIES.indexOf(options.failOn);
  const reaches = diagnosis.causes.some((cause) => SEVERITIES.indexOf(severityOf(cause)) >= least);
  return reaches ? EXIT.missed : code;
}

async function writeReport(
  context: CommandContext,
  { report, reportWithoutNames = false, reportWithoutPictures = false }: DiagnosisOutput,
  { situation, findings }: Pick<DiagnoseInputs, 'situation' | 'findings'>,
  diagnosis: Diagnosis,
  sources: ReportSources,
): Promise<void> {
  const evaluation =
    situation && evaluateProtocol(scoringInputOf(situation), situation.protocol, situation.parameters);
  const { score } = diagnosis;
  const html = reportHtml({
    ...diagnosis,
    ...sources,
    version: context.version,
    madeAt: new Date().toISOString(),
    score: score && situation ? { protocol: situation.protocol, ...score } : null,
    counts: situation && {
      images: situation.truth.images.length,
      labels: situation.truth.annotations.count,
      predictions: situation.predictions.count,
    },
    settled: new Map(),
    findings,
    scored: evaluation && { result: evaluation.result(0.5), curves: evaluation.curves() },
    examples: situation && !reportWithoutPictures ? await examples(situation, diagnosis, sources) : [],
    hidesNames: reportWithoutNames,
  });
  await writeFileWhole(inFolder(context, report!), [html]);
}

function examples(
  situation: Situation,
  { causes }: Diagnosis,
  { files }: ReportSources,
): Promise<Example[][]> | Example[][] {
  if (files.every((file) => file === null)) return [];
  const indexOf = new Map(situation.truth.images.map(({ fileName }, index) => [fileName, index]));
  const shown = causes.map(({ code, images }) => ({
    code,
    images: images.flatMap((name) => indexOf.get(name) ?? []),
  }));
  return examplesOf(shown, situation, (image) => files[image] ?? null, noProgress);
}
