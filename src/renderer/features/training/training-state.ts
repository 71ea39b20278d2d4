/** What the Training page shows, kept while other pages are looked at. */
import { create } from 'zustand';
import type { TrainingsView, TrainingView } from '../../../contract/training-view';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { forgetDiagnosis } from '../causes/causes-state';

interface TrainingState {
  /** Project whose trainings these are. */
  readonly project: string | null;
  readonly view: TrainingsView | null;
  readonly isReading: boolean;
  /** Index of the training that is shown. */
  readonly chosen: number;
  /** Index into its evaluations; null: the best. */
  readonly evaluation: number | null;
  readonly isLogarithmic: boolean;
}

export const useTraining = create<TrainingState>()(() => ({
  project: null,
  view: null,
  isReading: false,
  chosen: 0,
  evaluation: null,
  isLogarithmic: true,
}));

/** Null: what the project remembers. */
export async function readTrainings(folder: string | null): Promise<void> {
  const { project, runJob } = useSession.getState();
  if (!project) return;
  useTraining.setState({ isReading: true, project: project.path });
  const view = await runJob('Reading logs', (job) => engine('training.read', { job, folder }));
  const isStillOpen = useSession.getState().project?.path === project.path;
  useTraining.setState({
    isReading: false,
    ...(isStillOpen && (view || folder === null) ? { view, chosen: 0, evaluation: null } : {}),
  });
}

/** Asks for the folder of the logs and shows what lies there. */
export async function openTraining(): Promise<void> {
  const [folder] = await app('dialog.open', { kind: 'folder' });
  if (folder === undefined) return;
  useSession.getState().setSection('training');
  await readTrainings(folder);
  // Causes of training stand on the bill too.
  forgetDiagnosis();
}

/** Steps at which the training was evaluated. */
export function evaluationsOf({ scores, validationLoss }: TrainingView): readonly number[] {
  return (scores[0] ?? validationLoss)?.step ?? [];
}

/** The evaluation that the cursor stands on: the chosen one, else the best, else the last. */
export function evaluationAt(training: TrainingView, chosen: number | null): number {
  const steps = evaluationsOf(training);
  if (chosen !== null && chosen < steps.length) return chosen;
  const best = training.best ? steps.indexOf(training.best.step) : -1;
  return best >= 0 ? best : steps.length - 1;
}
