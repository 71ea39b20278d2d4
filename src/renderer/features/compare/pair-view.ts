/** Which part of an image a pair of pictures shows: the same on both sides. */
import type { Box } from '../../../contract/view-types';
import type { ChangedAnnotation } from '../../../contract/metrics-view';

const MARGIN = 0.45;
const SMALLEST = 24;
/** Width to height of a picture. */
export const PAIR_ASPECT = 1.36;

/** Around the annotation and what both runs made of it, in image pixels; it may reach outside the image. */
export function pairView({ box, first, second }: Pick<ChangedAnnotation, 'box' | 'first' | 'second'>): Box {
  const boxes = [box, first.box, second.box].filter((one) => one !== null);
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , width]) => x + width));
  const bottom = Math.max(...boxes.map(([, y, , height]) => y + height));
  const needed = Math.max((right - left) / PAIR_ASPECT, bottom - top, SMALLEST);
  const height = needed * (1 + 2 * MARGIN);
  const width = height * PAIR_ASPECT;
  return [(left + right - width) / 2, (top + bottom - height) / 2, width, height];
}
