import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { EngineState } from '../engine-state';
import { loadTrainings } from '../training/load-trainings';
import { rememberedFolder, rememberFolder } from '../training/project-training';
import { trainingsView } from '../training/training-view';

type Names = Extract<keyof EngineCalls, `training.${string}`>;

export function trainingHandlers({ jobs, project }: EngineState): Pick<Handlers<EngineCalls>, Names> {
  return {
    'training.read': ({ job, folder }) =>
      jobs.run(job, async (progress) => {
        const { session } = project.current();
        const chosen = folder ?? rememberedFolder(session);
        if (chosen === null) return null;
        const view = trainingsView(chosen, await loadTrainings(chosen, progress));
        rememberFolder(session, chosen);
        return view;
      }),
  };
}
