/**
 * EXIF orientation, 1 to 8: how the stored pixels have to be turned to be shown upright. Boxes of a dataset may be in
 * either frame; these convert between them.
 */
export type BoxTuple = readonly [x: number, y: number, width: number, height: number];

/** Whether showing the image upright exchanges its width and height. */
export const swapsSides = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/** A box in upright pixels as one in stored pixels; `width` and `height` are the stored image's. */
export function storedFromUpright(
  box: BoxTuple,
  orientation: number,
  width: number,
  height: number,
): BoxTuple {
  const [x, y, w, h] = box;
  switch (orientation) {
    case 2:
      return [width - x - w, y, w, h];
    case 3:
      return [width - x - w, height - y - h, w, h];
    case 4:
      return [x, height - y - h, w, h];
    case 5:
      return [y, x, h, w];
    case 6:
      return [y, height - x - w, h, w];
    case 7:
      return [width - y - h, height - x - w, h, w];
    case 8:
      return [width - y - h, x, h, w];
    default:
      return box;
  }
}

/** A box in stored pixels as one in upright pixels; `width` and `height` are the stored image's. */
export function uprightFromStored(
  box: BoxTuple,
  orientation: number,
  width: number,
  height: number,
): BoxTuple {
  // The way back: a quarter turn becomes its opposite, all others undo themselves, on the upright image's sides.
  const back = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  return swapsSides(orientation)
    ? storedFromUpright(box, back, height, width)
    : storedFromUpright(box, back, width, height);
}
