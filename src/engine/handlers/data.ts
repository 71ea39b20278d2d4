import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import { dataView, rememberInput } from '../data/data-view';
import { rememberChoice } from '../data/training-sets';
import { SIZES_ONLY } from '../diagnosis/image-facts';
import type { EngineState } from '../engine-state';

type Names = Extract<keyof EngineCalls, `data.${string}`>;

export function dataHandlers({ jobs, project, data }: EngineState): Pick<Handlers<EngineCalls>, Names> {
  return {
    'data.profile': ({ job, run, protocol, again }) =>
      jobs.run(job, (progress) => {
        if (again) data.trainingSets.forget();
        return dataView(project.current().session, data, run, protocol, progress);
      }),
    'data.chooseTraining': ({ job, choice }) =>
      jobs.run(job, async (progress) => {
        const { session } = project.current();
        // What cannot be read is refused here, and what was known stays.
        if (choice) await data.trainingSets.read(session, choice, null, SIZES_ONLY, progress);
        rememberChoice(session, choice);
        // What was made beside another training set is old.
        project.revision++;
        return null;
      }),
    'data.chooseInput': ({ input }) => {
      rememberInput(project.current().session, input);
      return null;
    },
  };
}
