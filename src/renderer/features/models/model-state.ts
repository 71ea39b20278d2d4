/** The model that the window has open, and what the user says about it. */
import { create } from 'zustand';
import type { ModelChoice, ModelView } from '../../../contract/model-view';
import type { PlanOverrides } from '../../../core/inference/model';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { receivePaths, useSession } from '../../state/session';

/** A choice with what is in force: said here, or decided before. */
export type Chosen = ModelChoice & { readonly overrides: PlanOverrides };

export interface ModelState {
  readonly choice: Chosen | null;
  /** What was understood; of the choice before while a new one is being read. */
  readonly view: ModelView | null;
  readonly isReading: boolean;
  /** Jobs of runs that wait until somebody lets them go on, whether this is open or not. */
  readonly paused: ReadonlySet<string>;
}

export const useModel = create<ModelState>()(() => ({
  choice: null,
  view: null,
  isReading: false,
  paused: new Set(),
}));

let lastRead = 0;

/** Reads the model under this choice; a choice that cannot be read leaves the one before. */
async function read(choice: ModelChoice): Promise<boolean> {
  const turn = ++lastRead;
  useModel.setState({ isReading: true });
  try {
    const view = await engine('model.understand', choice);
    const { path, overrides, labelMap } = view;
    // A later choice was made meanwhile: its answer counts.
    if (turn !== lastRead) return true;
    useModel.setState({ choice: { path, overrides, labelMap }, view });
    return true;
  } catch (error) {
    useSession.getState().showFailure(error);
    return false;
  } finally {
    useModel.setState({ isReading: false });
  }
}

/** Opens a model and shows what it is. */
export async function openModel(path: string): Promise<void> {
  if (await read({ path, labelMap: null, overrides: null })) useSession.getState().setOverlay('model');
}

export async function pauseRun(job: string, isPaused: boolean): Promise<void> {
  await engine('models.pause', { job, paused: isPaused });
  const others = [...useModel.getState().paused].filter((one) => one !== job);
  useModel.setState({ paused: new Set(isPaused ? [...others, job] : others) });
}

/** Reads the open model as if nothing had been decided about it. */
export async function forgetDecisions(): Promise<void> {
  const { choice } = useModel.getState();
  if (choice) await read({ path: choice.path, labelMap: null, overrides: {} });
}

export async function chooseModel(kind: 'model' | 'modelFolder'): Promise<void> {
  const [path] = await app('dialog.open', { kind });
  if (path) await openModel(path);
}

export async function chooseLabelMap(): Promise<void> {
  const { choice } = useModel.getState();
  const [labelMap] = await app('dialog.open', { kind: 'labelMap' });
  if (choice && labelMap) await read({ ...choice, labelMap });
}

/** Says something instead of what was understood; undefined takes a word back. */
export async function overrideModel(changes: {
  readonly [K in keyof PlanOverrides]: PlanOverrides[K] | undefined;
}): Promise<void> {
  const { choice } = useModel.getState();
  if (!choice) return;
  const entries = Object.entries({ ...choice.overrides, ...changes });
  const overrides = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  // At once: a second word that follows before the answer builds on this one.
  useModel.setState({ choice: { ...choice, overrides } });
  if (!(await read({ ...choice, overrides }))) useModel.setState({ choice });
}

/** What was dropped: one model opens as such, a project is opened, all else is imported. */
export async function receiveFiles(paths: readonly string[]): Promise<void> {
  const [path] = paths;
  if (path !== undefined && paths.length === 1) {
    const isModel = await engine('model.recognise', { path }).catch(() => false);
    if (isModel) {
      await openModel(path);
      return;
    }
  }
  receivePaths(paths);
}
