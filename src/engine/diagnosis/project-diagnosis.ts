/** Diagnosis of a run of the open project: what is asked, what is remembered, and repairs of the run. */
import type { CauseState, CauseView, DiagnosisView } from '../../contract/diagnosis-view';
import { applyRepair } from '../../core/diagnosis/apply-repair';
import type { Cause, CauseCode } from '../../core/diagnosis/cause';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { PartialDiagnosis } from '../../core/diagnosis/partial-diagnosis';
import { changesPredictions } from '../../core/diagnosis/repair';
import { scoringInputOf } from '../../core/diagnosis/situation';
import type { PredictionColumns } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import { HEADLINE_METRIC } from '../../core/metrics/evaluation';
import type { DataTools } from '../data/data-tools';
import { projectSources } from '../data/diagnosis-sources';
import type { ProjectSession } from '../project/session';
import { rememberedMeasurement } from '../inference/measure/remembered';
import { readMeta, writeMeta } from '../store/meta';
import { trainingOf } from '../training/project-training';
import { SAMPLE } from './image-facts';
import { runOnThread } from './run-on-thread';
import { situationOfRun } from './situation-of-run';

/** `category`: the class whose AP the bill is of; null: the protocol's first number. `onFound`: told what is known so far. */
export async function diagnoseRun(
  session: ProjectSession,
  run: number,
  protocol: LiveProtocol,
  category: number | null,
  tools: DataTools,
  progress: Progress,
  onFound?: (view: DiagnosisView) => void,
): Promise<DiagnosisView> {
  const plain = situationOfRun(session, run, protocol);
  const known = await projectSources(session, tools, plain, SAMPLE, progress);
  const situation = { ...plain, facts: known.facts, scoredCategory: category };
  const training = await trainingOf(session, run, progress);
  const measured = rememberedMeasurement(session, run);
  const sources = { ...known.sources, training: training?.run ?? null, measured };
  const keys = new Map(session.data.images.map(({ fileName, key }) => [fileName, key]));
  const viewOf = (
    { score, causes, heldBack, errorTypes }: PartialDiagnosis | Diagnosis,
    rest: Pick<DiagnosisView, 'scoreAfterAll' | 'unexplained' | 'pending' | 'checksPassed'>,
  ): DiagnosisView => {
    const states = readStates(session, run);
    return {
      run,
      protocol,
      category,
      metric: score?.key ?? HEADLINE_METRIC[protocol],
      score: score?.value ?? null,
      causes: causes.map((cause) => causeView(cause, keys, states)),
      heldBack,
      errorTypes,
      training: training && {
        chosen: training.run?.name ?? null,
        names: training.names,
        problem: training.problem,
      },
      madeAt: new Date().toISOString(),
      ...rest,
    };
  };
  const task = { situation, truth: situation.truth, sources };
  const { diagnosis, checks } = await runOnThread('diagnosis', task, progress, (partial) => {
    const { pending } = partial;
    onFound?.(viewOf(partial, { scoreAfterAll: null, unexplained: null, pending, checksPassed: 0 }));
  });
  const { causes, heldBack, scoreAfterAll, unexplained } = diagnosis;
  const checksPassed = checks - causes.length - heldBack.length;
  return viewOf(diagnosis, { scoreAfterAll, unexplained, pending: [], checksPassed });
}

function causeView(
  { images, ...cause }: Cause,
  keys: ReadonlyMap<string, number>,
  states: Readonly<Record<string, CauseState>>,
): CauseView {
  return {
    ...cause,
    state: states[cause.code] ?? 'open',
    images: images.flatMap((name) => keys.get(name) ?? []),
  };
}

const stateKey = (run: number): string => `causeStates ${run}`;

function readStates(session: ProjectSession, run: number): Readonly<Record<string, CauseState>> {
  return JSON.parse(readMeta(session.db, stateKey(run)) ?? '{}') as Record<string, CauseState>;
}

export function rememberState(
  session: ProjectSession,
  run: number,
  code: CauseCode,
  state: CauseState,
): void {
  const { id } = session.run(run);
  writeMeta(session.db, stateKey(id), JSON.stringify({ ...readStates(session, id), [code]: state }));
}

export interface RepairedRun {
  readonly name: string;
  readonly predictions: PredictionColumns;
}

/**
 * The run with the repair of a cause applied. Throws `BadInput` where the cause is not there any more, or where its repair
 * changes labels or scoring rather than predictions.
 */
export function repairedRun(
  session: ProjectSession,
  run: number,
  protocol: LiveProtocol,
  cause: Pick<Cause, 'code' | 'title' | 'repair'> | undefined,
): RepairedRun {
  if (!cause?.repair || !changesPredictions(cause.repair))
    throw new BadInput(
      'repair-impossible',
      'This repair changes no predictions, so it makes no new run.',
      'Repair the labels, or choose the protocol that is meant.',
    );
  const repaired = applyRepair(situationOfRun(session, run, protocol), cause.repair);
  const names = new Set(session.runs.map(({ name }) => name));
  const wanted = `${session.run(run).name}, repaired`;
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted} ${number}`;
  return { name, predictions: scoringInputOf(repaired).predictions };
}
