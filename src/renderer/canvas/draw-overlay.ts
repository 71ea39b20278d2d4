/** Draws what is above the boxes: label plates, the selected or edited box with its handles, ties, the crosshair. */
import type { Box } from '../../contract/view-types';
import type { EditorSnapshot } from '../editor/editor';
import { draftOfSnapshot } from '../editor/editor';
import { handlePosition } from '../editor/geometry';
import { handlesOf } from '../editor/picking';
import type { BoxKey, SceneBox } from '../editor/scene';
import { isQuiet } from '../editor/scene';
import { boxToScreen } from '../editor/viewport';
import { drawBox } from './draw-boxes';
import { drawGlyph } from './glyphs';
import { PLATE_HEIGHT, placePlates } from './label-layout';
import type { PhotoPalette } from './photo-palette';

/** More plates than this hide the picture; the ones of the selection, the cursor and the surest come first. */
const MOST_PLATES = 120;
/** Boxes narrower than this on the screen have a plate on hover and selection only. */
const NARROWEST_LABELLED = 12;
const HANDLE_SIDE = 8;
const GLYPH_SIZE = 12;
const TEXT_START = 20;

export interface OverlayInput {
  readonly snapshot: EditorSnapshot;
  /** Boxes in view, in drawing order. */
  readonly visible: readonly SceneBox[];
  readonly palette: PhotoPalette;
  readonly className: (category: number) => string;
}

/** Keys of the boxes that the overlay draws, so that the layer of all boxes leaves them out. */
export function overlaidKeys(snapshot: EditorSnapshot): ReadonlySet<BoxKey> {
  const keys = new Set<BoxKey>();
  if (snapshot.selection !== null) keys.add(snapshot.selection);
  const draft = draftOfSnapshot(snapshot);
  if (draft?.key) keys.add(draft.key);
  return keys;
}

export function drawOverlay(context: CanvasRenderingContext2D, input: OverlayInput): void {
  const { snapshot, palette } = input;
  if (!snapshot.scene) return;
  if (!snapshot.isPeeking) {
    drawTies(context, input);
    drawHover(context, input);
    drawPlates(context, input);
    drawSelection(context, input);
  }
  drawDraft(context, snapshot, palette);
  drawCrosshair(context, snapshot, palette);
}

/** "Platelets 0.71 · IoU 1.00" as the parts of a plate's text. */
export function plateText(box: SceneBox, className: string): string {
  const marks = [
    box.crowd && 'crowd',
    box.difficult && 'difficult',
    box.status === 'dismissed' && 'dismissed',
  ];
  const flags = marks.flatMap((mark) => (mark === false ? [] : ` · ${mark}`)).join('');
  const showsScore = box.kind === 'prediction' || box.outcome === 'true-positive';
  const score = showsScore && box.score !== null ? ` ${box.score.toFixed(2)}` : '';
  const showsIou = showsScore && box.outcome !== 'false-positive';
  const iou = showsIou && box.iou !== null ? ` · IoU ${box.iou.toFixed(2)}` : '';
  return `${className}${score}${iou}${flags}`;
}

function boxOnScreen(snapshot: EditorSnapshot, box: SceneBox): Box {
  const draft = draftOfSnapshot(snapshot);
  return boxToScreen(snapshot.view, draft?.key === box.key ? draft.box : box.box);
}

/** The selected box and the one under the pointer, where their layers are shown. */
function emphasised(snapshot: EditorSnapshot): readonly SceneBox[] {
  return [...new Set([snapshot.selection, snapshot.hover])].flatMap((key) => shownBox(snapshot, key) ?? []);
}

function shownBox({ scene, layers }: EditorSnapshot, key: BoxKey | null): SceneBox | null {
  const box = key === null ? undefined : scene?.byKey.get(key);
  if (!box) return null;
  return (box.kind === 'truth' ? layers.groundTruth : layers.predictions) ? box : null;
}

function drawHover(context: CanvasRenderingContext2D, { snapshot, palette }: OverlayInput): void {
  const box = snapshot.hover === snapshot.selection ? null : shownBox(snapshot, snapshot.hover);
  if (box) strokeBox(context, snapshot, box, palette.widths.selected, palette);
}

function strokeBox(
  context: CanvasRenderingContext2D,
  snapshot: EditorSnapshot,
  box: SceneBox,
  width: number,
  palette: PhotoPalette,
): void {
  const { colour, dash } = palette.outcomes[box.outcome];
  drawBox(context, boxOnScreen(snapshot, box), colour, box.kind === 'truth' ? [] : dash, width, palette);
}

/** From the middle of a loose box (or a wrong class, a duplicate) to the middle of the truth it points at. */
function drawTies(context: CanvasRenderingContext2D, { snapshot, palette }: OverlayInput): void {
  for (const box of emphasised(snapshot)) {
    const partner = shownBox(snapshot, box.partner);
    if (!partner || box.outcome === 'true-positive') continue;
    const [fromX, fromY] = middle(boxOnScreen(snapshot, box));
    const [toX, toY] = middle(boxOnScreen(snapshot, partner));
    const line = (width: number, colour: string): void => {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
      context.stroke();
    };
    context.setLineDash([]);
    line(palette.widths.quiet + palette.widths.casing, palette.casing);
    line(palette.widths.quiet, palette.outcomes[box.outcome].colour);
    strokeBox(context, snapshot, partner, palette.widths.box, palette);
  }
}

