/** The pointer's shape: what a press would do now. */
import { assertNever } from '../../core/foundation/assert-never';
import type { EditorSnapshot } from '../editor/editor';
import type { Handle } from '../editor/geometry';

const RESIZE_CURSOR: Readonly<Record<Handle, string>> = {
  nw: 'nwse-resize',
  n: 'ns-resize',
  ne: 'nesw-resize',
  e: 'ew-resize',
  se: 'nwse-resize',
  s: 'ns-resize',
  sw: 'nesw-resize',
  w: 'ew-resize',
};

export function cursorOf(snapshot: EditorSnapshot): string {
  const { tool, hover, hoverHandle, selection } = snapshot;
  switch (tool.mode) {
    case 'panning':
      return 'grabbing';
    case 'moving':
      return 'move';
    case 'resizing':
      return RESIZE_CURSOR[tool.handle];
    case 'idle':
    case 'pressing':
    case 'nudging':
    case 'dragging':
    case 'anchored':
      break;
    default:
      return assertNever(tool);
  }
  if (tool.tool === 'draw') return 'crosshair';
  if (tool.tool === 'pan') return 'grab';
  if (hoverHandle) return RESIZE_CURSOR[hoverHandle];
  return hover !== null && hover === selection && hover.startsWith('truth') ? 'move' : 'default';
}
