/** Applies a change of coordinates to boxes in place. */
import { storedFromUpright, uprightFromStored } from '../../geometry/orientation';
import type { BoxChange, BoxFormat, Transform } from '../repair';

/** The EXIF orientation whose upright form is the transform of the stored one. */
const ORIENTATION_OF: Readonly<Record<Transform, number>> = {
  'flip-x': 2,
  'rotate-180': 3,
  'flip-y': 4,
  'swap-xy': 5,
  'rotate-90': 6,
  'swap-xy-rotate-180': 7,
  'rotate-270': 8,
};

const INVERSE: Readonly<Partial<Record<Transform, Transform>>> = {
  'rotate-90': 'rotate-270',
  'rotate-270': 'rotate-90',
};

/** The transform that undoes another. */
export const inverseOf = (transform: Transform): Transform => INVERSE[transform] ?? transform;

export const exchangesAxes = (transform: Transform): boolean => ORIENTATION_OF[transform] >= 5;

/** What a change needs to know of an image; sizes are of the stored image, in pixels. */
export interface ImageFrame {
  readonly width: number;
  readonly height: number;
  /** EXIF, 1 to 8. */
  readonly orientation: number;
}

/** Changes that mean the same whatever the image is like. */
export const needsFrame = ({ change, ...rest }: BoxChange): boolean =>
  !(change === 'format' || change === 'shift' || ('fit' in rest && rest.fit === 'factor')) &&
  !(change === 'turn' && 'transform' in rest && rest.transform === 'swap-xy' && !rest.relative);

/** Changes the box at `offset` of `box`; without a frame only changes that need none do something. */
export function changeBox(
  change: BoxChange,
  box: Float64Array,
  offset: number,
  frame: ImageFrame | null,
): void {
  switch (change.change) {
    case 'format':
      toFormat(box, offset, change.from, change.to);
      return;
    case 'shift':
      for (let part = 0; part < 4; part++) box[offset + part]! += change.by[part]!;
      return;
    case 'turn':
      if (frame || !needsFrame(change)) turn(box, offset, change.transform, change.relative, frame);
      return;
    case 'to-pixels':
      if (frame) scaleBox(box, offset, frame.width / change.range, frame.height / change.range);
      return;
    case 'orientation':
      if (frame && frame.orientation !== 1) reorient(box, offset, frame, change.to);
      return;
    case 'undo-resize': {
      const scale = resizeOf(change, frame);
      if (!scale) return;
      box[offset]! -= scale.left;
      box[offset + 1]! -= scale.top;
      scaleBox(box, offset, 1 / scale.x, 1 / scale.y);
    }
  }
}

function scaleBox(box: Float64Array, offset: number, x: number, y: number): void {
  box[offset]! *= x;
  box[offset + 1]! *= y;
  box[offset + 2]! *= x;
  box[offset + 3]! *= y;
}

/** How a resize placed an image: a point goes to `left + x * scale`. Null where the image's size is not known. */
export function resizeOf(
  change: Extract<BoxChange, { change: 'undo-resize' }>,
  frame: Pick<ImageFrame, 'width' | 'height'> | null,
): { readonly x: number; readonly y: number; readonly left: number; readonly top: number } | null {
  const { fit, width, height, factor } = change;
  if (fit === 'factor') return { x: factor, y: factor, left: 0, top: 0 };
  if (!frame) return null;
  if (fit === 'stretch') return { x: width / frame.width, y: height / frame.height, left: 0, top: 0 };
  const scale =
    fit === 'longest-side'
      ? width / Math.max(frame.width, frame.height)
      : fit === 'shortest-side'
        ? width / Math.min(frame.width, frame.height)
        : Math.min(width / frame.width, height / frame.height);
  const isCentred = fit === 'letterbox';
  return {
    x: scale,
    y: scale,
    left: isCentred ? (width - frame.width * scale) / 2 : 0,
    top: isCentred ? (height - frame.height * scale) / 2 : 0,
  };
}

function toFormat(box: Float64Array, offset: number, from: BoxFormat, to: BoxFormat): void {
  const a = box[offset]!;
  const b = box[offset + 1]!;
  const c = box[offset + 2]!;
  const d = box[offset + 3]!;
  if (from === 'xyxy') put(box, offset, a, b, c - a, d - b);
  else if (from === 'yxyx') put(box, offset, b, a, d - b, c - a);
  else if (from === 'cxcywh') put(box, offset, a - c / 2, b - d / 2, c, d);
  if (to === 'xywh') return;
  const x = box[offset]!;
  const y = box[offset + 1]!;
  const w = box[offset + 2]!;
  const h = box[offset + 3]!;
  if (to === 'xyxy') put(box, offset, x, y, x + w, y + h);
  else if (to === 'yxyx') put(box, offset, y, x, y + h, x + w);
  else put(box, offset, x + w / 2, y + h / 2, w, h);
}

function put(box: Float64Array, offset: number, a: number, b: number, c: number, d: number): void {
  box[offset] = a;
  box[offset + 1] = b;
  box[offset + 2] = c;
  box[offset + 3] = d;
}

/** `transform` is applied; the result lies in a frame of `frame`'s size. */
function turn(
  box: Float64Array,
  offset: number,
  transform: Transform,
  relative: boolean,
  frame: Pick<ImageFrame, 'width' | 'height'> | null,
): void {
  const orientation = ORIENTATION_OF[inverseOf(transform)];
  const { width, height } = frame ?? { width: 0, height: 0 };
  // In parts of the sides the turned image kept the width and height of the stored one.
  if (relative && orientation >= 5) scaleBox(box, offset, height / width, width / height);
  const tuple = [box[offset]!, box[offset + 1]!, box[offset + 2]!, box[offset + 3]!] as const;
  const [x, y, w, h] = storedFromUpright(tuple, orientation, width, height);
  put(box, offset, x, y, w, h);
}

function reorient(box: Float64Array, offset: number, frame: ImageFrame, to: 'stored' | 'upright'): void {
  const tuple = [box[offset]!, box[offset + 1]!, box[offset + 2]!, box[offset + 3]!] as const;
  const turned = to === 'stored' ? storedFromUpright : uprightFromStored;
  box.set(turned(tuple, frame.orientation, frame.width, frame.height), offset);
}
