/** Keeps the controller on the image, run and thresholds of the session, and up to date with the engine. */
import { useEffect, useRef } from 'react';
import type { ImageKey } from '../../../contract/view-types';
import type { BoxKey } from '../../editor/scene';
import { predictionKey, truthKey } from '../../editor/scene';
import { onEngineEvent } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { controller, imageFacts } from './use-image-view';

export function useShownImage(): ImageKey | null {
  const image = useSession((session) => session.image);
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const point = useSession((session) => session.point);
  const focus = useSession((session) => session.focus);
  const path = useSession((session) => session.project?.path ?? null);

  const followed = useRef<typeof focus>(null);
  useEffect(() => controller.belongTo(path), [path]);
  useEffect(() => imageFacts.forget('all'), [path, run, protocol, point]);
  useEffect(() => {
    if (image === null) return;
    // A focus is followed once: moving a slider later must not take the user back to it.
    const isNews = focus !== followed.current;
    followed.current = focus;
    void controller.show({ image, run, protocol, point }, isNews && focus ? keyOf(focus) : null);
  }, [image, run, protocol, point, focus]);
  useEffect(
    () =>
      onEngineEvent('score.changed', ({ images }) => {
        imageFacts.forget(images);
        const shown = controller.getState().detail?.image;
        if (shown !== undefined && images.includes(shown)) void controller.refresh();
      }),
    [],
  );
  return image;
}

/** The box that the gallery's tile was about. */
function keyOf(focus: NonNullable<ReturnType<typeof useSession.getState>['focus']>): BoxKey | null {
  if (focus.prediction !== null) return predictionKey(focus.prediction);
  return focus.annotation === null ? null : truthKey(focus.annotation);
}
