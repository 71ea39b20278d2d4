/** The report of a run of the open project: its diagnosis, pictures, and what was done to the project. */
import type { DiagnosisView } from '../../contract/diagnosis-view';
import type { Cause } from '../../core/diagnosis/cause';
import { scoringInputOf } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { Protocol } from '../../core/metrics/evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { situationOfRun } from '../diagnosis/situation-of-run';
import { fileOfImage } from '../inference/project/run-model';
import type { ProjectSession } from '../project/session';
import { examplesOf } from './examples';
import type { ReportContents } from './report-html';
import { reportHtml } from './report-html';

/** Newest steps that a report lists. */
const MOST_STEPS = 60;

export function reportedSteps(
  session: ProjectSession,
  run: number,
  protocol: Protocol,
): Pick<ReportContents, 'steps' | 'olderSteps'> {
  const { log } = session;
  const { name } = session.run(run);
  const entries = log.page(null, MOST_STEPS);
  const steps = entries.map(({ time, label, action, scores }) => {
    const own = scores.find((one) => one.run === name && one.protocol === protocol);
    const words = action === 'undo' ? `Undo: ${label}` : action === 'redo' ? `Redo: ${label}` : label;
    return { time, label: words, before: own?.before ?? null, after: own?.after ?? null };
  });
  return { steps, olderSteps: log.nextStep - 1 - entries.length };
}

export interface ReportOptions {
  readonly version: string;
  readonly hasNames: boolean;
  readonly hasPictures: boolean;
}

export async function reportOfRun(
  session: ProjectSession,
  view: DiagnosisView,
  { version, hasNames, hasPictures }: ReportOptions,
  progress: Progress,
): Promise<string> {
  const { run, protocol, category } = view;
  const { data } = session;
  const situation = situationOfRun(session, run, protocol);
  const evaluation = evaluateProtocol(scoringInputOf(situation), protocol, {});
  const shown = view.causes.map(({ code, images }) => ({
    code,
    images: images.flatMap((key) => data.indexOfImage.get(key) ?? []),
  }));
  const examples = hasPictures
    ? await examplesOf(shown, situation, (image) => fileOfImage(session, data.images[image]!.key), progress)
    : [];
  const causes = view.causes.map((cause, place): Cause => ({
    ...cause,
    images: shown[place]!.images.map((image) => data.images[image]!.fileName),
  }));
  const name = data.categories.find(({ id }) => id === category)?.name;
  return reportHtml({
    version,
    madeAt: view.madeAt,
    run: session.run(run).name,
    score: {
      protocol,
      key: name === undefined ? view.metric : `${view.metric} of ${name}`,
      value: view.score,
    },
    counts: {
      images: situation.truth.images.length,
      labels: situation.truth.annotations.count,
      predictions: situation.predictions.count,
    },
    causes,
    errorTypes: view.errorTypes,
    settled: new Map(
      view.causes.flatMap(({ state }, place) => (state === 'open' ? [] : [[place, state] as const])),
    ),
    heldBack: view.heldBack,
    scoreAfterAll: view.scoreAfterAll,
    unexplained: view.unexplained,
    reconciled: [],
    findings: [],
    scored: { result: evaluation.result(0.5), curves: evaluation.curves() },
    examples,
    ...reportedSteps(session, run, protocol),
    hidesNames: !hasNames,
  });
}
