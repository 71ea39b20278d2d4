/** Binds the actions of the image view to the controller. */
import { useEffect } from 'react';
import { useAction } from '../../app/use-action';
import { app } from '../../state/app-client';
import { useSession } from '../../state/session';
import { changeSettings } from '../../state/settings';
import { isQuiet } from '../../editor/scene';
import { ZOOM_STEP } from '../../editor/viewport';
import type { ImageController } from './image-controller';
import { NOTE_FIELD } from './review-section';
import { useEditorState, useImageState } from './use-image-view';

export interface ImageActionHost {
  readonly controller: ImageController;
  readonly onPickClass: () => void;
  readonly onToggleInspector: () => void;
  /** Opens the inspector where it is folded away. */
  readonly onShowInspector: () => void;
  readonly onReviewed: () => void;
  readonly onBack: () => void;
}

export function useImageActions(host: ImageActionHost): void {
  useViewActions(host);
  useGoActions(host);
  useBoxActions(host);
  useReviewActions(host);
}

function useViewActions({ controller: { editor }, onToggleInspector }: ImageActionHost): void {
  const hasSelection = useEditorState((snapshot) => snapshot.selection !== null);
  useAction('view.groundTruth', () => {
    const { layers } = editor.getSnapshot();
    editor.setLayers({ ...layers, groundTruth: !layers.groundTruth });
  });
  useAction('view.predictions', () => {
    const { layers } = editor.getSnapshot();
    editor.setLayers({ ...layers, predictions: !layers.predictions });
  });
  const hasImage = useImageState((state) => state.detail !== null && !state.detail.isMissing);
  useAction('model.eye', () => useSession.getState().setOverlay('modelsEye'), hasImage);
  useAction('model.change', () => useSession.getState().setOverlay('modelChange'), hasImage);
  useAction('view.fit', () => editor.fit());
  useAction('view.zoomToSelection', () => editor.zoomToSelection(), hasSelection);
  useAction('view.actualSize', () => editor.zoomToScale(1));
  useAction('view.zoomIn', () => editor.zoomBy(ZOOM_STEP));
  useAction('view.zoomOut', () => editor.zoomBy(1 / ZOOM_STEP));
  const keepsZoom = useSession((session) => session.settings.keepZoom);
  useEffect(() => editor.setKeepsZoom(keepsZoom), [editor, keepsZoom]);
  useAction('view.keepZoom', () => changeSettings({ keepZoom: !keepsZoom }));
  useAction('view.toggleInspector', onToggleInspector);
}

function useGoActions({ controller, onBack }: ImageActionHost): void {
  const image = useSession((session) => session.image);
  useAction('go.back', onBack);
  useAction('go.nextImage', () => controller.stepImage(1));
  useAction('go.previousImage', () => controller.stepImage(-1));
  useAction('go.nextFailure', () => void controller.stepFailure(1));
  useAction('go.previousFailure', () => void controller.stepFailure(-1));
  useAction('go.nextBox', () => controller.editor.selectNeighbour(1));
  useAction('go.previousBox', () => controller.editor.selectNeighbour(-1));
  useAction(
    'image.copyPath',
    () => {
      if (image === null) return;
      void app('image.copyPath', { image }).then(
        () => controller.tell('The path is on the clipboard.'),
        (error: unknown) => controller.tell(`The path was not copied: ${String(error)}`),
      );
    },
    image !== null,
  );
  useAction(
    'image.reveal',
    () => {
      if (image === null) return;
      app('image.reveal', { image }).catch((error: unknown) =>
        controller.tell(`The image could not be shown in its folder: ${String(error)}`),
      );
    },
    image !== null,
  );
}

function useBoxActions({ controller, onPickClass }: ImageActionHost): void {
  const kind = useEditorState((snapshot) =>
    snapshot.selection === null ? null : (controller.editor.selected()?.kind ?? null),
  );
  const isTruth = kind === 'truth';
  useAction('box.select', () => controller.editor.setTool('select'));
  useAction('box.draw', () => controller.editor.setTool('draw'));
  useAction('box.accept', () => controller.accept(), kind === 'prediction');
  useAction('box.replace', () => controller.replace(), kind !== null);
  useAction('box.delete', () => controller.remove(), isTruth);
  useAction('box.duplicate', () => controller.duplicate(), isTruth);
  useAction('box.copyPrevious', () => controller.copyPrevious());
  useAction('box.pickClass', onPickClass);
  useAction('box.difficult', () => controller.toggleFlag('difficult'), isTruth);
  useAction('box.crowd', () => controller.toggleFlag('crowd'), isTruth);
  useClassActions(controller);
}

function useClassActions(controller: ImageController): void {
  useAction('box.class1', () => controller.setCategoryByPlace(1));
  useAction('box.class2', () => controller.setCategoryByPlace(2));
  useAction('box.class3', () => controller.setCategoryByPlace(3));
  useAction('box.class4', () => controller.setCategoryByPlace(4));
  useAction('box.class5', () => controller.setCategoryByPlace(5));
  useAction('box.class6', () => controller.setCategoryByPlace(6));
  useAction('box.class7', () => controller.setCategoryByPlace(7));
  useAction('box.class8', () => controller.setCategoryByPlace(8));
  useAction('box.class9', () => controller.setCategoryByPlace(9));
}

function useReviewActions({ controller, onReviewed, onShowInspector }: ImageActionHost): void {
  const isFailure = useEditorState(() => {
    const box = controller.editor.selected();
    return box !== null && !isQuiet(box.outcome);
  });
  const hasDetail = useImageState((state) => state.detail !== null);
  useAction('review.dismiss', () => controller.judge('dismissed'), isFailure);
  useAction('review.clear', () => controller.judge('to-do'), hasDetail);
  useAction('review.done', onReviewed, hasDetail);
  useAction(
    'review.note',
    () => {
      onShowInspector();
      // After the inspector is there.
      requestAnimationFrame(() => document.getElementById(NOTE_FIELD)?.focus());
    },
    hasDetail,
  );
}
