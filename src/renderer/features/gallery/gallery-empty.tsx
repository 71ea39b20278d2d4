/** Why a gallery shows nothing, and the way out. */
import { FilterX } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';
import { EmptyProject, NoRun } from '../start/no-run';
import type { GalleryKind } from './gallery-state';

export function GalleryEmpty({ kind }: { readonly kind: GalleryKind }): ReactNode {
  const isBare = useSession((session) => session.project?.images === 0);
  const hasRun = useSession((session) => session.run !== null);
  if (isBare) return <EmptyProject />;
  if (kind === 'failures' && !hasRun)
    return (
      <NoRun
        title="No predictions yet"
        reason="Failures are found by comparing predictions with the ground truth."
      />
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
