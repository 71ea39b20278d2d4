/** The image view: strip, tools, canvas and inspector. */
import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import { ImageCanvas } from '../../canvas/image-canvas';
import type { DecodedImage } from '../../canvas/use-decoded-image';
import { useDecodedImage, usePrefetch } from '../../canvas/use-decoded-image';
import { listFailures } from '../../editor/scene';
import { useSession } from '../../state/session';
import { fullImageUrl, thumbnailUrl } from '../../ui/pixels';
import { CanvasKeys, useCanvasKeys } from './canvas-keys';
import { CanvasNotice } from './canvas-notice';
import { ClassPicker } from './class-picker';
import { Filmstrip } from './filmstrip';
import './image.css';
import { Inspector } from './inspector';
import { Minimap } from './minimap';
import { plural } from './number-text';
import { StatusLine } from './status-line';
import { Toolbar } from './toolbar';
import { useImageActions } from './use-image-actions';
import { controller, useEditorState, useImageState } from './use-image-view';
import { usePanels } from './use-panels';
import { useShownImage } from './use-shown-image';

/** Neighbours read ahead on each side. */
const PREFETCH_REACH = 2;
const MINIMAP_SIZE = 320;

export function ImagePage(): ReactNode {
  const queue = useSession((session) => session.imageQueue);
  const openImage = useSession((session) => session.openImage);
  const closeImage = useSession((session) => session.closeImage);
  const image = useShownImage();
  const panels = usePanels();
  const [isPicking, setIsPicking] = useState(false);
  const onReviewed = useReviewed();

  const keys = useMemo(
    () =>
      new CanvasKeys({
        editor: controller.editor,
        isBlocked: () => document.querySelector('[role=dialog], [role=menu]') !== null,
        onTap: onReviewed,
        onLeave: closeImage,
      }),
    [onReviewed, closeImage],
  );
  useCanvasKeys(keys);
  useImageActions({
    controller,
    onPickClass: () => setIsPicking(true),
    onToggleInspector: panels.toggleInspector,
    onShowInspector: panels.showInspector,
    onReviewed,
    onBack: closeImage,
  });

  return (
    <div className="image-view" data-inspector={panels.inspector} data-filmstrip={panels.filmstrip}>
      {panels.filmstrip !== 'hidden' && <Filmstrip images={queue} current={image} onOpen={openImage} />}
      <div className="work">
        <Toolbar
          editor={controller.editor}
          hasFilmstrip={panels.filmstrip !== 'hidden'}
          onToggleFilmstrip={panels.canFoldFilmstrip ? panels.toggleFilmstrip : null}
          isInspectorShown={panels.inspector !== 'hidden'}
          onToggleInspector={panels.inspector === 'shown' ? null : panels.toggleInspector}
        />
        <div className="stage">
          <Canvas keys={keys} />
          {isPicking && <Picker onClose={() => setIsPicking(false)} />}
        </div>
        <StatusLine />
      </div>
      {panels.inspector !== 'hidden' && (
        <Inspector controller={controller} onPickClass={() => setIsPicking(true)} />
      )}
    </div>
  );
}

function Canvas({ keys }: { readonly keys: CanvasKeys }): ReactNode {
  const detail = useImageState((state) => state.detail);
  const problem = useImageState((state) => state.problem);
  const scene = useEditorState((snapshot) => snapshot.scene);
  const url = detail && !detail.isMissing ? fullImageUrl(detail.image) : null;
  const pixels = useDecodedImage(url);
  usePrefetch(controller.neighbours(PREFETCH_REACH).map(fullImageUrl), pixels.status === 'ready');
  const failures = scene ? listFailures(scene).length : 0;
  return (
    <ImageCanvas
      editor={controller.editor}
      image={pixels.status === 'ready' ? pixels.image : null}
      isLoading={url !== null && pixels.status === 'loading'}
      className={controller.className}
      label={
        detail ? `${detail.name}, ${plural(failures, 'failure')}. The list of boxes mirrors it.` : 'No image'
      }
      describedBy="boxes-title"
      isPanKeyHeld={keys.isPanKeyHeld}
      onPanned={keys.onPanned}
    >
      <Minimap
        editor={controller.editor}
        source={url && detail ? thumbnailUrl(detail.image, MINIMAP_SIZE) : null}
      />
      <CanvasNotice detail={detail} pixels={pixelsOf(detail?.isMissing ?? false, pixels)} problem={problem} />
    </ImageCanvas>
  );
}

const pixelsOf = (isMissing: boolean, pixels: DecodedImage): DecodedImage['status'] | 'missing' =>
  isMissing ? 'missing' : pixels.status;

function Picker({ onClose }: { readonly onClose: () => void }): ReactNode {
  const categories = useSession((session) => session.project?.categories);
  const recent = useImageState((state) => state.recentCategories);
  const box = controller.editor.selected();
  const next = useEditorState((snapshot) => snapshot.nextCategory);
  return (
    <ClassPicker
      title={
        box?.kind === 'truth'
          ? `Class of this ${controller.className(box.category)}`
          : 'Class of the next box'
      }
      categories={categories ?? []}
      recent={recent}
      current={box?.kind === 'truth' ? box.category : next}
      onChoose={(category) => {
        onClose();
        controller.setCategory(category);
      }}
      onClose={onClose}
    />
  );
}

/** Marks the image as reviewed (or, where it is, as to do again), and goes on where the setting says so. */
function useReviewed(): () => void {
  const advances = useSession((session) => session.settings.advanceAfterReview);
  return useMemo(
    () => () => {
      const { detail } = controller.getState();
      if (!detail) return;
      const isDone = detail.status === 'done';
      void controller.review(isDone ? 'to-do' : 'done').then((isSaved) => {
        if (isSaved && !isDone && advances) controller.stepImage(1);
      });
    },
    [advances],
  );
}
