import { Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActionButton } from '../../app/action-button';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { NameField } from '../../ui/name-field';
import { count } from '../../ui/number-text';

/** Runs of predictions: renamed where they stand, removed and brought back. */
export function RunsDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const runs = useSession((session) => session.project?.runs) ?? [];
  const showFailure = useSession((session) => session.showFailure);
  const remove = async (run: number, name: string) => {
    const { showToast, undo } = useSession.getState();
    try {
      await engine('runs.remove', { run });
      showToast(`The run ${name} is removed.`, { label: 'Undo', run: () => void undo() });
    } catch (error) {
      showFailure(error);
    }
  };
  return (
    <Dialog
      title="Runs"
      onClose={onClose}
      footer={
        <>
          <span className="quiet grow">Removing a run can be undone.</span>
          <span onClick={onClose}>
            <ActionButton action="import.run" />
          </span>
        </>
      }
    >
      <div>
        {runs.map(({ id, name, predictions, images, source }) => (
          <div key={`${id} ${name}`} className="named-row">
            <div className="facet">
              <NameField
                name={name}
                label={`Name of the run ${name}`}
                onRename={(next) => void engine('runs.rename', { run: id, name: next }).catch(showFailure)}
              />
              <button
                type="button"
                className="bar-button icon"
                aria-label={`Remove the run ${name}`}
                title="Remove"
                onClick={() => void remove(id, name)}
              >
                <Trash2 size={16} />
              </button>
            </div>
            <p className="quiet clip" title={source}>
              {count(predictions)} predictions on {count(images)} images
              {source !== '' && `, from ${source.split('/').at(-1) ?? source}`}
            </p>
          </div>
        ))}
        {runs.length === 0 && <p className="quiet">There are no predictions in this project yet.</p>}
      </div>
    </Dialog>
  );
}
