/** What the Data page shows, kept while other pages are looked at. */
import { create } from 'zustand';
import type { DataView, ModelInputChoice, TrainingChoice } from '../../../contract/data-view';
import type { RunId } from '../../../contract/view-types';
import type { LiveProtocol } from '../../../core/metrics/evaluation';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { forgetDiagnosis } from '../causes/causes-state';

export const LOOKING = 'Looking at the data';

interface DataState {
  readonly view: DataView | null;
  /** What it was asked about: project, run and protocol. */
  readonly key: string | null;
  /** Revision of the labels that it was made from. */
  readonly revision: number;
  readonly isReading: boolean;
  /** Row of the differences. */
  readonly chosen: number;
}

export const useData = create<DataState>()(() => ({
  view: null,
  key: null,
  revision: 0,
  isReading: false,
  chosen: 0,
}));

/** Names what is asked about; null without a project. */
export function dataQuestion(path: string | null, run: RunId | null, protocol: LiveProtocol): string | null {
  return path === null ? null : JSON.stringify([path, run, protocol]);
}

function currentQuestion(): string | null {
  const { project, run, protocol } = useSession.getState();
  return dataQuestion(project?.path ?? null, run, protocol);
}

/** `isAgain`: the training set is read anew. */
export async function readData(isAgain: boolean): Promise<void> {
  const { run, protocol, runJob, revision } = useSession.getState();
  const key = currentQuestion();
  if (key === null || useData.getState().isReading) return;
  useData.setState({ isReading: true, key });
  const view = await runJob(LOOKING, (job) => engine('data.profile', { job, run, protocol, again: isAgain }));
  useData.setState({
    isReading: false,
    ...(view && currentQuestion() === key ? { view, revision, chosen: 0 } : {}),
  });
}

/** Null: none is known. What cannot be read is told, and what was known stays. */
export async function chooseTraining(choice: TrainingChoice | null): Promise<void> {
  const { runJob } = useSession.getState();
  const done = await runJob('Reading the training set', async (job) => {
    await engine('data.chooseTraining', { job, choice });
    return true;
  });
  if (!done) return;
  // The bill was made beside another training set, or none.
  forgetDiagnosis();
  await readData(true);
}

/** Asks for the training set's folder, or its file, and shows the data beside it. */
export async function openTrainingSet(kind: 'folder' | 'files'): Promise<void> {
  const [path] = await app('dialog.open', { kind });
  if (path === undefined) return;
  useSession.getState().setSection('data');
  await chooseTraining({ kind: 'path', path });
}

export async function chooseInput(input: ModelInputChoice): Promise<void> {
  await engine('data.chooseInput', { input });
  await readData(false);
}
