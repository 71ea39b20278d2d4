/**
 * The tools as small states. `transition` is pure: a state and an event give the next state and what is to be done.
 *
 * | state              | press                          | move              | release               | cancel (Esc) |
 * |--------------------|--------------------------------|-------------------|-----------------------|--------------|
 * | select.idle        | handle: resizing; else pressing | hover             |                       | (not taken)  |
 * | select.pressing    |                                | past 3 px: moving the selected truth, else panning | selects, or cycles | select.idle |
 * | select.moving      |                                | preview           | commits               | select.idle  |
 * | select.resizing    |                                | preview           | commits               | select.idle  |
 * | any nudging        | commits, then as idle          |                   | (`settle` commits)    | back         |
 * | draw.idle          | draw.pressing                  | crosshair         |                       | select.idle  |
 * | draw.pressing      |                                | past 3 px: dragging | draw.anchored       | draw.idle    |
 * | draw.dragging      |                                | preview           | commits, stays in draw | draw.idle   |
 * | draw.anchored      | commits, stays in draw         | preview           |                       | draw.idle    |
 * | pan.idle           | panning                        |                   |                       | select.idle  |
 * | panning            |                                | pans              | back to its tool      | back         |
 */
import type { Box } from '../../contract/view-types';
import { assertNever } from '../../core/foundation/assert-never';
import type { Handle, ImagePoint, ScreenPoint, Size } from './geometry';
import { boxFromCorners, isSameBox, moveBox, resizeBox, screenDistance } from './geometry';
import { handleAt } from './picking';
import type { BoxKey, SceneBox } from './scene';
import type { Viewport } from './viewport';
import { toImage } from './viewport';

export const TOOLS = ['select', 'draw', 'pan'] as const;
export type Tool = (typeof TOOLS)[number];

export type ToolState =
  | { readonly tool: 'select'; readonly mode: 'idle' }
  | {
      readonly tool: 'select';
      readonly mode: 'pressing';
      readonly start: ScreenPoint;
      readonly drags: SceneBox | null;
    }
  | Editing<'moving', { readonly start: ImagePoint }>
  | Editing<'resizing', { readonly handle: Handle }>
  /** By keys, in any tool: it goes on with that tool afterwards. */
  | Nudging
  | { readonly tool: 'draw'; readonly mode: 'idle' }
  | {
      readonly tool: 'draw';
      readonly mode: 'pressing';
      readonly start: ScreenPoint;
      readonly anchor: ImagePoint;
    }
  | {
      readonly tool: 'draw';
      readonly mode: 'dragging' | 'anchored';
      readonly anchor: ImagePoint;
      readonly box: Box;
    }
  | { readonly tool: 'pan'; readonly mode: 'idle' }
  | { readonly tool: Tool; readonly mode: 'panning'; readonly last: ScreenPoint };

interface Edited {
  readonly key: BoxKey;
  readonly original: Box;
  readonly box: Box;
}
type Editing<Mode extends string, More> = More & Edited & { readonly tool: 'select'; readonly mode: Mode };
type Nudging = Edited & { readonly tool: Tool; readonly mode: 'nudging' };
type EditingState = ToolState & Edited;

export type ToolEvent =
  | { readonly kind: 'press'; readonly at: ScreenPoint; readonly pans: boolean }
  | { readonly kind: 'move'; readonly at: ScreenPoint }
  | { readonly kind: 'release'; readonly at: ScreenPoint }
  | { readonly kind: 'nudge'; readonly dx: number; readonly dy: number }
  /** Commits what keys have nudged so far. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'tool'; readonly tool: Tool };

export type ToolEffect =
  /** A click: the box under it, and the next one on a click at the same place. */
  | { readonly kind: 'click'; readonly at: ScreenPoint }
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'preview-change'; readonly key: BoxKey; readonly box: Box }
  | { readonly kind: 'preview-add'; readonly box: Box }
  | { readonly kind: 'drop-preview' }
  | {
      readonly kind: 'commit-change';
      readonly key: BoxKey;
      readonly box: Box;
      readonly verb: 'Move' | 'Resize';
    }
  | { readonly kind: 'commit-add'; readonly box: Box }
  /** A drawn box was under the smallest size. */
  | { readonly kind: 'too-small' };

