/**
 * Points and boxes of the editor. Image coordinates are pixels of the stored image (edges counted from 0), screen
 * coordinates are CSS pixels from the canvas's top left corner; the two are branded so that mixing them is a type error.
 */
import type { Box } from '../../contract/view-types';

declare const space: unique symbol;

interface Point {
  readonly x: number;
  readonly y: number;
}
export type ImagePoint = Point & { readonly [space]: 'image' };
export type ScreenPoint = Point & { readonly [space]: 'screen' };
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const imagePoint = (x: number, y: number): ImagePoint => ({ x, y }) as ImagePoint;
export const screenPoint = (x: number, y: number): ScreenPoint => ({ x, y }) as ScreenPoint;

/** Handles by compass, clockwise from the top left; the order in which they are drawn and hit. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

/** No side of a box is made smaller than this, in image pixels (less only where the image itself is smaller). */
export const MINIMUM_SIDE = 1;

/** Distance in screen pixels. */
export function screenDistance(a: ScreenPoint, b: ScreenPoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function boxArea(box: Box): number {
  return box[2] * box[3];
}

export function isSameBox(a: Box, b: Box): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

export function boxContains(box: Box, point: ImagePoint, margin: number): boolean {
  return (
    point.x >= box[0] - margin &&
    point.y >= box[1] - margin &&
    point.x <= box[0] + box[2] + margin &&
    point.y <= box[1] + box[3] + margin
  );
}

/** Where a handle sits on a box: 0, 0.5 or 1 of its width and height. */
export function handlePosition(handle: Handle): readonly [number, number] {
  const x = handle.includes('w') ? 0 : handle.includes('e') ? 1 : 0.5;
  const y = handle.includes('n') ? 0 : handle.includes('s') ? 1 : 0.5;
  return [x, y];
}

const between = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

/**
 * The box between two corners: inside the image, on whole pixels, at least `MINIMUM_SIDE` a side where the image has
 * room for it.
 */
export function boxFromCorners(a: ImagePoint, b: ImagePoint, image: Size): Box {
  const [x, width] = spanOnPixels(a.x, b.x, image.width);
  const [y, height] = spanOnPixels(a.y, b.y, image.height);
  return [x, y, width, height];
}

function spanOnPixels(from: number, to: number, limit: number): readonly [start: number, length: number] {
  const a = between(Math.round(from), 0, limit);
  const b = between(Math.round(to), 0, limit);
  return [Math.min(a, b), Math.abs(a - b)];
}

/**
 * The box moved by whole pixels (its fractions stay, so that an imported box keeps its digits), held inside the image.
 * A box that stands partly outside may come in but goes no further out.
 */
export function moveBox(box: Box, dx: number, dy: number, image: Size): Box {
  const [x, y, width, height] = box;
  return [
    moveEdge(x, Math.round(dx), width, image.width),
    moveEdge(y, Math.round(dy), height, image.height),
    width,
    height,
  ];
}

function moveEdge(start: number, delta: number, length: number, limit: number): number {
  return between(start + delta, Math.min(0, start), Math.max(limit - length, start));
}

/**
 * The box with the edges of `handle` at `point`: on whole pixels, inside the image, at least `MINIMUM_SIDE` a side. An
 * edge dragged over its opposite stops there; edges that are not dragged keep their digits.
 */
export function resizeBox(box: Box, handle: Handle, point: ImagePoint, image: Size): Box {
  const [x, width] = resizeSpan(box[0], box[2], handlePosition(handle)[0], point.x, image.width);
  const [y, height] = resizeSpan(box[1], box[3], handlePosition(handle)[1], point.y, image.height);
  return [x, y, width, height];
}

function resizeSpan(
  start: number,
  length: number,
  side: number,
  to: number,
  limit: number,
): readonly [start: number, length: number] {
  const end = start + length;
  const minimum = Math.min(MINIMUM_SIDE, length);
  if (side === 0) {
    const moved = between(Math.round(to), Math.min(0, start), end - minimum);
    return [moved, end - moved];
  }
  if (side === 1) {
    const moved = between(Math.round(to), start + minimum, Math.max(limit, end));
    return [start, moved - start];
  }
  return [start, length];
}
