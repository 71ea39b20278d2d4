/** The window on the image: a scale and an offset. Pure functions; a viewport is never changed in place. */
import type { Box } from '../../contract/view-types';
import type { ImagePoint, ScreenPoint, Size } from './geometry';
import { imagePoint, screenPoint } from './geometry';

export interface Viewport {
  /** Screen pixels for one image pixel. */
  readonly scale: number;
  /** Screen position of the image's top left corner. */
  readonly x: number;
  readonly y: number;
}

/** Empty screen pixels left around a fitted image. */
const FIT_MARGIN = 24;
/** A fitted image is enlarged no further than this (small crops would be a blur; `zoomToBox` goes further). */
const FIT_LARGEST_SCALE = 64;
const LARGEST_SCALE = 128;
/** Factor of one zoom step by key or button. */
export const ZOOM_STEP = 1.25;
/** At least so many screen pixels of the image stay in view when panning. */
const KEEP_IN_VIEW = 48;

export const toScreen = (view: Viewport, point: ImagePoint): ScreenPoint =>
  screenPoint(point.x * view.scale + view.x, point.y * view.scale + view.y);

export const toImage = (view: Viewport, point: ScreenPoint): ImagePoint =>
  imagePoint((point.x - view.x) / view.scale, (point.y - view.y) / view.scale);

/** The box on the screen: x, y, width, height in screen pixels. */
export const boxToScreen = (view: Viewport, box: Box): Box => [
  box[0] * view.scale + view.x,
  box[1] * view.scale + view.y,
  box[2] * view.scale,
  box[3] * view.scale,
];

/** The whole image, centred. */
export function fitImage(image: Size, screen: Size): Viewport {
  return centred([0, 0, image.width, image.height], fitScale(image, screen), screen);
}

function fitScale(image: Size, screen: Size): number {
  const room = (length: number): number => Math.max(length - 2 * FIT_MARGIN, length / 2, 1);
  const scale = Math.min(room(screen.width) / image.width, room(screen.height) / image.height);
  return Math.min(scale, FIT_LARGEST_SCALE);
}

/** The box in the middle with as much around it as its larger side. */
export function zoomToBox(box: Box, image: Size, screen: Size): Viewport {
  const scale = Math.min(screen.width / (box[2] * 2), screen.height / (box[3] * 2));
  return keepInView(centred(box, limitScale(scale, image, screen), screen), image, screen);
}

/** The view moved, not scaled, until the box is visible; the same view where it is. */
export function bringIntoView(view: Viewport, box: Box, image: Size, screen: Size): Viewport {
  const [x, y, width, height] = boxToScreen(view, box);
  const isVisible = x >= 0 && y >= 0 && x + width <= screen.width && y + height <= screen.height;
  if (isVisible) return view;
  if (width > screen.width || height > screen.height) return zoomToBox(box, image, screen);
  return keepInView(centred(box, view.scale, screen), image, screen);
}

function centred(box: Box, scale: number, screen: Size): Viewport {
  return {
    scale,
    x: screen.width / 2 - (box[0] + box[2] / 2) * scale,
    y: screen.height / 2 - (box[1] + box[3] / 2) * scale,
  };
}

/** Scaled by `factor` with the image point under `at` staying under it. */
export function zoomAt(view: Viewport, at: ScreenPoint, factor: number, image: Size, screen: Size): Viewport {
  return zoomTo(view, at, view.scale * factor, image, screen);
}

export function zoomTo(view: Viewport, at: ScreenPoint, wanted: number, image: Size, screen: Size): Viewport {
  const scale = limitScale(wanted, image, screen);
  const ratio = scale / view.scale;
  return keepInView(
    { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio },
    image,
    screen,
  );
}

export function panBy(view: Viewport, dx: number, dy: number, image: Size, screen: Size): Viewport {
  return keepInView({ scale: view.scale, x: view.x + dx, y: view.y + dy }, image, screen);
}

/** Down to a quarter of the fitted size, up to `LARGEST_SCALE`. */
function limitScale(scale: number, image: Size, screen: Size): number {
  const smallest = Math.min(fitScale(image, screen) / 4, 1);
  return Math.min(Math.max(scale, smallest), LARGEST_SCALE);
}

function keepInView(view: Viewport, image: Size, screen: Size): Viewport {
  return {
    scale: view.scale,
    x: keepEdge(view.x, image.width * view.scale, screen.width),
    y: keepEdge(view.y, image.height * view.scale, screen.height),
  };
}

function keepEdge(start: number, length: number, room: number): number {
  const keep = Math.min(KEEP_IN_VIEW, length, room);
  return Math.min(Math.max(start, keep - length), room - keep);
}
