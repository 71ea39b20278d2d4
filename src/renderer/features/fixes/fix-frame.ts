/** Which part of the image the picture of a suspect shows. */
import type { FixView } from '../../../contract/fix-view';
import type { Box } from '../../../contract/view-types';

/** Width to height of the picture. */
export const PICTURE_ASPECT = 4 / 3;
/** Of the boxes' larger side, on every side: enough to tell what stands around. */
const MARGIN = 0.9;
/** Share of the image's sides that is shown at least: a small object is told by what it lies among. */
const LEAST_SHARE = 0.3;

type Framed = Pick<FixView, 'box' | 'newBox' | 'repeats' | 'imageWidth' | 'imageHeight'>;

/** In image pixels, of the picture's shape; it reaches outside the image only where the image has another shape. */
export function closeUp({ box, newBox, repeats, imageWidth, imageHeight }: Framed): Box {
  const boxes = [box, newBox, repeats].filter((one) => one !== null);
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , width]) => x + width));
  const bottom = Math.max(...boxes.map(([, y, , height]) => y + height));
  const margin = 2 * MARGIN * Math.max(right - left, bottom - top);
  const [x, y, width, height] = shaped(
    (left + right) / 2,
    (top + bottom) / 2,
    Math.max(right - left + margin, LEAST_SHARE * imageWidth),
    Math.max(bottom - top + margin, LEAST_SHARE * imageHeight),
  );
  const whole = wholeImage({ imageWidth, imageHeight });
  if (width >= whole[2]) return whole;
  return [within(x, width, imageWidth), within(y, height, imageHeight), width, height];
}

/** Where a part begins so that it lies within the image; in its middle where the part is longer. */
const within = (start: number, length: number, whole: number): number =>
  length >= whole ? (whole - length) / 2 : Math.min(Math.max(0, start), whole - length);

export function wholeImage({ imageWidth, imageHeight }: Pick<Framed, 'imageWidth' | 'imageHeight'>): Box {
  return shaped(imageWidth / 2, imageHeight / 2, imageWidth, imageHeight);
}

/** The smallest part of the picture's shape about a centre that holds the size. */
function shaped(x: number, y: number, width: number, height: number): Box {
  const wide = Math.max(width, height * PICTURE_ASPECT);
  const high = wide / PICTURE_ASPECT;
  return [x - wide / 2, y - high / 2, wide, high];
}
