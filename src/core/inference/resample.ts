/** Resizing of 8-bit RGB images, rows from the top, three values a pixel, in the ways of the tools that train networks. */
import type { Interpolation } from './model';
import { roundHalfToEven } from './placement';

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** `width * height * 3` grey levels. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Grey levels of the resized image, three values a pixel; fractions only with `exact`. */
export type Levels = Uint8Array | Uint8ClampedArray | Float32Array;

const CHANNELS = 3;

export function resample(image: RgbImage, width: number, height: number, how: Interpolation): Levels {
  if (width === image.width && height === image.height) return image.data;
  if (how === 'pillow') return resampleAsPillow(image, width, height);
  if (how === 'opencv-cubic') return resampleAsOpenCvCubic(image, width, height);
  return how === 'opencv' ? resampleAsOpenCv(image, width, height) : resampleExactly(image, width, height);
}

/** For every target pixel of an axis: the two source pixels (as offsets of `step`) and the share of the second. */
function bilinearTaps(from: number, to: number, step: number) {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const share = new Float64Array(to);
  const scale = from / to;
  for (let at = 0; at < to; at++) {
    const place = Math.max(0, (at + 0.5) * scale - 0.5);
    const low = Math.min(Math.floor(place), from - 1);
    first[at] = low * step;
    second[at] = Math.min(low + 1, from - 1) * step;
    share[at] = low === from - 1 ? 0 : place - low;
  }
  return { first, second, share };
}

function resampleExactly(image: RgbImage, width: number, height: number): Float32Array {
  const { data } = image;
  const columns = bilinearTaps(image.width, width, CHANNELS);
  const rows = bilinearTaps(image.height, height, image.width * CHANNELS);
  const result = new Float32Array(width * height * CHANNELS);
  let out = 0;
  for (let y = 0; y < height; y++) {
    const upper = rows.first[y]!;
    const lower = rows.second[y]!;
    const down = rows.share[y]!;
    for (let x = 0; x < width; x++) {
      const left = columns.first[x]!;
      const right = columns.second[x]!;
      const across = columns.share[x]!;
      for (let channel = 0; channel < CHANNELS; channel++) {
        const a = data[upper + left + channel]!;
        const b = data[upper + right + channel]!;
        const c = data[lower + left + channel]!;
        const d = data[lower + right + channel]!;
        const top = a + (b - a) * across;
        result[out++] = top + (c + (d - c) * across - top) * down;
      }
    }
  }
  return result;
}

/** OpenCV's shares are 11-bit whole numbers, places are float32. */
const OPENCV_ONE = 2048;

/** Along rows nothing is mixed beyond the edges; along columns the edge's row is mixed with itself, as OpenCV does. */
function openCvTaps(from: number, to: number, step: number, mixesEdges: boolean) {
  const first = new Int32Array(to);
  const second = new Int32Array(to);
  const firstWeight = new Int32Array(to);
  const secondWeight = new Int32Array(to);
  const scale = from / to;
  for (let at = 0; at < to; at++) {
    const place = Math.fround((at + 0.5) * scale - 0.5);
    const low = Math.floor(place);
    const isInside = low >= 0 && low < from - 1;
    const share = isInside || mixesEdges ? Math.fround(place - low) : 0;
    first[at] = Math.max(0, Math.min(low, from - 1)) * step;
    second[at] = Math.max(0, Math.min(low + 1, from - 1)) * step;
    firstWeight[at] = roundHalfToEven(Math.fround(1 - share) * OPENCV_ONE);
    secondWeight[at] = roundHalfToEven(share * OPENCV_ONE);
  }
  return { first, second, firstWeight, secondWeight };
}

/** `cv2.resize(..., INTER_LINEAR)` of 8-bit images: whole-number arithmetic, the vertical pass in 16-bit steps. */
function resampleAsOpenCv(image: RgbImage, width: number, height: number): Uint8Array {
  const { data } = image;
  const columns = openCvTaps(image.width, width, CHANNELS, false);
  const rows = openCvTaps(image.height, height, image.width * CHANNELS, true);
  const result = new Uint8Array(width * height * CHANNELS);
  let out = 0;
  for (let y = 0; y < height; y++) {
    const upper = rows.first[y]!;
    const lower = rows.second[y]!;
    const upperWeight = rows.firstWeight[y]!;
    const lowerWeight = rows.secondWeight[y]!;
    for (let x = 0; x < width; x++) {
      const left = columns.first[x]!;
      const right = columns.second[x]!;
      const rest = columns.firstWeight[x]!;
      const across = columns.secondWeight[x]!;
      for (let channel = 0; channel < CHANNELS; channel++) {
        const top = data[upper + left + channel]! * rest + data[upper + right + channel]! * across;
        const bottom = data[lower + left + channel]! * rest + data[lower + right + channel]! * across;
        const sum = ((upperWeight * (top >> 4)) >> 16) + ((lowerWeight * (bottom >> 4)) >> 16);
        result[out++] = (sum + 2) >> 2;
      }
    }
  }
  return result;
}

/** OpenCV's parameter of the cubic kernel. */
const CUBIC_A = -0.75;
const CUBIC_TAPS = 4;

/** Weights of the four pixels around a place that lies `share` behind the second, in float32 as OpenCV has them. */
function cubicWeights(share: number): readonly number[] {
  const { fround } = Math;
  const a = CUBIC_A;
  const near = (x: number): number => fround(((a + 2) * x - (a + 3)) * x * x + 1);
  const before = share + 1;
  const first = fround(((a * before - 5 * a) * before + 8 * a) * before - 4 * a);
  const second = near(share);
  const third = near(1 - share);
  return [first, second, third, fround(1 - first - second - third)];
}

