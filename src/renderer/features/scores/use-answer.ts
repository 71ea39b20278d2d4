/** Answers of the engine that follow what is asked: one call at a time, the last question always answered. */
import { useEffect, useRef, useState } from 'react';
import type { CallError } from '../../../contract/call';
import { asCallError } from '../../state/call-failure';
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

interface Question<T> {
  readonly key: string;
  readonly ask: (job: string) => Promise<T>;
}

/** Asks one question at a time; while one is asked, only the last of those that come is kept. */
class Asker<T> {
  #next: Question<T> | null = null;
  #running: { readonly job: string; readonly key: string } | null = null;
  readonly #title: string | null;
  readonly #answered: Answered<T>;

  constructor(title: string | null, answered: Answered<T>) {
    this.#title = title;
    this.#answered = answered;
  }

  ask(question: Question<T>): void {
    if (this.#running?.key === question.key) {
      this.#next = null;
      return;
    }
    this.#next = question;
    if (!this.#running) void this.#work();
    else if (this.#title !== null)
      void engine('job.cancel', { job: this.#running.job }).catch(() => undefined);
  }

  async #work(): Promise<void> {
    while (this.#next) {
      const { key, ask } = this.#next;
      this.#next = null;
      const job = `scores-${++lastJob}`;
      this.#running = { job, key };
      try {
        const work = () => ask(job);
        this.#answered(key, await (this.#title === null ? work() : runQuietly(job, this.#title, work)), null);
      } catch (error) {
        this.#answered(key, null, asCallError(error));
      }
      this.#running = null;
    }
  }
}

/**
 * `key` names the question with all it depends on; null asks nothing. With a title it is a job: it waits until its key
 * stands still, is cancelled when another question takes its place, and shows in the status bar where it takes long.
 */
export function useAnswer<T>(
  key: string | null,
  ask: (job: string) => Promise<T>,
  title: string | null = null,
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
    asker.current ??= new Asker<T>(title, (answered, value, error) =>
      // What is refused leaves nothing standing; what was cancelled leaves what there was.
      setKnown((before) =>
        error?.kind === 'cancelled' || error?.code === 'labels-changed'
          ? before
          : { key: answered, value, error },
      ),
    );
    const question = { key, ask: latest.current };
    const timer = setTimeout(() => asker.current?.ask(question), title === null ? 0 : SETTLED_AFTER);
    return () => clearTimeout(timer);
  }, [key, title]);
  return key === null
    ? { value: null, isOld: false, error: null }
    : { value: known.value, isOld: known.key !== key, error: known.key === key ? known.error : null };
}
