import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { ChangedAnnotation, PartOfSet, ProtocolColumn, TideErrors } from '../../contract/view-types';
import type { ClassSweep } from '../../core/metrics/analysis/operating-points';
import { sweepClasses } from '../../core/metrics/analysis/operating-points';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import type { RunPair } from '../analysis/comparison';
import { changedAnnotations, compareRuns } from '../analysis/comparison';
import { analyse, curvesOf, meanCurves, protocolColumn, tideErrorsOf } from '../analysis/metrics';
import { errorIntervals, pointIntervals, runDifferences, scoreIntervals } from '../analysis/resampling';
import type { ScoredPart } from '../analysis/scored-part';
import { scoredPart } from '../analysis/scored-part';
import type { EngineState } from '../engine-state';
import { breathe } from '../jobs/jobs';

type Names = Extract<keyof EngineCalls, `metrics.${string}` | `compare.${string}`>;

/** Parts, points and queues that are kept at a time. */
const MOST_KEPT = 60;

/** Answers of a project as it is now; forgotten when it changes, the oldest first where there are many. */
class Remembered {
  readonly #state: EngineState;
  #revision = -1;
  #known = new Map<string, unknown>();

  constructor(state: EngineState) {
    this.#state = state;
  }

  get<T>(name: string, asked: unknown, make: () => T): T {
    const { revision } = this.#state.project;
    if (revision !== this.#revision) this.#known = new Map();
    this.#revision = revision;
    const key = `${name} ${JSON.stringify(asked)}`;
    const known = this.#known.has(key) ? (this.#known.get(key) as T) : make();
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > MOST_KEPT) this.#known.delete(this.#known.keys().next().value!);
    return known;
  }

  /** As `get` for work that takes its time; what failed or was cancelled is not kept. */
  work<T>(name: string, asked: unknown, make: () => Promise<T>): Promise<T> {
    const known = this.get<{ answer?: Promise<T> | undefined }>(name, asked, () => ({}));
    known.answer ??= make().catch((error: unknown) => {
      known.answer = undefined;
      throw error;
    });
    return known.answer;
  }
}

export function analysisHandlers(state: EngineState): Pick<Handlers<EngineCalls>, Names> {
  const { project, jobs } = state;
  const remembered = new Remembered(state);
  const session = () => project.current().session;
  const shown = (run: number, protocol: LiveProtocol, part: PartOfSet | null): ScoredPart =>
    remembered.get('part', [run, protocol, part], () => scoredPart(session(), run, protocol, part));
  const pair = (first: number, second: number, protocol: LiveProtocol, part: PartOfSet | null): RunPair => [
    shown(first, protocol, part),
    shown(second, protocol, part),
  ];
  const sweeps = (
    run: number,
    protocol: LiveProtocol,
    part: PartOfSet | null,
    iou: number,
  ): readonly ClassSweep[] =>
    remembered.get('sweeps', [run, protocol, part, iou], () =>
      sweepClasses(shown(run, protocol, part).scorer, iou),
    );
  return {
    'metrics.protocol': ({ job, run, protocol, asTensorflow2ReportsIt, part }) =>
      jobs.run(job, async (progress) => {
        // Each evaluation is one piece of work; several that are asked for at once let other calls in between.
        await breathe();
        progress.check();
        return remembered.get<ProtocolColumn>('protocol', [run, protocol, asTensorflow2ReportsIt, part], () =>
          protocolColumn(session(), run, protocol, part, asTensorflow2ReportsIt),
        );
      }),
    'metrics.analysis': ({ run, protocol, point, part }) =>
      analyse(session(), shown(run, protocol, part), sweeps(run, protocol, part, point.iou), point),
    'metrics.curves': ({ run, protocol, iou, categories, part }) =>
      iou === null
        ? meanCurves(shown(run, protocol, part), categories)
        : curvesOf(shown(run, protocol, part), sweeps(run, protocol, part, iou), categories),
    'metrics.errors': ({ job, run, part }) =>
      jobs.run(job, async (progress) => {
        await breathe();
        progress.check();
        return remembered.get<TideErrors>('errors', [run, part], () => tideErrorsOf(session(), run, part));
      }),
    'metrics.intervals': ({ job, ...asked }) =>
      remembered.work('intervals', asked, () =>
        jobs.run(job, (progress) => scoreIntervals(project, asked, progress)),
      ),
    'metrics.pointIntervals': ({ job, ...asked }) =>
      remembered.work('point intervals', asked, () =>
        jobs.run(job, (progress) => pointIntervals(project, asked, progress)),
      ),
    'metrics.errorIntervals': ({ job, run, part }) =>
      remembered.work('error intervals', [run, part], () =>
        jobs.run(job, (progress) => errorIntervals(project, run, part, progress)),
      ),
    'compare.runs': ({ first, second, protocol, point, part }) =>
      compareRuns(pair(first, second, protocol, part), point),
    'compare.intervals': ({ job, first, second, protocol, part }) =>
      remembered.work('differences', [first, second, protocol, part], () =>
        jobs.run(job, (progress) => runDifferences(project, [first, second], protocol, part, progress)),
      ),
    'compare.queue': ({ first, second, protocol, point, part, changes, from, count }) => {
      const queue = remembered.get<ChangedAnnotation[]>(
        'queue',
        [first, second, protocol, part, point, changes],
        () => changedAnnotations(session(), pair(first, second, protocol, part), point, changes),
      );
      return { total: queue.length, rows: queue.slice(from, from + count) };
    },
  };
}