/** Places beyond the edges are the edge. */
function cubicTaps(from: number, to: number, step: number) {
  const place = new Int32Array(to * CUBIC_TAPS);
  const weight = new Float64Array(to * CUBIC_TAPS);
  const scale = from / to;
  for (let at = 0; at < to; at++) {
    const centre = Math.fround((at + 0.5) * scale - 0.5);
    const low = Math.floor(centre);
    cubicWeights(Math.fround(centre - low)).forEach((share, tap) => {
      place[at * CUBIC_TAPS + tap] = Math.max(0, Math.min(low - 1 + tap, from - 1)) * step;
      weight[at * CUBIC_TAPS + tap] = share;
    });
  }
  return { place, weight };
}

/** `cv2.resize(..., INTER_CUBIC)` of 8-bit images: rounded once, after both passes (OpenCV 4 also rounds its weights). */
function resampleAsOpenCvCubic(image: RgbImage, width: number, height: number): Uint8ClampedArray {
  const { data } = image;
  const columns = cubicTaps(image.width, width, CHANNELS);
  const rows = cubicTaps(image.height, height, image.width * CHANNELS);
  const result = new Uint8ClampedArray(width * height * CHANNELS);
  let out = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        let sum = 0;
        for (let down = y * CUBIC_TAPS; down < (y + 1) * CUBIC_TAPS; down++) {
          const line = rows.place[down]! + channel;
          let across = 0;
          for (let tap = x * CUBIC_TAPS; tap < (x + 1) * CUBIC_TAPS; tap++)
            across += data[line + columns.place[tap]!]! * columns.weight[tap]!;
          sum += across * rows.weight[down]!;
        }
        // Into whole levels, and those beyond 0 to 255 into the nearest.
        result[out++] = sum;
      }
    }
  }
  return result;
}

/** Weights of a triangle that is as wide as the scale when shrinking, for every target pixel of an axis. */
function triangleTaps(from: number, to: number) {
  const scale = from / to;
  const width = Math.max(scale, 1);
  const most = Math.ceil(width) * 2 + 1;
  const start = new Int32Array(to);
  const count = new Int32Array(to);
  const weight = new Int32Array(to * most);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - width + 0.5));
    const high = Math.min(from, Math.trunc(centre + width + 0.5));
    let sum = 0;
    const shares: number[] = [];
    for (let x = low; x < high; x++) {
      const share = Math.max(0, 1 - Math.abs((x - centre + 0.5) / width));
      shares.push(share);
      sum += share;
    }
    start[at] = low;
    count[at] = high - low;
    shares.forEach((share, index) => {
      weight[at * most + index] = Math.trunc(0.5 + (share / sum) * PILLOW_ONE);
    });
  }
  return { start, count, weight, most };
}

/** Pillow's weights are 22-bit whole numbers. */
const PILLOW_BITS = 22;
const PILLOW_ONE = 1 << PILLOW_BITS;

/** One pass along an axis: `length` target pixels `step` apart, for every one of `lines` lines. */
function trianglePass(
  source: Uint8Array | Uint8ClampedArray,
  target: Uint8ClampedArray,
  taps: ReturnType<typeof triangleTaps>,
  axis: { readonly length: number; readonly sourceStep: number; readonly targetStep: number },
  lines: { readonly count: number; readonly sourceStep: number; readonly targetStep: number },
): void {
  for (let line = 0; line < lines.count; line++) {
    for (let at = 0; at < axis.length; at++) {
      const count = taps.count[at]!;
      const weights = at * taps.most;
      const from = line * lines.sourceStep + taps.start[at]! * axis.sourceStep;
      const to = line * lines.targetStep + at * axis.targetStep;
      for (let channel = 0; channel < CHANNELS; channel++) {
        let sum = 1 << (PILLOW_BITS - 1);
        for (let tap = 0; tap < count; tap++) {
          sum += source[from + tap * axis.sourceStep + channel]! * taps.weight[weights + tap]!;
        }
        target[to + channel] = sum >> PILLOW_BITS;
      }
    }
  }
}

/**
 * `Image.resize(..., BILINEAR)`, and torchvision's antialiased resize of 8-bit images: along rows, rounded to whole
 * levels, then along columns. (Newest Pillow turns the order where an image grows wider and less high; what trains and
 * runs these networks does not.)
 */
function resampleAsPillow(image: RgbImage, width: number, height: number): Uint8ClampedArray {
  return resampleColumns(resampleRows(image, width), height).data;
}

interface LevelImage extends RgbImage {
  readonly data: Uint8ClampedArray;
}

/** To another width. */
function resampleRows({ data, width: from, height }: RgbImage, width: number): LevelImage {
  const result = new Uint8ClampedArray(height * width * CHANNELS);
  trianglePass(
    data,
    result,
    triangleTaps(from, width),
    { length: width, sourceStep: CHANNELS, targetStep: CHANNELS },
    { count: height, sourceStep: from * CHANNELS, targetStep: width * CHANNELS },
  );
  return { data: result, width, height };
}

/** To another height. */
function resampleColumns({ data, width, height: from }: RgbImage, height: number): LevelImage {
  const row = width * CHANNELS;
  const result = new Uint8ClampedArray(height * row);
  trianglePass(
    data,
    result,
    triangleTaps(from, height),
    { length: height, sourceStep: row, targetStep: row },
    { count: width, sourceStep: CHANNELS, targetStep: CHANNELS },
  );
  return { data: result, width, height };
}