const middle = (box: Box): readonly [number, number] => [box[0] + box[2] / 2, box[1] + box[3] / 2];

function drawSelection(context: CanvasRenderingContext2D, { snapshot, palette }: OverlayInput): void {
  const box = shownBox(snapshot, snapshot.selection);
  if (!box) return;
  strokeBox(context, snapshot, box, palette.widths.selected, palette);
  const [x, y, width, height] = boxOnScreen(snapshot, box);
  const isEditable = box.kind === 'truth' && snapshot.tool.tool !== 'draw';
  for (const handle of isEditable ? handlesOf(width, height) : (['nw', 'ne', 'se', 'sw'] as const)) {
    const [alongX, alongY] = handlePosition(handle);
    drawHandle(context, x + alongX * width, y + alongY * height, isEditable, palette);
  }
}

/** A square where the box can be resized, a small disc where it is only selected. */
function drawHandle(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  isSquare: boolean,
  palette: PhotoPalette,
): void {
  context.beginPath();
  if (isSquare) context.roundRect(x - HANDLE_SIDE / 2, y - HANDLE_SIDE / 2, HANDLE_SIDE, HANDLE_SIDE, 1);
  else context.arc(x, y, 3, 0, 2 * Math.PI);
  context.fillStyle = palette.selection;
  context.fill();
  context.lineWidth = 1.25;
  context.strokeStyle = palette.casing;
  context.stroke();
}

function drawPlates(context: CanvasRenderingContext2D, input: OverlayInput): void {
  const { snapshot, palette } = input;
  const first = emphasised(snapshot);
  const rest = input.visible
    .filter(
      (box) =>
        !isQuiet(box.outcome) &&
        box.box[2] * snapshot.view.scale >= NARROWEST_LABELLED &&
        !first.includes(box),
    )
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  context.font = palette.font;
  const plates = [...first, ...rest].slice(0, MOST_PLATES).map((box) => {
    const text = plateText(box, input.className(box.category));
    return {
      plate: box,
      text,
      box: boxOnScreen(snapshot, box),
      width: TEXT_START + context.measureText(text).width + 6,
    };
  });
  const places = placePlates(plates, snapshot.screen);
  plates.forEach(({ plate, text, width }, index) => {
    const place = places[index];
    if (!place) return;
    drawPlate(context, place[0], place[1], width, text, TEXT_START, palette);
    drawGlyph(
      context,
      plate.outcome,
      place[0] + 4,
      place[1] + 3,
      GLYPH_SIZE,
      palette.outcomes[plate.outcome].colour,
      palette.casing,
    );
  });
}

function drawPlate(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  text: string,
  textStart: number,
  palette: PhotoPalette,
): void {
  context.fillStyle = palette.label;
  context.beginPath();
  context.roundRect(x, y, width, PLATE_HEIGHT, 3);
  context.fill();
  context.font = palette.font;
  context.fillStyle = palette.labelText;
  context.textBaseline = 'alphabetic';
  context.fillText(text, x + textStart, y + 13);
}

/** The box being drawn, and the size of any box that changes under the pointer. */
function drawDraft(context: CanvasRenderingContext2D, snapshot: EditorSnapshot, palette: PhotoPalette): void {
  const draft = draftOfSnapshot(snapshot);
  if (!draft) return;
  const box = boxToScreen(snapshot.view, draft.box);
  if (draft.key === null) drawBox(context, box, palette.selection, [], palette.widths.box, palette);
  const [x, y, width, height] = draft.box;
  const text = `${digits(width)} × ${digits(height)} px · ${digits(x)}, ${digits(y)}`;
  context.font = palette.font;
  const plateWidth = context.measureText(text).width + 12;
  const left = Math.max(2, Math.min(box[0] + box[2] + 8, snapshot.screen.width - plateWidth - 2));
  const top = Math.max(2, Math.min(box[1] + box[3] + 8, snapshot.screen.height - PLATE_HEIGHT - 2));
  drawPlate(context, left, top, plateWidth, text, 6, palette);
}

/** At most one digit behind the point. */
export const digits = (value: number): string => String(Math.round(value * 10) / 10);

/** Guides over the whole canvas while drawing and resizing. */
function drawCrosshair(
  context: CanvasRenderingContext2D,
  snapshot: EditorSnapshot,
  palette: PhotoPalette,
): void {
  const { tool, pointer, screen } = snapshot;
  if (!pointer || !(tool.tool === 'draw' || tool.mode === 'resizing') || tool.mode === 'panning') return;
  const x = Math.round(pointer.x) + 0.5;
  const y = Math.round(pointer.y) + 0.5;
  const line = (width: number, colour: string, opacity: number): void => {
    context.globalAlpha = opacity;
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, screen.height);
    context.moveTo(0, y);
    context.lineTo(screen.width, y);
    context.stroke();
  };
  context.setLineDash([]);
  line(3, palette.casing, 0.35);
  line(1, palette.selection, 0.85);
  context.globalAlpha = 1;
}