/** What a transition may look at. */
export interface ToolContext {
  readonly view: Viewport;
  readonly image: Size;
  /** The selected box, where it can be edited (a ground truth that is shown). */
  readonly editable: SceneBox | null;
}

export interface Transition {
  readonly state: ToolState;
  readonly effects: readonly ToolEffect[];
}

/** A pointer that moves less than this between press and release has clicked. */
const DRAG_THRESHOLD = 3;
/** A drawn box has at least this many screen pixels a side (and whole image pixels): a slip is not a box. */
const SMALLEST_DRAWN = 4;

const go = (state: ToolState, ...effects: ToolEffect[]): Transition => ({ state, effects });
export const idle = (tool: Tool): ToolState => ({ tool, mode: 'idle' });

export function transition(state: ToolState, event: ToolEvent, context: ToolContext): Transition {
  switch (event.kind) {
    case 'press':
      return press(state, event.at, event.pans, context);
    case 'move':
      return move(state, event.at, context);
    case 'release':
      return release(state, event.at, context);
    case 'nudge':
      return nudge(state, event.dx, event.dy, context);
    case 'settle':
      return state.mode === 'nudging' ? commitChange(state) : go(state);
    case 'cancel':
      return cancel(state);
    case 'tool': {
      const left = state.mode === 'nudging' ? commitChange(state) : cancelDrag(state);
      return go(idle(event.tool), ...left.effects);
    }
    default:
      return assertNever(event);
  }
}

/** Whether Esc would take something back (a drag, a drawing, the draw or pan tool). */
export function isBusy(state: ToolState): boolean {
  return !(state.tool === 'select' && state.mode === 'idle');
}

/** The box being made or changed, as it would be. */
export function draftOf(state: ToolState): { readonly key: BoxKey | null; readonly box: Box } | null {
  switch (state.mode) {
    case 'moving':
    case 'resizing':
    case 'nudging':
      return { key: state.key, box: state.box };
    case 'dragging':
    case 'anchored':
      return { key: null, box: state.box };
    default:
      return null;
  }
}

function press(state: ToolState, at: ScreenPoint, pans: boolean, context: ToolContext): Transition {
  if (state.mode === 'nudging') {
    const settled = commitChange(state);
    const next = press(settled.state, at, pans, context);
    return go(next.state, ...settled.effects, ...next.effects);
  }
  if (state.tool === 'draw' && state.mode === 'anchored' && !pans) return commitDrawn(state.box, context);
  if (state.mode !== 'idle') return go(state);
  if (pans || state.tool === 'pan') return go({ tool: state.tool, mode: 'panning', last: at });
  if (state.tool === 'draw')
    return go({ tool: 'draw', mode: 'pressing', start: at, anchor: toImage(context.view, at) });

  const { editable } = context;
  const handle = editable ? handleAt(editable.box, context.view, at) : null;
  if (editable && handle) {
    const { key, box } = editable;
    return go({ tool: 'select', mode: 'resizing', key, original: box, box, handle });
  }
  const drags = editable && isOnBox(editable.box, toImage(context.view, at)) ? editable : null;
  return go({ tool: 'select', mode: 'pressing', start: at, drags });
}

function isOnBox(box: Box, point: ImagePoint): boolean {
  return point.x >= box[0] && point.y >= box[1] && point.x <= box[0] + box[2] && point.y <= box[1] + box[3];
}

function move(state: ToolState, at: ScreenPoint, context: ToolContext): Transition {
  const point = toImage(context.view, at);
  switch (state.mode) {
    case 'pressing':
      return screenDistance(state.start, at) <= DRAG_THRESHOLD ? go(state) : startDrag(state, at, context);
    case 'moving': {
      const box = moveBox(state.original, point.x - state.start.x, point.y - state.start.y, context.image);
      return previewChange({ ...state, box }, state.box);
    }
    case 'resizing':
      return previewChange(
        { ...state, box: resizeBox(state.original, state.handle, point, context.image) },
        state.box,
      );
    case 'dragging':
    case 'anchored': {
      const box = boxFromCorners(state.anchor, point, context.image);
      return isSameBox(box, state.box) ? go(state) : go({ ...state, box }, ...previewDrawn(box, context));
    }
    case 'panning':
      return go({ ...state, last: at }, { kind: 'pan', dx: at.x - state.last.x, dy: at.y - state.last.y });
    case 'idle':
    case 'nudging':
      return go(state);
    default:
      return assertNever(state);
  }
}

