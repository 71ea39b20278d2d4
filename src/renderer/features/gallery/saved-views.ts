/** Saved views: rules by name, put in force from the filter pane or from outside. */
import { useEffect } from 'react';
import type { GalleryQuery } from '../../../contract/view-types';
import { useSession } from '../../state/session';
import { useGallery } from './gallery-state';

/** Shows the gallery under a view's rule. */
export function showView({ kind, point, filter, sort, descending }: GalleryQuery): void {
  const session = useSession.getState();
  session.setPoint(point);
  useGallery.getState().change(kind, { filter, sort, descending, cursor: 0 });
  session.setSection(kind);
}

/** Follows a view that was asked for by name, as `reticle open --view` does. */
export function useWantedView(): void {
  const wanted = useSession((session) => session.wantedView);
  useEffect(() => {
    if (wanted === null) return;
    const { project, showBanner } = useSession.getState();
    const view = project?.views.find(({ name }) => name === wanted);
    if (view) showView(view.query);
    else
      showBanner({
        tone: 'caution',
        title: `The project has no saved view “${wanted}”.`,
        detail: 'All failures are shown.',
      });
    useSession.setState({ wantedView: null });
  }, [wanted]);
}
