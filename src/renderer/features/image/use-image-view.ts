/** The one controller of the image view, bound to the session, and the hooks that read it. */
import { useSyncExternalStore } from 'react';
import type { EditorSnapshot } from '../../editor/editor';
import { asCallError } from '../../state/call-failure';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import type { ImageState } from './image-controller';
import { ImageController } from './image-controller';
import { ImageFactsCache } from './image-facts';

export const controller = new ImageController({
  loadDetail: (request) => engine('image.detail', request),
  apply: (operations, label) => useSession.getState().applyOperations(operations, label),
  preview: (operations) => useSession.getState().previewOperations(operations ?? []),
  categories: () => useSession.getState().project?.categories ?? [],
  imageQueue: () => useSession.getState().imageQueue,
  openImage: (image) => useSession.getState().openImage(image),
  isGone: (error) => asCallError(error).code === 'image-unknown',
  leaveImage: () => useSession.getState().closeImage(),
});

/** Names and counts for the strip, under the run and the thresholds of now. */
export const imageFacts = new ImageFactsCache((image) => {
  const { run, protocol, point } = useSession.getState();
  return engine('image.detail', { image, run, protocol, point });
});

/** A part of the editor's snapshot; `select` must give the same value while nothing it reads has changed. */
export function useEditorState<T>(select: (snapshot: EditorSnapshot) => T): T {
  return useSyncExternalStore(controller.editor.subscribe, () => select(controller.editor.getSnapshot()));
}

/** A part of the controller's state, as `useEditorState`. */
export function useImageState<T>(select: (state: ImageState) => T): T {
  return useSyncExternalStore(controller.subscribe, () => select(controller.getState()));
}
