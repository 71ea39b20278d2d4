/** The training that a run of the project is said to come from, by the logs that the project remembers. */
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { TrainingRun } from '../../core/training/training-run';
import { likelyTraining } from '../../core/training/training-run';
import type { ProjectSession } from '../project/session';
import { readMeta, writeMeta } from '../store/meta';
import { loadTrainings } from './load-trainings';

/** Keys in the project file. */
const FOLDER = 'trainingFolder';
const choiceKey = (run: number): string => `trainingOfRun ${run}`;
/** Chosen for a run that none of the logs tell of. */
const NONE = '';

export const rememberedFolder = (session: ProjectSession): string | null => readMeta(session.db, FOLDER);

export const rememberFolder = (session: ProjectSession, folder: string): void =>
  writeMeta(session.db, FOLDER, folder);

/** `training`: its name; null: none of them. */
export function chooseTraining(session: ProjectSession, run: number, training: string | null): void {
  writeMeta(session.db, choiceKey(session.run(run).id), training ?? NONE);
}

/** Names what the answer of `trainingOf` depends on besides the files. */
export const trainingKey = (session: ProjectSession, run: number): string =>
  JSON.stringify([rememberedFolder(session), readMeta(session.db, choiceKey(run))]);

export interface ProjectTraining {
  readonly folder: string;
  /** Null: said or taken to be none of them, or they could not be read. */
  readonly run: TrainingRun | null;
  readonly names: readonly string[];
  /** Why they could not be read; null where they could. */
  readonly problem: string | null;
}

/** The one that was chosen for the run, else the likeliest by its score; null where the project knows of no logs. */
export async function trainingOf(
  session: ProjectSession,
  run: number,
  progress: Progress,
): Promise<ProjectTraining | null> {
  const folder = rememberedFolder(session);
  if (folder === null) return null;
  try {
    const { runs } = await loadTrainings(folder, progress);
    const names = runs.map(({ name }) => name);
    const choice = readMeta(session.db, choiceKey(run));
    if (choice === NONE) return { folder, run: null, names, problem: null };
    const chosen =
      runs.find(({ name }) => name === choice) ??
      likelyTraining(runs, session.scorer(run, 'coco').headline());
    return { folder, run: chosen, names, problem: null };
  } catch (error) {
    // Logs that have moved are no reason to say nothing of everything else.
    if (!(error instanceof BadInput)) throw error;
    return { folder, run: null, names: [], problem: error.message };
  }
}
