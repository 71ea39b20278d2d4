/** Which boxes are under the cursor: an R-tree, so that thousands of boxes cost microseconds. */
import Flatbush from 'flatbush';
import type { Box } from '../../contract/view-types';
import type { Handle, ImagePoint, ScreenPoint } from './geometry';
import { boxArea, HANDLES, handlePosition } from './geometry';
import type { BoxKey, Layers, SceneBox } from './scene';
import type { Viewport } from './viewport';
import { boxToScreen } from './viewport';

export interface Picker {
  /** Visible boxes within `margin` image pixels of the point, smallest first; truth before prediction where equal. */
  at(point: ImagePoint, margin: number): readonly BoxKey[];
  /** Boxes that touch the rectangle, as rising indices into the scene's boxes. */
  within(minX: number, minY: number, maxX: number, maxY: number): readonly number[];
}

export function createPicker(boxes: readonly SceneBox[], layers: Layers): Picker {
  if (boxes.length === 0) return { at: () => [], within: () => [] };
  const tree = new Flatbush(boxes.length);
  for (const { box } of boxes) tree.add(box[0], box[1], box[0] + box[2], box[1] + box[3]);
  tree.finish();
  const isVisible = (index: number): boolean => {
    const kind = boxes[index]?.kind;
    return kind === 'truth' ? layers.groundTruth : layers.predictions;
  };
  return {
    at(point, margin) {
      const found = tree.search(
        point.x - margin,
        point.y - margin,
        point.x + margin,
        point.y + margin,
        isVisible,
      );
      return found
        .map((index) => boxes[index])
        .filter((box) => box !== undefined)
        .sort(
          (a, b) =>
            boxArea(a.box) - boxArea(b.box) ||
            (a.kind === b.kind ? 0 : a.kind === 'truth' ? -1 : 1) ||
            a.id - b.id,
        )
        .map((box) => box.key);
    },
    within: (minX, minY, maxX, maxY) => tree.search(minX, minY, maxX, maxY, isVisible).sort((a, b) => a - b),
  };
}

/** Half the side of the square in which a handle is hit, in screen pixels (24 px targets where there is room). */
const HANDLE_REACH = 8;
/** Below this side a box has no handles in the middle of that side: they would cover the corners. */
const SIDE_FOR_MIDDLE_HANDLE = 30;

/** The handles a box of that screen size shows. */
export function handlesOf(screenWidth: number, screenHeight: number): readonly Handle[] {
  return HANDLES.filter((handle) => {
    if (handle === 'n' || handle === 's') return screenWidth >= SIDE_FOR_MIDDLE_HANDLE;
    if (handle === 'e' || handle === 'w') return screenHeight >= SIDE_FOR_MIDDLE_HANDLE;
    return true;
  });
}

/** The nearest handle of `box` within reach of the pointer; in a tiny box the middle stays free for moving. */
export function handleAt(box: Box, view: Viewport, pointer: ScreenPoint): Handle | null {
  const [x, y, width, height] = boxToScreen(view, box);
  const reach = Math.min(HANDLE_REACH, Math.max(3, Math.min(width, height) / 3));
  let best: Handle | null = null;
  let bestDistance = Infinity;
  for (const handle of handlesOf(width, height)) {
    const [alongX, alongY] = handlePosition(handle);
    const dx = pointer.x - (x + alongX * width);
    const dy = pointer.y - (y + alongY * height);
    const isInside = dx * (alongX - 0.5) <= 0 && dy * (alongY - 0.5) <= 0;
    const limit = isInside ? reach : HANDLE_REACH;
    const distance = Math.max(Math.abs(dx), Math.abs(dy));
    if (distance <= limit && distance < bestDistance) {
      best = handle;
      bestDistance = distance;
    }
  }
  return best;
}
