/** Resizing against OpenCV 5.0 and Pillow 13.0, level by level, on a picture made by a formula. */
import { describe, expect, it } from 'vitest';
import { resample, type RgbImage } from './resample';

const level = (x: number, y: number, channel: number): number =>
  (x * 37 + y * 91 + channel * 53 + x * y * 17) % 256;

const PICTURE: RgbImage = {
  width: 5,
  height: 4,
  data: Uint8Array.from({ length: 60 }, (_, at) =>
    level(Math.floor(at / 3) % 5, Math.floor(at / 15), at % 3),
  ),
};

const EXPECTED: readonly (readonly ['opencv' | 'pillow', number, number, readonly number[]])[] = [
  [
    'opencv',
    3,
    3,
    [
      28, 81, 134, 95, 148, 158, 133, 171, 224, 157, 168, 135, 134, 187, 112, 152, 77, 130, 73, 112, 136, 172,
      225, 65, 101, 125, 178,
    ],
  ],
  [
    'pillow',
    3,
    3,
    [
      45, 98, 151, 111, 147, 158, 134, 154, 207, 163, 162, 141, 162, 158, 140, 159, 84, 137, 102, 122, 131,
      133, 169, 122, 106, 115, 168,
    ],
  ],
  [
    'opencv',
    7,
    6,
    [
      0, 53, 106, 21, 74, 127, 47, 100, 153, 74, 127, 180, 100, 153, 206, 127, 180, 233, 148, 201, 254, 46,
      99, 152, 71, 124, 177, 104, 157, 173, 137, 190, 115, 169, 130, 147, 146, 126, 179, 100, 153, 206, 106,
      159, 169, 139, 167, 202, 167, 189, 182, 177, 230, 70, 218, 118, 110, 167, 80, 133, 77, 88, 141, 167,
      220, 59, 206, 137, 98, 193, 94, 135, 90, 143, 153, 138, 161, 202, 169, 106, 159, 183, 23, 76, 100, 153,
      78, 145, 125, 123, 165, 127, 143, 131, 184, 109, 96, 149, 165, 116, 114, 167, 162, 87, 140, 17, 70, 123,
      67, 120, 173, 130, 183, 163, 193, 246, 43, 73, 126, 106, 63, 116, 169, 113, 166, 219,
    ],
  ],
  [
    'pillow',
    7,
    6,
    [
      0, 53, 106, 21, 74, 127, 48, 101, 154, 74, 127, 180, 100, 153, 206, 127, 180, 233, 148, 201, 254, 46,
      99, 152, 72, 125, 178, 104, 157, 174, 137, 190, 115, 169, 131, 147, 147, 127, 180, 100, 153, 206, 106,
      159, 169, 139, 167, 202, 167, 189, 181, 177, 230, 70, 218, 119, 111, 167, 80, 133, 78, 88, 141, 167,
      220, 60, 206, 137, 99, 193, 94, 135, 90, 143, 153, 139, 161, 202, 168, 106, 159, 183, 23, 76, 100, 153,
      78, 145, 125, 123, 165, 127, 143, 131, 184, 109, 96, 149, 166, 116, 115, 168, 162, 87, 140, 17, 70, 123,
      67, 120, 173, 130, 183, 163, 193, 246, 43, 73, 126, 106, 63, 116, 169, 113, 166, 219,
    ],
  ],
];

describe('resizing', () => {
  it.each(EXPECTED)('as %s does, to %d x %d', (how, width, height, expected) => {
    expect([...resample(PICTURE, width, height, how)]).toEqual(expected);
  });

  it('exactly keeps fractions: halfway between pixels is their mean', () => {
    const two: RgbImage = { width: 2, height: 1, data: Uint8Array.of(0, 10, 20, 101, 11, 23) };
    expect([...resample(two, 1, 1, 'exact')]).toEqual([50.5, 10.5, 21.5]);
    expect([...resample(two, 4, 1, 'exact')].filter((_, at) => at % 3 === 0)).toEqual([0, 25.25, 75.75, 101]);
  });

  it('to the same size is the picture itself', () => {
    for (const how of ['exact', 'opencv', 'pillow'] as const)
      expect(resample(PICTURE, 5, 4, how)).toBe(PICTURE.data);
  });
});
