/** The diagnosis that the Causes page shows, kept while other pages are looked at. */
import { create } from 'zustand';
import type { CauseState, CauseView, DiagnosisView, TrendPoint } from '../../../contract/diagnosis-view';
import type { CategoryId, RunId } from '../../../contract/view-types';
import type { CauseCode } from '../../../core/diagnosis/cause';
import { changesPredictions } from '../../../core/diagnosis/repair';
import type { SuggestionKind } from '../../../core/label-quality/label-error';
import type { LiveProtocol } from '../../../core/metrics/evaluation';
import { asCallError } from '../../state/call-failure';
import { engine, onEngineEvent } from '../../state/engine-client';
import { useSession } from '../../state/session';
import type { RowKey } from '../../../core/diagnosis/waterfall';
import { billOf, rowsOf } from '../../../core/diagnosis/waterfall';

/** Title of the job. */
export const LOOKING = 'Looking for causes';

interface CausesState {
  readonly diagnosis: DiagnosisView | null;
  /** What it was asked about: project, run and protocol. */
  readonly key: string | null;
  /** Revision of the labels that it was made from. */
  readonly revision: number;
  readonly isRunning: boolean;
  /** Row of the bill; null: the first. */
  readonly chosen: RowKey | null;
  /** The order that rows were shown in while the bill came in, kept while the pointer is on it; null: by share. */
  readonly order: readonly RowKey[] | null;
  readonly isPointedAt: boolean;
  /** The class whose AP the bill is of; null: all together. */
  readonly category: CategoryId | null;
  readonly trend: readonly TrendPoint[];
}

export const useCauses = create<CausesState>()(() => ({
  diagnosis: null,
  key: null,
  revision: 0,
  isRunning: false,
  chosen: null,
  order: null,
  isPointedAt: false,
  category: null,
  trend: [],
}));

/** Names what is to be diagnosed; null without a run. */
export function questionOf(
  path: string | null,
  run: RunId | null,
  protocol: LiveProtocol,
  category: CategoryId | null,
): string | null {
  return path === null || run === null ? null : JSON.stringify([path, run, protocol, category]);
}

function currentQuestion(): string | null {
  const { project, run, protocol } = useSession.getState();
  return questionOf(project?.path ?? null, run, protocol, useCauses.getState().category);
}

/** What it was made from has changed: the page asks again when it is next shown. */
export const forgetDiagnosis = (): void => useCauses.setState({ key: null });

/** Says which training the run comes from (null: none of them), and diagnoses it with that. */
export async function setTraining(training: string | null): Promise<void> {
  const { run } = useSession.getState();
  if (run === null) return;
  await engine('causes.setTraining', { run, training });
  forgetDiagnosis();
}

/** Diagnoses the run that is shown. `isAgain`: although an answer is known. */
export async function diagnoseRun(isAgain: boolean): Promise<void> {
  const { run, protocol, runJob, revision } = useSession.getState();
  const key = currentQuestion();
  const { category, isRunning, diagnosis: shown, key: ofShown } = useCauses.getState();
  if (key === null || run === null || isRunning) return;
  // A whole answer stays until there is another; of other questions nothing stays.
  const kept = key === ofShown && shown?.pending.length === 0 ? shown : null;
  useCauses.setState({ isRunning: true, key, diagnosis: kept, chosen: null, order: null });
  const take = (diagnosis: DiagnosisView): void => {
    if (currentQuestion() === key) useCauses.setState({ diagnosis, revision, ...orderAfter(diagnosis) });
  };
  const diagnosis = await runJob(LOOKING, async (job) => {
    const stopFollowing = onEngineEvent('causes.found', (found) => {
      if (found.job === job && !kept) take(found.view);
    });
    try {
      return await engine('causes.diagnose', { job, run, protocol, category, again: isAgain });
    } catch (error) {
      // The page says what was not looked at.
      if (asCallError(error).kind === 'cancelled') return null;
      throw error;
    } finally {
      stopFollowing();
    }
  });
  if (diagnosis) take(diagnosis);
  useCauses.setState({ isRunning: false });
}

/** Ends the diagnosis that runs; what it has found stays. */
export async function stopDiagnosis(): Promise<void> {
  const { jobs, showFailure } = useSession.getState();
  const running = jobs.filter(({ title }) => title === LOOKING);
  await Promise.all(running.map(({ job }) => engine('job.cancel', { job }))).catch(showFailure);
}

/** Rows that are shown stay where they are while others come, and to the end while somebody points at them. */
function orderAfter({ causes, score, pending }: DiagnosisView): Pick<CausesState, 'order'> {
  const { order, isPointedAt } = useCauses.getState();
  if (pending.length === 0 && !isPointedAt) return { order: null };
  return { order: rowsOf(billOf(causes, score, null, order)).map(({ key }) => key) };
}

/** Whether the pointer is on the bill; when it leaves a whole bill, rows take their places. */
export function pointAtBill(isPointedAt: boolean): void {
  const { diagnosis, order } = useCauses.getState();
  const isWhole = diagnosis?.pending.length === 0;
  useCauses.setState({ isPointedAt, order: !isPointedAt && isWhole ? null : order });
}

/** Asks how score and bill went up to now. */
export async function readTrend(run: RunId, protocol: LiveProtocol): Promise<void> {
  const trend = await engine('causes.trend', { run, protocol });
  const now = useSession.getState();
  if (now.run === run && now.protocol === protocol) useCauses.setState({ trend });
}

/** Whether the run can be made anew with the cause repaired: other repairs change labels or scoring. */
export const isRepairable = ({ group, state, repair }: CauseView): boolean =>
  group === 'A' && state === 'open' && repair !== null && changesPredictions(repair);

const FIX_KINDS: Readonly<Partial<Record<CauseCode, SuggestionKind>>> = {
  'labels-missing': 'missing',
  'labels-extra': 'extra',
  'labels-wrong-class': 'wrong-class',
  'labels-badly-placed': 'badly-placed',
  'labels-duplicated': 'duplicated',
};

/** The kind of suspects in the fix queue that a cause is made of; null where it is not about single labels. */
export const fixKindOf = ({ code }: Pick<CauseView, 'code'>): SuggestionKind | null =>
  FIX_KINDS[code] ?? null;

/** Accepts a cause (not a problem here), or opens it again; the project remembers it. */
export async function setCauseState(code: CauseCode, state: CauseState): Promise<void> {
  const { run } = useSession.getState();
  const { diagnosis } = useCauses.getState();
  if (run === null || diagnosis === null) return;
  await engine('causes.setState', { run, code, state });
  useCauses.setState({
    diagnosis: {
      ...diagnosis,
      causes: diagnosis.causes.map((cause) => (cause.code === code ? { ...cause, state } : cause)),
    },
  });
}

/** Makes the run anew with the repair applied, as one step that undo takes back; then diagnoses it. */
export async function repairRun(code: CauseCode): Promise<void> {
  const { run, protocol, runJob, showToast, refreshScore } = useSession.getState();
  if (run === null) return;
  const done = await runJob('Repairing', (job) => engine('causes.repair', { job, run, protocol, code }));
  if (!done) return;
  useSession.getState().adopt(done.project);
  useSession.getState().setRun(done.run);
  await refreshScore();
  showToast(`Repaired as ${done.name}. The run as it was is kept.`);
  await diagnoseRun(true);
}
