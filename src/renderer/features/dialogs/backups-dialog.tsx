import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { BackupSummary } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { byteSize, count } from '../../ui/number-text';

/** Copies that were taken of a project; opening one makes a project of its own of it. */
export function BackupsDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const path = useSession((session) => session.backupsOf);
  const { showFailure, runJob } = useSession.getState();
  const [backups, setBackups] = useState<readonly BackupSummary[] | null>(null);
  useEffect(() => {
    void engine('backups.list', { path }).then(setBackups, showFailure);
  }, [path, showFailure]);
  const restore = (name: string) => {
    onClose();
    void runJob('Opening the backup', () => engine('backups.restore', { path, name }));
  };
  return (
    <Dialog
      title="Backups"
      onClose={onClose}
      footer={
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      }
    >
      <p className="quiet">
        A copy is taken when a project is opened and before an import; the newest five are kept beside it.
        Opening one makes a project of its own: the one that is open stays as it is.
      </p>
      <div>
        {backups?.map(({ name, step, time, bytes }) => (
          <div key={name} className="named-row">
            <div className="facet">
              <span className="grow">
                {new Date(time).toLocaleString()}
                <span className="quiet">
                  {' '}
                  · up to step {count(step)} · {byteSize(bytes)}
                </span>
              </span>
              <button type="button" className="button" onClick={() => restore(name)}>
                Open as a new project
              </button>
            </div>
          </div>
        ))}
        {backups?.length === 0 && <p className="quiet">There are none yet.</p>}
      </div>
    </Dialog>
  );
}
