import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { EngineState } from '../engine-state';
import { loadTrainings } from '../training/load-trainings';
import { readMeta, writeMeta } from '../store/meta';
import { trainingsView } from '../training/training-view';

/** Key in the project file. */
const FOLDER = 'trainingFolder';

type Names = Extract<keyof EngineCalls, `training.${string}`>;

export function trainingHandlers({ jobs, project }: EngineState): Pick<Handlers<EngineCalls>, Names> {
  return {
    'training.read': ({ job, folder }) =>
      jobs.run(job, async (progress) => {
        const { db } = project.current().session;
        const chosen = folder ?? readMeta(db, FOLDER);
        if (chosen === null) return null;
        const view = trainingsView(chosen, await loadTrainings(chosen, progress));
        writeMeta(db, FOLDER, chosen);
        return view;
      }),
  };
}
