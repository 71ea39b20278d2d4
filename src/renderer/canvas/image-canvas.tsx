/**
 * The picture with its boxes: three Konva layers (pixels, all boxes as one shape, what is selected or edited), none of
 * which listens. Pointer and wheel events go to the editor; a change of its snapshot redraws the layers it touches,
 * past React, so that following the pointer costs no rendering.
 */
import type Konva from 'konva';
import type { PointerEvent, ReactNode, RefObject } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Layer, Shape, Stage } from 'react-konva';
import type { Editor, EditorSnapshot } from '../editor/editor';
import type { ScreenPoint, Size } from '../editor/geometry';
import { screenPoint } from '../editor/geometry';
import type { SceneBox } from '../editor/scene';
import { toImage } from '../editor/viewport';
import { cursorOf } from './cursor';
import { drawBoxes } from './draw-boxes';
import { drawOverlay, overlaidKeys } from './draw-overlay';
import type { PhotoPalette } from './photo-palette';
import { readPhotoPalette } from './photo-palette';

/** Above this scale pixels are shown as squares. */
const PIXELATED_ABOVE = 4;
/** Strokes and casings reach this far outside their box, in screen pixels. */
const STROKE_REACH = 4;

export interface ImageCanvasProps {
  readonly editor: Editor;
  /** Decoded pixels, of any size with the image's proportions; null while there are none. */
  readonly image: HTMLImageElement | null;
  /** The image is on its way. */
  readonly isLoading: boolean;
  readonly className: (category: number) => string;
  readonly label: string;
  readonly describedBy: string;
  /** Whether the key that pans (Space) is held. */
  readonly isPanKeyHeld: () => boolean;
  /** The pan key has been used for a drag, so letting it go means nothing more. */
  readonly onPanned: () => void;
  readonly children?: ReactNode;
}

export function ImageCanvas(props: ImageCanvasProps): ReactNode {
  const { editor, image, className } = props;
  const host = useRef<HTMLDivElement>(null);
  const pixels = useRef<Konva.Layer>(null);
  const boxes = useRef<Konva.Layer>(null);
  const overlay = useRef<Konva.Layer>(null);
  const size = useHostSize(host, editor);
  const palette = usePalette();
  useRedraw(editor, host, pixels, boxes, overlay);
  useWheel(editor, host);

  const drawPixels = useCallback(
    (konva: Konva.Context) => {
      const { scene, view } = editor.getSnapshot();
      if (!scene || !image) return;
      const context = konva._context;
      context.imageSmoothingEnabled = view.scale <= PIXELATED_ABOVE;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, view.x, view.y, scene.size.width * view.scale, scene.size.height * view.scale);
    },
    [editor, image],
  );
  const drawAllBoxes = useCallback(
    (konva: Konva.Context) => {
      const snapshot = editor.getSnapshot();
      if (snapshot.isPeeking) return;
      drawBoxes(
        konva._context,
        boxesInView(editor, snapshot),
        snapshot.view,
        palette,
        overlaidKeys(snapshot),
      );
    },
    [editor, palette],
  );
  const drawAbove = useCallback(
    (konva: Konva.Context) => {
      const snapshot = editor.getSnapshot();
      drawOverlay(konva._context, { snapshot, visible: boxesInView(editor, snapshot), palette, className });
    },
    [editor, palette, className],
  );

  return (
    <div
      ref={host}
      className="image-canvas"
      role="application"
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-busy={props.isLoading}
      tabIndex={0}
      data-testid="image-canvas"
      {...pointerHandlers(editor, props)}
    >
      <Stage width={size.width} height={size.height} listening={false}>
        <Layer ref={pixels} listening={false}>
          <Shape sceneFunc={drawPixels} listening={false} perfectDrawEnabled={false} />
        </Layer>
        <Layer ref={boxes} listening={false}>
          <Shape sceneFunc={drawAllBoxes} listening={false} perfectDrawEnabled={false} />
        </Layer>
        <Layer ref={overlay} listening={false}>
          <Shape sceneFunc={drawAbove} listening={false} perfectDrawEnabled={false} />
        </Layer>
      </Stage>
      {props.children}
    </div>
  );
}

