import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { ChangedAnnotation, ProtocolColumn, TideErrors } from '../../contract/view-types';
import { changedAnnotations, compareRuns } from '../analysis/comparison';
import { analyse, protocolColumn, tideErrorsOf } from '../analysis/metrics';
import { runDifferences, scoreIntervals } from '../analysis/resampling';
import type { EngineState } from '../engine-state';

type Names = Extract<keyof EngineCalls, `metrics.${string}` | `compare.${string}`>;

/** Answers of a project as it is now; forgotten when it changes. */
class Remembered {
  readonly #state: EngineState;
  #revision = -1;
  #known = new Map<string, unknown>();

  constructor(state: EngineState) {
    this.#state = state;
  }

  get<T>(key: string, make: () => T): T {
    const { revision } = this.#state.project;
    if (revision !== this.#revision) this.#known = new Map();
    this.#revision = revision;
    if (!this.#known.has(key)) this.#known.set(key, make());
    return this.#known.get(key) as T;
  }
}

export function analysisHandlers(state: EngineState): Pick<Handlers<EngineCalls>, Names> {
  const { project, jobs } = state;
  const remembered = new Remembered(state);
  const session = () => project.current().session;
  return {
    'metrics.protocol': ({ run, protocol, asTensorflow2ReportsIt }) =>
      remembered.get<ProtocolColumn>(`protocol ${run} ${protocol} ${asTensorflow2ReportsIt}`, () =>
        protocolColumn(session(), run, protocol, asTensorflow2ReportsIt ? { asTensorflow2ReportsIt } : {}),
      ),
    'metrics.analysis': ({ run, protocol, point }) => analyse(session(), run, protocol, point),
    'metrics.errors': ({ run }) =>
      remembered.get<TideErrors>(`errors ${run}`, () => tideErrorsOf(session(), run)),
    'metrics.intervals': ({ job, run, protocol }) =>
      jobs.run(job, (progress) => scoreIntervals(project, run, protocol, progress)),
    'compare.runs': ({ first, second, protocol, point }) =>
      compareRuns(session(), [first, second], protocol, point),
    'compare.intervals': ({ job, first, second, protocol }) =>
      jobs.run(job, (progress) => runDifferences(project, [first, second], protocol, progress)),
    'compare.queue': ({ first, second, protocol, point, changes, from, count }) => {
      const key = JSON.stringify([first, second, protocol, point, changes]);
      const queue = remembered.get<ChangedAnnotation[]>(key, () =>
        changedAnnotations(session(), [first, second], protocol, point, changes),
      );
      return { total: queue.length, rows: queue.slice(from, from + count) };
    },
  };
}
