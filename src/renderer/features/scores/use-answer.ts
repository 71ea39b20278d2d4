/** Answers of the engine that follow what is asked: one call at a time, the last question always answered. */
import { useEffect, useRef, useState } from 'react';
import type { CallError } from '../../../contract/call';
import { asCallError, CallFailure } from '../../state/call-failure';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';

export interface Answer<T> {
  /** The last answer; it stays while the next is made. */
  readonly value: T | null;
  /** It belongs to a question before this one. */
  readonly isOld: boolean;
  readonly error: CallError | null;
}

/** Work shorter than this needs no place in the status bar. */
const SHOWN_AFTER = 400;
/** A job waits until what it depends on stands still. */
const SETTLED_AFTER = 300;
let lastJob = 0;

/** A job in the status bar whose failure its page tells. */
async function runQuietly<T>(job: string, title: string, work: () => Promise<T>): Promise<T> {
  const { setState } = useSession;
  const shown = setTimeout(() => setState(({ jobs }) => ({ jobs: [...jobs, { job, title }] })), SHOWN_AFTER);
  try {
    return await work();
  } finally {
    clearTimeout(shown);
    setState(({ jobs }) => ({ jobs: jobs.filter((running) => running.job !== job) }));
  }
}

type Answered<T> = (key: string, value: T | null, error: CallError | null) => void;

export interface JobKind {
  readonly title: string;
  /** Long work of little hurry: one piece at a time, so that others get their share and the status bar stays one line. */
  readonly waitsItsTurn?: boolean;
  /** Mostly answered at once, so that nothing is gained by waiting until what it depends on stands still. */
  readonly isQuick?: boolean;
}

/** The last of the pieces of work that wait for each other. */
let turn: Promise<unknown> = Promise.resolve();

/** After all before it; what is no longer wanted when its turn comes is not begun. */
function inTurn<T>(isWanted: () => boolean, work: () => Promise<T>): Promise<T> {
  const mine = turn.then(() => {
    if (!isWanted()) throw new CallFailure(NOT_BEGUN);
    return work();
  });
  turn = mine.catch(() => undefined);
  return mine;
}

const NOT_BEGUN: CallError = {
  kind: 'cancelled',
  code: 'cancelled',
  message: 'It was not begun.',
  where: {},
  next: '',
};

interface Question<T> {
  readonly key: string;
  readonly ask: (job: string) => Promise<T>;
}

/** Asks one question at a time; while one is asked, only the last of those that come is kept. */
class Asker<T> {
  #next: Question<T> | null = null;
  #running: { readonly job: string; readonly key: string; isWanted: boolean } | null = null;
  readonly #kind: JobKind | null;
  readonly #answered: Answered<T>;

  constructor(kind: JobKind | null, answered: Answered<T>) {
    this.#kind = kind;
    this.#answered = answered;
  }

  ask(question: Question<T>): void {
    // One that is being cancelled gives no answer: it is asked anew.
    if (this.#running?.key === question.key && this.#running.isWanted) {
      this.#next = null;
      return;
    }
    this.#next = question;
    if (this.#running) this.#cancel();
    else void this.#work();
  }

  /** Nobody wants an answer any more. */
  stop(): void {
    this.#next = null;
    this.#cancel();
  }

  #cancel(): void {
    if (!this.#running || this.#kind === null) return;
    this.#running.isWanted = false;
    void engine('job.cancel', { job: this.#running.job }).catch(() => undefined);
  }

  async #work(): Promise<void> {
    while (this.#next) {
      const { key, ask } = this.#next;
      this.#next = null;
      const job = `scores-${++lastJob}`;
      const running = { job, key, isWanted: true };
      this.#running = running;
      try {
        this.#answered(key, await this.#perform(running, () => ask(job)), null);
      } catch (error) {
        this.#answered(key, null, asCallError(error));
      }
      this.#running = null;
    }
  }

  #perform(
    running: { readonly job: string; readonly isWanted: boolean },
    work: () => Promise<T>,
  ): Promise<T> {
    const kind = this.#kind;
    if (kind === null) return work();
    const shown = () => runQuietly(running.job, kind.title, work);
    return kind.waitsItsTurn ? inTurn(() => running.isWanted, shown) : shown();
  }
}

/**
 * `key` names the question with all it depends on; null asks nothing. With a kind (one object for good) it is a job: it
 * waits until its key stands still (unless it is quick), is cancelled when another question takes its place or its page is left, and shows in
 * the status bar where it takes long.
 */
export function useAnswer<T>(
  key: string | null,
  ask: (job: string) => Promise<T>,
  kind: JobKind | null = null,
): Answer<T> {
  const [known, setKnown] = useState<{ key: string | null; value: T | null; error: CallError | null }>({
    key: null,
    value: null,
    error: null,
  });
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  const asker = useRef<Asker<T> | null>(null);
  useEffect(() => {
    if (key === null) return;
    asker.current ??= new Asker<T>(kind, (answered, value, error) =>
      // What is refused leaves nothing standing; what was cancelled leaves what there was.
      setKnown((before) =>
        error?.kind === 'cancelled' || error?.code === 'labels-changed'
          ? before
          : { key: answered, value, error },
      ),
    );
    const question = { key, ask: latest.current };
    const timer = setTimeout(
      () => asker.current?.ask(question),
      kind === null || kind.isQuick ? 0 : SETTLED_AFTER,
    );
    return () => clearTimeout(timer);
  }, [key, kind]);
  useEffect(() => () => asker.current?.stop(), []);
  return key === null
    ? { value: null, isOld: false, error: null }
    : { value: known.value, isOld: known.key !== key, error: known.key === key ? known.error : null };
}