function boxesInView(editor: Editor, snapshot: EditorSnapshot): readonly SceneBox[] {
  const { view, screen } = snapshot;
  const from = toImage(view, screenPoint(-STROKE_REACH, -STROKE_REACH));
  const to = toImage(view, screenPoint(screen.width + STROKE_REACH, screen.height + STROKE_REACH));
  return editor.boxesWithin(from.x, from.y, to.x, to.y);
}

/** The host's size; the editor learns it before the first paint. */
function useHostSize(host: RefObject<HTMLDivElement | null>, editor: Editor): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const measure = (): void => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      editor.setScreen(next);
      setSize(next);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [host, editor]);
  return size;
}

/** The tokens' palette, read again when high contrast is switched. */
function usePalette(): PhotoPalette {
  const [palette, setPalette] = useState(() => readPhotoPalette(document.documentElement));
  useEffect(() => {
    const observer = new MutationObserver(() => setPalette(readPhotoPalette(document.documentElement)));
    observer.observe(document.documentElement, { attributeFilter: ['data-contrast', 'data-theme'] });
    return () => observer.disconnect();
  }, []);
  return palette;
}

type LayerRef = RefObject<Konva.Layer | null>;

function useRedraw(
  editor: Editor,
  host: RefObject<HTMLDivElement | null>,
  pixels: LayerRef,
  boxes: LayerRef,
  overlay: LayerRef,
): void {
  useEffect(() => {
    let before = editor.getSnapshot();
    return editor.subscribe(() => {
      const now = editor.getSnapshot();
      const isMoved = now.view !== before.view || now.scene?.image !== before.scene?.image;
      if (isMoved) pixels.current?.batchDraw();
      if (isMoved || needsBoxes(before, now)) boxes.current?.batchDraw();
      overlay.current?.batchDraw();
      if (host.current) host.current.style.cursor = cursorOf(now);
      before = now;
    });
  }, [editor, host, pixels, boxes, overlay]);
}

function needsBoxes(before: EditorSnapshot, now: EditorSnapshot): boolean {
  return (
    now.scene !== before.scene ||
    now.layers !== before.layers ||
    now.isPeeking !== before.isPeeking ||
    now.selection !== before.selection ||
    now.screen !== before.screen
  );
}

/** Zoom at the cursor; a pinch arrives as a wheel with Ctrl, two fingers sideways pan. */
function useWheel(editor: Editor, host: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? 33
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? 400
            : 1;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        editor.panBy(-(event.deltaX || event.deltaY) * unit, 0);
        return;
      }
      const speed = event.ctrlKey ? 0.01 : 0.002;
      editor.zoomBy(Math.exp(-event.deltaY * unit * speed), pointIn(element, event));
    };
    // Not through React, whose wheel listeners are passive: the page must not scroll.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [editor, host]);
}

function pointIn(element: Element, event: { clientX: number; clientY: number }): ScreenPoint {
  const { left, top } = element.getBoundingClientRect();
  return screenPoint(event.clientX - left, event.clientY - top);
}

const LEFT_BUTTON = 0;
const MIDDLE_BUTTON = 1;

function pointerHandlers(editor: Editor, { isPanKeyHeld, onPanned }: ImageCanvasProps) {
  const at = (event: PointerEvent<HTMLDivElement>): ScreenPoint => pointIn(event.currentTarget, event);
  return {
    onPointerDown(event: PointerEvent<HTMLDivElement>): void {
      if (event.button !== LEFT_BUTTON && event.button !== MIDDLE_BUTTON) return;
      if (event.target !== event.currentTarget && !(event.target instanceof HTMLCanvasElement)) return;
      const pans = event.button === MIDDLE_BUTTON || isPanKeyHeld();
      if (isPanKeyHeld()) onPanned();
      event.currentTarget.setPointerCapture(event.pointerId);
      editor.pointerDown(at(event), pans);
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>): void {
      editor.pointerMove(at(event));
    },
    onPointerUp(event: PointerEvent<HTMLDivElement>): void {
      editor.pointerUp(at(event));
    },
    onPointerLeave(): void {
      editor.pointerLeave();
    },
    onPointerCancel(): void {
      editor.pointerCancel();
    },
  };
}
