/** Where label plates go: at the box's corner, clear of each other, inside the canvas. Pure. */
import type { Box } from '../../contract/view-types';
import type { Size } from '../editor/geometry';

export const PLATE_HEIGHT = 18;
/** Between a box's stroke and its plate. */
const GAP = 3;

export interface PlateRequest {
  /** In screen pixels. */
  readonly box: Box;
  readonly width: number;
}

/**
 * The top left corner of each plate, or null where it finds no place: above the box's left corner, else below it, else
 * inside at the top; each held inside the canvas. Earlier requests have the first choice.
 */
export function placePlates(
  requests: readonly PlateRequest[],
  screen: Size,
): readonly (readonly [x: number, y: number] | null)[] {
  const taken: Box[] = [];
  return requests.map(({ box, width }) => {
    for (const [x, y] of places(box, width, screen)) {
      const plate: Box = [x, y, width, PLATE_HEIGHT];
      if (taken.some((other) => overlaps(plate, other))) continue;
      taken.push(plate);
      return [x, y];
    }
    return null;
  });
}

function places(box: Box, width: number, screen: Size): readonly (readonly [number, number])[] {
  const [left, top, boxWidth, height] = box;
  const clampX = (x: number): number => Math.max(2, Math.min(x, screen.width - width - 2));
  const above = top - GAP - PLATE_HEIGHT;
  const below = top + height + GAP;
  const inside = Math.max(top + GAP, 2);
  const x = clampX(left);
  const right = clampX(left + boxWidth - width);
  const isOn = (y: number): boolean => y >= 2 && y + PLATE_HEIGHT <= screen.height - 2;
  return [
    [x, above],
    [x, below],
    [right, above],
    [right, below],
    [clampX(left + GAP), inside],
  ].filter((place): place is [number, number] => isOn(place[1] ?? -1));
}

function overlaps(a: Box, b: Box): boolean {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}
