/** Why a gallery shows nothing, and the way out. */
import { FileInput, FilterX, ImagePlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';
import type { GalleryKind } from './gallery-state';

export function GalleryEmpty({ kind }: { readonly kind: GalleryKind }): ReactNode {
  const isBare = useSession((session) => session.project?.images === 0);
  const hasRun = useSession((session) => session.run !== null);
  if (isBare)
    return (
      <div className="empty">
        <ImagePlus size={28} aria-hidden="true" />
        <h2>The project is empty</h2>
        <p>Drop ground truth and predictions here, or choose a folder.</p>
        <ActionButton action="import.folder" isPrimary showsKey />
      </div>
    );
  if (kind === 'failures' && !hasRun)
    return (
      <div className="empty">
        <FileInput size={28} aria-hidden="true" />
        <h2>No predictions yet</h2>
        <p>Failures are found by comparing predictions with the ground truth.</p>
        <ActionButton action="import.run" isPrimary />
      </div>
    );
  return (
    <div className="empty">
      <FilterX size={28} aria-hidden="true" />
      <h2>No {kind === 'failures' ? 'failure' : 'image'} matches</h2>
      <p>Every one is hidden by a filter, or there is none at this IoU and confidence.</p>
      <ActionButton action="view.clearFilters" isPrimary />
    </div>
  );
}
