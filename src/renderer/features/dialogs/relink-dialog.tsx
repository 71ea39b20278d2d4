import type { ReactNode } from 'react';
import { useState } from 'react';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { count } from '../../ui/number-text';

/** Finds images that moved, in a folder or an archive that the user names: by content, then by name. */
export function RelinkDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const project = useSession((session) => session.project);
  const [answer, setAnswer] = useState<{ readonly found: number; readonly missing: number } | null>(null);
  const [isLooking, setIsLooking] = useState(false);
  const look = async (kind: 'folder' | 'archive') => {
    const { runJob, showFailure } = useSession.getState();
    try {
      const [directory] = await app('dialog.open', { kind });
      if (!directory) return;
      setIsLooking(true);
      setAnswer(await runJob('Finding images', (job) => engine('images.relink', { job, directory })));
    } catch (error) {
      showFailure(error);
    } finally {
      setIsLooking(false);
    }
  };
  if (!project) return null;
  const { missingImages: missing, images, imageRoot } = project;
  return (
    <Dialog
      title="Find moved images"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {answer ? 'Done' : 'Cancel'}
          </button>
          <button type="button" className="button" disabled={isLooking} onClick={() => void look('archive')}>
            Choose an archive
          </button>
          <button
            type="button"
            className={answer?.missing === 0 ? 'button' : 'button primary'}
            disabled={isLooking}
            onClick={() => void look('folder')}
          >
            {isLooking ? 'Looking…' : 'Choose a folder'}
          </button>
        </>
      }
    >
      <p>
        {missing === 0 ? (
          <>
            {images === 1
              ? 'The image file is where it is expected.'
              : `All ${count(images)} image files are where they are expected.`}
          </>
        ) : (
          <>
            <b>{count(missing)}</b> of {count(images)} image files are not where they were.
          </>
        )}
      </p>
      {imageRoot && <p className="quiet path">{imageRoot}</p>}
      <p className="quiet">
        The chosen folder and all in it, or the archive (also a TFRecord), are searched, by content first and
        then by name. Nothing is copied or changed.
      </p>
      {answer && (
        <p role="status">
          <b>{count(answer.found)} found</b>
          {answer.missing > 0 && `, ${count(answer.missing)} still missing: choose what holds all of them`}.
        </p>
      )}
    </Dialog>
  );
}
