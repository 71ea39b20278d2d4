import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { PartOfSet } from '../../contract/view-types';
import type { ChangedAnnotation, ProtocolColumn, TideErrors } from '../../contract/metrics-view';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { Cancelled, noProgress } from '../../core/foundation/cancellation';
import type { ClassSweep } from '../../core/metrics/analysis/operating-points';
import { sweepClasses } from '../../core/metrics/analysis/operating-points';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import type { RunPair } from '../analysis/comparison';
import { changedAnnotations, compareRuns } from '../analysis/comparison';
import { analyse, curvesOf, meanCurves, protocolColumn } from '../analysis/metrics';
import { pointIntervals } from '../analysis/resampling';
import type { ScoredPart } from '../analysis/scored-part';
import { partInput, scoredPartAside } from '../analysis/scored-part';
import { runOnThread } from '../diagnosis/run-on-thread';
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

  /**
   * As `get` for a job, one for all who ask the same; what failed or was cancelled is not kept. Where one's owner cancels
   * it, another who still wants it begins anew.
   */
  async work<T>(
    name: string,
    asked: unknown,
    progress: Progress,
    make: (progress: Progress) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const known = this.get<{ answer?: Promise<T> | undefined }>(name, asked, () => ({}));
      const isOwn = known.answer === undefined;
      known.answer ??= make(progress).catch((error: unknown) => {
        known.answer = undefined;
        throw error;
      });
      try {
        return await known.answer;
      } catch (error) {
        if (isOwn || !(error instanceof Cancelled)) throw error;
        progress.check();
      }
    }
  }
}

export function analysisHandlers(state: EngineState): Pick<Handlers<EngineCalls>, Names> {
  const { project, jobs } = state;
  const remembered = new Remembered(state);
  const session = () => project.current().session;
  /** As long as the labels are those that the work began with. */
  const onTheseLabels = (progress: Progress): Progress => {
    const { revision } = project;
    return {
      ...progress,
      check: () => {
        progress.check();
        if (project.revision !== revision)
          throw new BadInput('labels-changed', 'The labels changed meanwhile.', 'It is made again.');
      },
    };
  };
  const shown = async (run: number, protocol: LiveProtocol, part: PartOfSet | null): Promise<ScoredPart> => {
    const progress = onTheseLabels(noProgress);
    const made = await remembered.work('part', [run, protocol, part], progress, () =>
      scoredPartAside(session(), run, protocol, part, progress),
    );
    progress.check();
    return made;
  };
  const pair = async (
    first: number,
    second: number,
    protocol: LiveProtocol,
    part: PartOfSet | null,
  ): Promise<RunPair> => {
    const progress = onTheseLabels(noProgress);
    const both: RunPair = [await shown(first, protocol, part), await shown(second, protocol, part)];
    progress.check();
    return both;
  };
  const sweeps = (
    { scorer }: ScoredPart,
    run: number,
    protocol: LiveProtocol,
    part: PartOfSet | null,
    iou: number,
  ): readonly ClassSweep[] =>
    remembered.get('sweeps', [run, protocol, part, iou], () => sweepClasses(scorer, iou));
  const work = <T>(
    job: string,
    name: string,
    asked: unknown,
    make: (progress: Progress) => Promise<T>,
  ): Promise<T> => jobs.run(job, (progress) => remembered.work(name, asked, onTheseLabels(progress), make));
  return {
    'metrics.protocol': ({ job, ...asked }) =>
      work<ProtocolColumn>(job, 'protocol', asked, async (progress) => {
        // Each evaluation is one piece of work; several that are asked for at once let other calls in between.
        await breathe();
        progress.check();
        return protocolColumn(session(), asked, progress);
      }),
    'metrics.analysis': async ({ run, protocol, point, part }) => {
      const progress = onTheseLabels(noProgress);
      const pause = async (): Promise<void> => {
        await breathe();
        progress.check();
      };
      const of = await shown(run, protocol, part);
      await pause();
      const swept = sweeps(of, run, protocol, part, point.iou);
      await pause();
      return analyse(session(), of, swept, point, pause);
    },
    'metrics.curves': async ({ run, protocol, iou, categories, part }) => {
      const of = await shown(run, protocol, part);
      return iou === null
        ? meanCurves(of, categories)
        : curvesOf(of, sweeps(of, run, protocol, part, iou), categories);
    },
    'metrics.errors': ({ job, run, part }) =>
      work<TideErrors>(job, 'errors', [run, part], (progress) =>
        runOnThread('errors', partInput(session(), run, part), progress),
      ),
    'metrics.intervals': ({ job, run, part, protocol, asTensorflow2ReportsIt }) =>
      work(job, 'intervals', [run, part, protocol, asTensorflow2ReportsIt], (progress) =>
        runOnThread(
          'intervals',
          { part: partInput(session(), run, part), asked: { protocol, asTensorflow2ReportsIt } },
          progress,
        ),
      ),
    'metrics.pointIntervals': ({ job, ...asked }) =>
      work(job, 'point intervals', asked, (progress) => pointIntervals(project, asked, progress)),
    'metrics.errorIntervals': ({ job, run, part }) =>
      work(job, 'error intervals', [run, part], (progress) =>
        runOnThread('errorIntervals', partInput(session(), run, part), progress),
      ),
    'compare.runs': async ({ first, second, protocol, point, part }) =>
      compareRuns(await pair(first, second, protocol, part), point),
    'compare.intervals': ({ job, first, second, protocol, part }) =>
      work(job, 'differences', [first, second, protocol, part], (progress) =>
        runOnThread(
          'differences',
          { parts: [partInput(session(), first, part), partInput(session(), second, part)], protocol },
          progress,
        ),
      ),
    'compare.queue': async ({ first, second, protocol, point, part, changes, from, count }) => {
      const runs = await pair(first, second, protocol, part);
      const queue = remembered.get<ChangedAnnotation[]>(
        'queue',
        [first, second, protocol, part, point, changes],
        () => changedAnnotations(session(), runs, point, changes),
      );
      return { total: queue.length, rows: queue.slice(from, from + count) };
    },
  };
}
