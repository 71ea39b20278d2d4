import { useEffect, useState } from 'react';
import { useSession } from '../../state/session';

interface Part<T> {
  /** Null until it is known. */
  readonly state: T | null;
  /** Runs as a job of that title; resolves when the part is there, or the job was stopped. */
  readonly install: (title: string) => Promise<void>;
}

/** A part that is set up on demand. `ask` and `setUp` give its state; `done` is said when it is there. */
export function usePart<T>(ask: () => Promise<T>, setUp: (job: string) => Promise<T>, done: string): Part<T> {
  const [state, setState] = useState<T | null>(null);
  useEffect(() => {
    let isCurrent = true;
    ask().then((found) => isCurrent && setState(found), useSession.getState().showFailure);
    return () => {
      isCurrent = false;
    };
  }, [ask]);
  const install = async (title: string): Promise<void> => {
    const { runJob, showToast } = useSession.getState();
    const installed = await runJob(title, setUp);
    if (!installed) return;
    setState(installed);
    showToast(done);
  };
  return { state, install };
}
