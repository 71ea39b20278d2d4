/**
 * Changes of an image before a model gets it, and the way back for the boxes: the same objects in other places of the
 * frame show whether the place matters.
 */
import type { RgbImage } from '../resample';

/** Applied in this order. */
export interface PictureChange {
  readonly flip: 'horizontal' | 'vertical' | null;
  /** In parts of the image's sides, to the right and down; what leaves the image is lost. */
  readonly shift: { readonly x: number; readonly y: number };
  /** A border on all four sides, in parts of the image's sides. */
  readonly pad: number;
}

export type Box = readonly [x: number, y: number, width: number, height: number];

/** The changed image's frame, in whole pixels. */
export interface ChangedFrame {
  readonly width: number;
  readonly height: number;
  /** Where a box of the image lies in the changed one. */
  toChanged(box: Box): Box;
  /** Where a box of the changed image lies in the image. */
  toImage(box: Box): Box;
  /** Part of the image that is still in the frame. */
  readonly kept: Box;
}

const CHANNELS = 3;

/** Left and upper offset of the image in the changed frame, and the width of the border. */
function offsets({ shift, pad }: PictureChange, width: number, height: number) {
  const border = [Math.round(width * pad), Math.round(height * pad)] as const;
  const moved = [Math.round(width * shift.x), Math.round(height * shift.y)] as const;
  return { border, moved };
}

/** `width`, `height`: of the image. */
export function changedFrame(change: PictureChange, width: number, height: number): ChangedFrame {
  const { border, moved } = offsets(change, width, height);
  const left = border[0] + moved[0];
  const top = border[1] + moved[1];
  const mirrored = ([x, y, w, h]: Box): Box => [
    change.flip === 'horizontal' ? width - x - w : x,
    change.flip === 'vertical' ? height - y - h : y,
    w,
    h,
  ];
  const stays = [Math.max(0, width - Math.abs(moved[0])), Math.max(0, height - Math.abs(moved[1]))] as const;
  return {
    width: width + 2 * border[0],
    height: height + 2 * border[1],
    toChanged: (box) => {
      const [x, y, w, h] = mirrored(box);
      return [x + left, y + top, w, h];
    },
    toImage: ([x, y, w, h]) => mirrored([x - left, y - top, w, h]),
    kept: mirrored([Math.max(0, -moved[0]), Math.max(0, -moved[1]), ...stays]),
  };
}

/** The mean colour: what uncovered places are filled with, so that no edge is brighter than it has to be. */
function meanColour({ data, width, height }: RgbImage): readonly [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < data.length; at += CHANNELS)
    for (let channel = 0; channel < CHANNELS; channel++) sum[channel]! += data[at + channel]!;
  return sum.map((value) => Math.round(value / (width * height))) as unknown as [number, number, number];
}

export function changePicture(image: RgbImage, change: PictureChange): RgbImage {
  const frame = changedFrame(change, image.width, image.height);
  const { border, moved } = offsets(change, image.width, image.height);
  const colour = meanColour(image);
  const data = new Uint8Array(frame.width * frame.height * CHANNELS);
  for (let at = 0; at < data.length; at += CHANNELS) data.set(colour, at);
  for (let y = 0; y < image.height; y++) {
    const row = y + moved[1];
    if (row < 0 || row >= image.height) continue;
    const fromRow = change.flip === 'vertical' ? image.height - 1 - y : y;
    for (let x = 0; x < image.width; x++) {
      const column = x + moved[0];
      if (column < 0 || column >= image.width) continue;
      const fromColumn = change.flip === 'horizontal' ? image.width - 1 - x : x;
      const from = (fromRow * image.width + fromColumn) * CHANNELS;
      const to = ((row + border[1]) * frame.width + column + border[0]) * CHANNELS;
      for (let channel = 0; channel < CHANNELS; channel++) data[to + channel] = image.data[from + channel]!;
    }
  }
  return { width: frame.width, height: frame.height, data };
}
