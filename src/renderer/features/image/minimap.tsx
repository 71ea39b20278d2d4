/** Where the view stands on the image, while it shows only a part of it. A press goes there. */
import type { PointerEvent, ReactNode } from 'react';
import { imagePoint } from '../../editor/geometry';
import type { Editor } from '../../editor/editor';
import { screenPoint } from '../../editor/geometry';
import { isQuiet } from '../../editor/scene';
import { toImage } from '../../editor/viewport';
import { useEditorState } from './use-image-view';

const LONGEST_SIDE = 152;
/** More boxes than this are a blur at this size. */
const MOST_BOXES = 200;

export function Minimap({
  editor,
  source,
}: {
  readonly editor: Editor;
  readonly source: string | null;
}): ReactNode {
  const scene = useEditorState((snapshot) => snapshot.scene);
  const view = useEditorState((snapshot) => snapshot.view);
  const screen = useEditorState((snapshot) => snapshot.screen);
  const isPeeking = useEditorState((snapshot) => snapshot.isPeeking);
  if (!scene) return null;
  const from = toImage(view, screenPoint(0, 0));
  const to = toImage(view, screenPoint(screen.width, screen.height));
  const { width, height } = scene.size;
  const isWhole = from.x <= 0 && from.y <= 0 && to.x >= width && to.y >= height;
  if (isWhole || screen.width < 3 * LONGEST_SIDE) return null;

  const scale = LONGEST_SIDE / Math.max(width, height);
  const go = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons === 0) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    editor.centreOn(imagePoint((event.clientX - left) / scale, (event.clientY - top) / scale));
  };
  const unit = 1 / scale;
  return (
    <div className="minimap">
      <svg
        width={Math.max(width * scale, 8)}
        height={Math.max(height * scale, 8)}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        aria-hidden
        onPointerDown={(event) => {
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={(event) => {
          event.stopPropagation();
          go(event);
        }}
      >
        {source !== null && <image href={source} width={width} height={height} preserveAspectRatio="none" />}
        {!isPeeking &&
          scene.boxes
            .filter((box) => !isQuiet(box.outcome))
            .slice(0, MOST_BOXES)
            .map(({ key, box, outcome }) => (
              <rect
                key={key}
                x={box[0]}
                y={box[1]}
                width={box[2]}
                height={box[3]}
                className={`photo-${outcome}`}
                strokeWidth={1.5 * unit}
              />
            ))}
        {(['casing', 'frame'] as const).map((part) => (
          <rect
            key={part}
            className={part}
            x={Math.max(from.x, unit)}
            y={Math.max(from.y, unit)}
            width={Math.max(Math.min(to.x, width - unit) - Math.max(from.x, unit), unit)}
            height={Math.max(Math.min(to.y, height - unit) - Math.max(from.y, unit), unit)}
            strokeWidth={part === 'casing' ? 3 * unit : 1.25 * unit}
          />
        ))}
      </svg>
    </div>
  );
}
