/** What a page says that needs a run of predictions, or a second one, and the ways to get it. */
import { FileInput, ImagePlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';

interface NoRunProps {
  readonly title: string;
  readonly reason: string;
}

export function NoRun({ title, reason }: NoRunProps): ReactNode {
  const isBare = useSession((session) => session.project?.images === 0);
  if (isBare) return <EmptyProject />;
  return (
    <div className="empty">
      <FileInput size={28} aria-hidden="true" />
      <h2>{title}</h2>
      <p>{reason}</p>
      <div className="row wraps">
        <ActionButton action="import.run" isPrimary />
        <ActionButton action="model.open" showsKey />
      </div>
      <p>A file of predictions, or a model, can also be dropped on the window.</p>
    </div>
  );
}

export function EmptyProject(): ReactNode {
  return (
    <div className="empty">
      <ImagePlus size={28} aria-hidden="true" />
      <h2>The project is empty</h2>
      <p>Drop ground truth and predictions here, or choose a folder.</p>
      <ActionButton action="import.folder" isPrimary showsKey />
    </div>
  );
}
