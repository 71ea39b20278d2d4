/** Long work: named by its caller, reports how far it is, ends early when it is cancelled. */
import type { EngineEvents } from '../../contract/engine-calls';
import type { Progress } from '../../core/foundation/cancellation';
import { Cancelled } from '../../core/foundation/cancellation';

const REPORT_EVERY = 100;

export class Jobs {
  readonly #cancelled = new Set<string>();
  readonly #running = new Set<string>();
  readonly #emit: (data: EngineEvents['job.progressed']) => void;

  constructor(emit: (data: EngineEvents['job.progressed']) => void) {
    this.#emit = emit;
  }

  cancel(job: string): void {
    if (this.#running.has(job)) this.#cancelled.add(job);
  }

  /** Runs work as a job. Messages (a cancel among them) are let in between its awaits. */
  async run<T>(job: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    this.#running.add(job);
    try {
      return await work(this.#progress(job));
    } finally {
      this.#running.delete(job);
      this.#cancelled.delete(job);
    }
  }

  #progress(job: string): Progress {
    let reported = 0;
    let stage = '';
    let stageStart = performance.now();
    /** What an earlier try had done, which says nothing of how fast this one is. */
    let doneBefore = 0;
    return {
      check: () => {
        if (this.#cancelled.has(job)) throw new Cancelled();
      },
      report: (name, done, total) => {
        const now = performance.now();
        if (name !== stage) {
          stage = name;
          stageStart = now;
          doneBefore = done;
        } else if (now - reported < REPORT_EVERY && done !== total) return;
        reported = now;
        const seconds = (now - stageStart) / 1000;
        const perSecond = seconds > 0.2 && done > doneBefore ? (done - doneBefore) / seconds : null;
        const secondsLeft =
          perSecond !== null && total !== null ? Math.max(0, (total - done) / perSecond) : null;
        this.#emit({ job, stage, done, total, perSecond, secondsLeft });
      },
    };
  }
}

/** Lets waiting messages in: a cancel, other calls. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that keeps what it has done when it is cancelled, and says so in these words. */
export async function keeping<T>(words: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Cancelled ? new Cancelled(words) : error;
  }
}
