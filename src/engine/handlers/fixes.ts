import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { EngineState } from '../engine-state';
import { dismissalsOf, fixStates } from '../fixes/fix-states';
import type { MadeQueue } from '../fixes/project-fixes';
import { makeFixQueue } from '../fixes/project-fixes';
import type { ProjectSession } from '../project/session';

type Names = Extract<keyof EngineCalls, `fixes.${string}`>;

export function fixesHandlers({ jobs, project }: EngineState): Pick<Handlers<EngineCalls>, Names> {
  /** The queue that was made last. It stands while its suspects are worked through: an edit makes none anew. */
  let made: { readonly session: ProjectSession; readonly queue: MadeQueue } | null = null;
  const known = (session: ProjectSession, run: number, protocol: string): MadeQueue | null =>
    made?.session === session && made.queue.run === run && made.queue.protocol === protocol
      ? made.queue
      : null;
  return {
    'fixes.find': ({ job, run, protocol, again }) =>
      jobs.run(job, async (progress) => {
        const { session } = project.current();
        const before = again ? null : known(session, run, protocol);
        if (before) return { ...before, states: fixStates(session, before) };
        const { queue, states } = await makeFixQueue(session, run, protocol, progress);
        made = { session, queue };
        return { ...queue, states };
      }),
    'fixes.states': ({ run, protocol }) => {
      const { session } = project.current();
      const queue = known(session, run, protocol);
      return queue && fixStates(session, queue);
    },
    'fixes.dismissals': ({ run, protocol, place }) => {
      const { session } = project.current();
      const fix = known(session, run, protocol)?.fixes[place];
      return fix ? dismissalsOf(session, run, fix) : [];
    },
  };
}