function startDrag(
  state: ToolState & { mode: 'pressing' },
  at: ScreenPoint,
  context: ToolContext,
): Transition {
  const point = toImage(context.view, at);
  if (state.tool === 'draw') {
    const box = boxFromCorners(state.anchor, point, context.image);
    return go({ tool: 'draw', mode: 'dragging', anchor: state.anchor, box }, ...previewDrawn(box, context));
  }
  if (!state.drags) {
    // Only a selected box is dragged: whoever grabs the picture anywhere else wants to move the picture.
    const pan: ToolEffect = { kind: 'pan', dx: at.x - state.start.x, dy: at.y - state.start.y };
    return go({ tool: 'select', mode: 'panning', last: at }, pan);
  }
  const { key, box: original } = state.drags;
  const start = toImage(context.view, state.start);
  const box = moveBox(original, point.x - start.x, point.y - start.y, context.image);
  return previewChange({ tool: 'select', mode: 'moving', key, original, start, box }, original);
}

function release(state: ToolState, at: ScreenPoint, context: ToolContext): Transition {
  switch (state.mode) {
    case 'pressing': {
      if (state.tool === 'select') return go(idle('select'), { kind: 'click', at });
      const box = boxFromCorners(state.anchor, state.anchor, context.image);
      return go({ tool: 'draw', mode: 'anchored', anchor: state.anchor, box });
    }
    case 'moving':
    case 'resizing':
      return commitChange(state);
    case 'dragging':
      return commitDrawn(state.box, context);
    case 'panning':
      return go(idle(state.tool));
    case 'idle':
    case 'anchored':
    case 'nudging':
      return go(state);
    default:
      return assertNever(state);
  }
}

function nudge(state: ToolState, dx: number, dy: number, context: ToolContext): Transition {
  if (state.mode === 'nudging')
    return previewChange({ ...state, box: moveBox(state.box, dx, dy, context.image) }, state.box);
  const { editable } = context;
  if (state.mode !== 'idle' || !editable) return go(state);
  const { key, box: original } = editable;
  const box = moveBox(original, dx, dy, context.image);
  return previewChange({ tool: state.tool, mode: 'nudging', key, original, box }, original);
}

function cancel(state: ToolState): Transition {
  return state.mode === 'idle' ? go(idle('select')) : cancelDrag(state);
}

function cancelDrag(state: ToolState): Transition {
  return draftOf(state) ? go(idle(state.tool), { kind: 'drop-preview' }) : go(idle(state.tool));
}

function previewChange(state: EditingState, before: Box): Transition {
  if (isSameBox(state.box, before)) return go(state);
  return go(state, { kind: 'preview-change', key: state.key, box: state.box });
}

function commitChange(state: EditingState): Transition {
  if (isSameBox(state.box, state.original)) return go(idle(state.tool), { kind: 'drop-preview' });
  const verb = state.mode === 'resizing' ? 'Resize' : 'Move';
  return go(idle(state.tool), { kind: 'commit-change', key: state.key, box: state.box, verb });
}

function previewDrawn(box: Box, context: ToolContext): readonly ToolEffect[] {
  return isLargeEnough(box, context) ? [{ kind: 'preview-add', box }] : [];
}

function commitDrawn(box: Box, context: ToolContext): Transition {
  if (isLargeEnough(box, context)) return go(idle('draw'), { kind: 'commit-add', box });
  return go(idle('draw'), { kind: 'drop-preview' }, { kind: 'too-small' });
}

function isLargeEnough(box: Box, context: ToolContext): boolean {
  const { scale } = context.view;
  const smallest = (limit: number): number => Math.min(Math.max(1, SMALLEST_DRAWN / scale), limit);
  return box[2] >= smallest(context.image.width) && box[3] >= smallest(context.image.height);
}
