/** Draws masses of boxes on a 2D context: one pass a style, so that thousands cost a few milliseconds. */
import type { Box, TileOutcome } from '../../contract/view-types';
import type { BoxKey, SceneBox } from '../editor/scene';
import { isQuiet } from '../editor/scene';
import type { Viewport } from '../editor/viewport';
import type { PhotoPalette } from './photo-palette';

/** Quiet strokes step back: casing and line at these opacities. */
const QUIET_CASING = 0.45;
const QUIET_LINE = 0.9;

/** Later in the list is drawn later, so failures lie over what is right. */
const ORDER: readonly TileOutcome[] = [
  'true-positive',
  'ignored',
  'miss',
  'duplicate',
  'loose-box',
  'wrong-class',
  'false-positive',
];

interface Group {
  readonly outcome: TileOutcome;
  readonly kind: SceneBox['kind'];
  readonly boxes: SceneBox[];
}

/** Strokes the boxes with their casing; `hidden` ones (drawn elsewhere, as they are edited) are left out. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  boxes: readonly SceneBox[],
  view: Viewport,
  palette: PhotoPalette,
  hidden: ReadonlySet<BoxKey>,
): void {
  for (const group of groupByStyle(boxes, hidden)) {
    const { colour, dash } = palette.outcomes[group.outcome];
    const quiet = isQuiet(group.outcome);
    const width = quiet ? palette.widths.quiet : palette.widths.box;
    context.setLineDash(group.kind === 'truth' ? [] : (dash as number[]));
    context.lineWidth = width + palette.widths.casing;
    context.strokeStyle = palette.casing;
    context.globalAlpha = quiet ? Math.min(QUIET_CASING, palette.casingOpacity) : palette.casingOpacity;
    strokeAll(context, group.boxes, view);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.globalAlpha = quiet ? QUIET_LINE : 1;
    strokeAll(context, group.boxes, view);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

function groupByStyle(boxes: readonly SceneBox[], hidden: ReadonlySet<BoxKey>): readonly Group[] {
  const groups: Group[] = ORDER.flatMap((outcome) => [
    { outcome, kind: 'truth' as const, boxes: [] },
    { outcome, kind: 'prediction' as const, boxes: [] },
  ]);
  for (const box of boxes) {
    if (hidden.has(box.key)) continue;
    groups[ORDER.indexOf(box.outcome) * 2 + (box.kind === 'truth' ? 0 : 1)]?.boxes.push(box);
  }
  return groups.filter((group) => group.boxes.length > 0);
}

function strokeAll(context: CanvasRenderingContext2D, boxes: readonly SceneBox[], view: Viewport): void {
  const { scale, x, y } = view;
  for (const { box } of boxes)
    context.strokeRect(box[0] * scale + x, box[1] * scale + y, box[2] * scale, box[3] * scale);
}

/** One box with its casing, in the given width; `box` is in screen pixels. */
export function drawBox(
  context: CanvasRenderingContext2D,
  box: Box,
  colour: string,
  dash: readonly number[],
  width: number,
  palette: PhotoPalette,
): void {
  const [x, y, boxWidth, boxHeight] = box;
  context.setLineDash(dash as number[]);
  context.lineWidth = width + palette.widths.casing;
  context.strokeStyle = palette.casing;
  context.globalAlpha = palette.casingOpacity;
  context.strokeRect(x, y, boxWidth, boxHeight);
  context.globalAlpha = 1;
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.strokeRect(x, y, boxWidth, boxHeight);
  context.setLineDash([]);
}
