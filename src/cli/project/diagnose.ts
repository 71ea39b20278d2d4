/** `project diagnose`: as `diagnose`, of a run of the project. */
import type { Finding } from '../../core/foundation/finding';
import type { Progress } from '../../core/foundation/cancellation';
import type { Situation } from '../../core/diagnosis/situation';
import { dataTools } from '../../engine/data/data-tools';
import type { ProjectSources } from '../../engine/data/diagnosis-sources';
import { projectSources } from '../../engine/data/diagnosis-sources';
import { SAMPLE } from '../../engine/diagnosis/image-facts';
import { situationOfRun } from '../../engine/diagnosis/situation-of-run';
import { rememberedMeasurement } from '../../engine/inference/measure/remembered';
import { fileOfImage } from '../../engine/inference/project/run-model';
import type { ProjectSession } from '../../engine/project/session';
import { reportedSteps } from '../../engine/report/project-report';
import type { ProjectTraining } from '../../engine/training/project-training';
import { trainingOf } from '../../engine/training/project-training';
import type { CommandContext } from '../command';
import { progressOnStderr, usage } from '../command';
import { diagnoseOnThread } from '../diagnose/diagnose-on-thread';
import type { ModelOptions } from '../diagnose/measured';
import { measuredWith } from '../diagnose/measured';
import type { DiagnosisOutput } from '../diagnose/print';
import { checkReportTarget, printDiagnosis } from '../diagnose/print';
import type { SourceOptions } from '../diagnose/sources';
import { readSources } from '../diagnose/sources';
import type { ScoringOptions } from '../evaluate/options';
import { chooseProtocols, parametersOf } from '../evaluate/options';
import { NOT_CANCELLED, runIdOf, withSession } from './commands';

export interface DiagnoseOptions extends DiagnosisOutput, ScoringOptions, SourceOptions, ModelOptions {
  readonly run?: string;
}

export async function diagnoseProject(
  context: CommandContext,
  file: string,
  options: DiagnoseOptions,
): Promise<number> {
  const [protocol, ...more] = chooseProtocols(options);
  if (!protocol || more.length > 0) throw usage('Diagnosis is of one protocol.', 'Name one with --protocol.');
  checkReportTarget(options);
  return withSession(context, file, async (session) => {
    const run = runIdOf(session, options.run);
    const parameters = parametersOf(options, protocol);
    const progress = progressOnStderr(NOT_CANCELLED);
    const given = await readSources(context, options, { protocol, parameters }, progress);
    const remembered = options.logs === undefined ? await trainingOf(session, run, progress) : null;
    const plain = situationOfRun(session, run, protocol);
    const known = options.train === undefined ? await ownSources(session, plain, progress) : null;
    const read = {
      ...given.sources,
      train: given.sources.train ?? known?.sources.train ?? null,
      training: given.sources.training ?? remembered?.run ?? null,
    };
    const findings = [
      ...given.findings,
      ...logsUnreadable(remembered),
      ...trainingSetUnreadable(known?.trainingProblem ?? null),
    ];
    const situation = {
      ...plain,
      facts: known?.facts ?? plain.facts,
      parameters,
    };
    const { truth } = situation;
    const files = session.data.images.map(({ key }) => fileOfImage(session, key));
    const measured = await measuredWith(context, options, situation, files, progress);
    const sources = { ...read, measured: measured ?? rememberedMeasurement(session, run) };
    const { columns, imagesWithPredictions } = session.data.predictions(run);
    const total = truth.images.length;
    const described = {
      truth: {
        format: truth.format,
        images: total,
        annotations: truth.annotations.count,
        categories: truth.categories.length,
      },
      predictions: { format: 'coco-results', predictions: columns.count, run: session.run(run).name },
      join: { by: 'id' as const, images: imagesWithPredictions, total, predictions: columns.count, left: 0 },
    };
    const diagnosis = await diagnoseOnThread({ situation, truth, sources }, progress);
    const inputs = { situation, described, findings };
    const report = { run: session.run(run).name, files, ...reportedSteps(session, run, protocol) };
    return printDiagnosis(context, options, inputs, diagnosis, report);
  });
}

/** The training set that the project knows, and its images beside it. */
function ownSources(
  session: ProjectSession,
  situation: Situation,
  progress: Progress,
): Promise<ProjectSources> {
  return projectSources(session, dataTools(null), situation, SAMPLE, progress);
}

function trainingSetUnreadable(problem: ProjectSources['trainingProblem']): Finding[] {
  if (!problem) return [];
  const message = `The training set that the project remembers was not read: ${problem.message}`;
  return [{ code: 'training-set-unreadable', severity: 'warning', message, where: {}, count: 1 }];
}

/** The project's own logs need not be where they were: the rest is told without them. */
function logsUnreadable(training: ProjectTraining | null): Finding[] {
  if (!training?.problem) return [];
  const message = `The logs that the project remembers were not read: ${training.problem}`;
  return [
    { code: 'logs-unreadable', severity: 'warning', message, where: { file: training.folder }, count: 1 },
  ];
}
