/** A part that a model could use and that is not there: one click sets it up, its size said first. */
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { JobProgress } from '../../ui/job-progress';
import { byteSize } from '../../ui/number-text';

interface SetUpBannerProps {
  /** As it is called: TensorFlow. */
  readonly name: string;
  /** What it is good for, a sentence. */
  readonly use: string;
  /** Bytes to download and on disk; null where there is none for this system. */
  readonly plan: { readonly download: number; readonly disk: number } | null;
  /** Runs it as a job of that title; resolves when it is there, or was stopped. */
  readonly install: (title: string) => Promise<void>;
}

export function SetUpBanner({ name, use, plan, install }: SetUpBannerProps): ReactNode {
  const title = `Setting up ${name}`;
  const isSettingUp = useSession((session) => session.jobs.some((job) => job.title === title));
  return (
    <div className="banner info">
      <Download size={18} aria-hidden="true" />
      <div>
        <b>{name} is not set up</b>
        <p>
          {use}{' '}
          {plan
            ? `It downloads ${byteSize(plan.download)} and takes ${byteSize(plan.disk)} of disk; stopped, it goes on where it was.`
            : 'There is no ready part for this system.'}
        </p>
        {isSettingUp ? (
          <JobProgress title={title} />
        ) : (
          plan && (
            <button
              type="button"
              className="button"
              onClick={() => void install(title).catch(useSession.getState().showFailure)}
            >
              Set up {name}
            </button>
          )
        )}
      </div>
    </div>
  );
}
