/** Which part of an image a tile shows: a square about its boxes, with room to see where they are. */
import type { Box } from '../../../contract/view-types';

const MARGIN = 0.6;
const SMALLEST = 24;

const union = (a: Box, b: Box): Box => {
  const x = Math.min(a[0], b[0]);
  const y = Math.min(a[1], b[1]);
  return [x, y, Math.max(a[0] + a[2], b[0] + b[2]) - x, Math.max(a[1] + a[3], b[1] + b[3]) - y];
};

/** Square, in image pixels; it may reach outside the image. */
export function cropAround(box: Box, other: Box | null): Box {
  const [x, y, width, height] = other ? union(box, other) : box;
  const side = Math.max(width, height, SMALLEST) * (1 + 2 * MARGIN);
  return [x + width / 2 - side / 2, y + height / 2 - side / 2, side, side];
}
