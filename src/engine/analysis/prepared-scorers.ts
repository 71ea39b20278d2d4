/**
 * Live scorers of large runs are made on a thread: a call that reads one waits for it, and every other call is answered
 * meanwhile.
 */
import type { ArgumentsOf, Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import { scorerFrom } from '../../core/metrics/scorer';
import { noProgress } from '../../core/foundation/cancellation';
import { runOnThread } from '../diagnosis/run-on-thread';
import type { OpenProject } from '../project/open-project';
import type { ProjectSession } from '../project/session';

type Scored = readonly [run: number | null, protocol: LiveProtocol];
type Reads = Partial<{ [K in keyof EngineCalls]: (args: ArgumentsOf<EngineCalls[K]>) => readonly Scored[] }>;

const own = ({ run, protocol }: { readonly run: number; readonly protocol: LiveProtocol }): Scored[] => [
  [run, protocol],
];
const ofPair = ({
  first,
  second,
  protocol,
}: {
  readonly first: number;
  readonly second: number;
  readonly protocol: LiveProtocol;
}): Scored[] => [
  [first, protocol],
  [second, protocol],
];
const shown = ({
  shown: score,
}: {
  readonly shown: { readonly run: number; readonly protocol: LiveProtocol } | null;
}): Scored[] => (score ? own(score) : []);

/** Calls that read live scorers, and which. */
const READS: Reads = {
  'score.current': own,
  'score.counts': own,
  'metrics.analysis': own,
  'metrics.curves': own,
  'metrics.pointIntervals': own,
  'compare.runs': ofPair,
  'compare.queue': ofPair,
  'gallery.query': ({ run, protocol = 'coco', filter: { behind } }) => [
    [run, protocol],
    ...(behind ? [[run, behind.protocol] as const] : []),
  ],
  'image.detail': ({ run, protocol = 'coco' }) => [[run, protocol]],
  'edit.apply': shown,
  'edit.undo': shown,
  'edit.redo': shown,
  'edit.preview': own,
  'fixes.find': own,
};

/** Records that a live scorer is made for in place, in less time than anybody notices. */
export const FEW_RECORDS = 50_000;

export const recordsOfRun = ({ data }: ProjectSession, run: number): number =>
  data.annotationCount + data.predictions(run).columns.count;

export class PreparedScorers {
  readonly #project: OpenProject;
  readonly #making = new Map<string, Promise<void>>();

  readonly #few: number;

  constructor(project: OpenProject, few = FEW_RECORDS) {
    this.#project = project;
    this.#few = few;
  }

  /** Null where nothing has to be waited for: the scorer is there, is made in a moment, or its run is not. */
  prepare(run: number, protocol: LiveProtocol): Promise<void> | null {
    if (!this.#isMissing(run, protocol)) return null;
    const key = `${run} ${protocol}`;
    const making = this.#making.get(key) ?? this.#make(run, protocol).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  /** The handlers, those that read a live scorer after it is there. */
  before(handlers: Handlers<EngineCalls>): Handlers<EngineCalls> {
    const waiting = Object.entries(READS).map(([name, reads]) => [
      name,
      this.#after(
        reads as (args: unknown) => readonly Scored[],
        handlers[name as keyof EngineCalls] as (args: unknown) => unknown,
      ),
    ]);
    return { ...handlers, ...(Object.fromEntries(waiting) as Partial<Handlers<EngineCalls>>) };
  }

  #after(
    reads: (args: unknown) => readonly Scored[],
    handler: (args: unknown) => unknown,
  ): (args: unknown) => unknown {
    return (args) => {
      const wanted = reads(args).flatMap(([run, protocol]) =>
        run === null ? [] : (this.prepare(run, protocol) ?? []),
      );
      return wanted.length === 0 ? handler(args) : Promise.all(wanted).then(() => handler(args));
    };
  }

  #isMissing(run: number, protocol: LiveProtocol): boolean {
    if (!this.#project.isOpen) return false;
    const { session } = this.#project.current();
    return (
      session.runs.some(({ id }) => id === run) &&
      !session.hasScorer(run, protocol) &&
      recordsOfRun(session, run) >= this.#few
    );
  }

  async #make(run: number, protocol: LiveProtocol): Promise<void> {
    while (this.#isMissing(run, protocol)) {
      const { session } = this.#project.current();
      const { revision } = this.#project;
      const input = session.scoringInput(session.data.predictions(run).columns);
      const made = await runOnThread('scorer', { input, protocol }, noProgress);
      // Labels that changed meanwhile make it the scorer of others.
      if (this.#project.isOpen && this.#project.revision === revision)
        session.keepScorer(run, protocol, scorerFrom(input, protocol, made));
    }
  }
}
