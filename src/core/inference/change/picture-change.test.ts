import { describe, expect, it } from 'vitest';
import type { Box, PictureChange } from './picture-change';
import { changedFrame, changePicture } from './picture-change';

const NONE: PictureChange = { flip: null, shift: { x: 0, y: 0 }, pad: 0 };
const WIDTH = 12;
const HEIGHT = 8;
/** One bright pixel on grey. */
const AT = { x: 9, y: 2 };

function picture(): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(WIDTH * HEIGHT * 3).fill(100);
  data.set([200, 150, 250], (AT.y * WIDTH + AT.x) * 3);
  return { width: WIDTH, height: HEIGHT, data };
}

const CHANGES: readonly (readonly [string, PictureChange])[] = [
  ['nothing', NONE],
  ['a flip left to right', { ...NONE, flip: 'horizontal' }],
  ['a flip upside down', { ...NONE, flip: 'vertical' }],
  ['a shift to the left and down', { ...NONE, shift: { x: -0.25, y: 0.25 } }],
  ['a border', { ...NONE, pad: 0.25 }],
  ['all of them', { flip: 'horizontal', shift: { x: 0.25, y: -0.125 }, pad: 0.5 }],
];

describe('a changed picture', () => {
  it.each(CHANGES)('%s: a pixel goes where its box goes, and back', (_, change) => {
    const frame = changedFrame(change, WIDTH, HEIGHT);
    const changed = changePicture(picture(), change);
    expect([changed.width, changed.height]).toEqual([frame.width, frame.height]);
    const box: Box = [AT.x, AT.y, 1, 1];
    const [x, y] = frame.toChanged(box);
    expect([...changed.data.subarray((y * changed.width + x) * 3, (y * changed.width + x) * 3 + 3)]).toEqual([
      200, 150, 250,
    ]);
    expect(frame.toImage(frame.toChanged(box))).toEqual(box);
    // Once, and nowhere else.
    expect(changed.data.filter((value) => value === 250)).toHaveLength(1);
  });

  it('keeps the part that stays in the frame, and fills the rest with the mean colour', () => {
    const change: PictureChange = { flip: 'horizontal', shift: { x: 0.25, y: 0 }, pad: 0 };
    // Flipped, then three columns to the right: the image's three leftmost columns are lost.
    expect(changedFrame(change, WIDTH, HEIGHT).kept).toEqual([3, 0, 9, 8]);
    const { data } = changePicture(picture(), change);
    expect([...data.subarray(0, 3)]).toEqual([101, 101, 102]);
  });
});
