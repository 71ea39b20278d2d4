import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { count } from '../../ui/number-text';

/** Undoing the first import leaves an empty project: said before it is done, and not doing it is what Enter does. */
export function UndoImportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const project = useSession((session) => session.project);
  if (!project) return null;
  const { images, annotations, runs } = project;
  const undo = () => {
    onClose();
    void useSession.getState().undoWithoutAsking();
  };
  return (
    <Dialog
      title="Undo the import?"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={undo}>
            Undo the import
          </button>
          <button type="button" className="button primary" autoFocus onClick={onClose}>
            Keep everything
          </button>
        </>
      }
    >
      <p>
        The only step left to undo is the import itself. Undoing it takes <b>{count(images)} images</b>,{' '}
        <b>{count(annotations)} labels</b>
        {runs.length > 0 && ' and the predictions'} out of the project, and leaves it empty.
      </p>
      <p className="quiet">
        The image and label files on your disk are not touched. Redo brings everything back, as long as
        nothing else is done first.
      </p>
    </Dialog>
  );
}
