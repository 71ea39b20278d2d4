import type { ReactNode } from 'react';
import { engine } from '../state/engine-client';
import { useSession } from '../state/session';
import { count, seconds } from './number-text';

/** The running job of that title where its page is: stage, rate, time left, cancel. */
export function JobProgress({ title }: { readonly title: string }): ReactNode {
  const running = useSession((session) => session.jobs.find((job) => job.title === title));
  const showFailure = useSession((session) => session.showFailure);
  if (!running) return <span className="grow" />;
  const { job, stage, done, total, perSecond, secondsLeft } = running;
  return (
    <div className="job-progress grow">
      <span className="clip">
        <b>{stage ?? title}</b>{' '}
        <span className="quiet">
          {total ? `${count(done ?? 0)} of ${count(total)}` : ''}
          {perSecond ? `, ${count(Math.round(perSecond))}/s` : ''}
          {secondsLeft ? `, ${seconds(secondsLeft)} left` : ''}
        </span>
      </span>
      <progress aria-label={title} {...(total ? { max: total, value: done ?? 0 } : {})} />
      <button
        type="button"
        className="link"
        onClick={() => void engine('job.cancel', { job }).catch(showFailure)}
      >
        Stop
      </button>
    </div>
  );
}
