/** Boxes that are off by one pixel: counted from 1, or sizes with the last pixel counted. */
import type { FoundCause } from '../cause';
import type { ClassMatchList } from '../classes/class-matches';
import { matchWithoutClasses } from '../classes/class-matches';
import { GROUPINGS, groupKeys } from '../image-groups';
import type { ImageGroup } from '../repair';
import type { Situation } from '../situation';
import { geometryCauses } from './geometry-causes';
import type { Side } from './overlap-screen';

/** What a shift has to be known by: matched boxes, and the standard error of their median difference in pixels. */
const FEWEST_MATCHES = 20;
const LARGEST_ERROR = 0.3;
/** How near to a whole pixel the median difference has to lie; detectors have small habits of their own. */
const NEAR = 0.48;
const MOST_GROUPS = 12;

/** `isTurned`: coordinates were turned or mirrored after they were shifted, so that the axes may differ in sign. */
export function findShift(situation: Situation, isTurned: boolean): FoundCause[] {
  const matches = matchWithoutClasses(situation);
  const shiftOf = (isWanted: ((image: number) => boolean) | null): Shift | null =>
    shiftIn(situation, matches, isWanted, isTurned);
  const all = shiftOf(null);
  if (all) return causesOf(situation, all, undefined);
  for (const by of GROUPINGS) {
    const keys = groupKeys(situation, by);
    const values = new Set(keys);
    if (values.size < 2 || values.size > MOST_GROUPS) continue;
    const shifts = [...values].flatMap((value) => {
      const shift = shiftOf((image) => keys[image] === value);
      return shift ? [{ value, shift }] : [];
    });
    const [first] = shifts;
    if (!first) continue;
    const alike = shifts.filter(
      ({ shift }) =>
        String(shift.position) === String(first.shift.position) && shift.size === first.shift.size,
    );
    return causesOf(situation, first.shift, { by, values: alike.map(({ value }) => value) });
  }
  return [];
}

interface Shift {
  readonly position: readonly [x: Pixel, y: Pixel];
  readonly size: number;
  readonly differences: readonly Median[];
}

function shiftIn(
  { truth: { annotations }, predictions: { box } }: Situation,
  matches: ClassMatchList,
  isWanted: ((image: number) => boolean) | null,
  isTurned: boolean,
): Shift | null {
  const places = [...matches.image.keys()].filter((at) => !isWanted || isWanted(matches.image[at]!));
  if (places.length < FEWEST_MATCHES) return null;
  const own = annotations.box;
  const difference = (part: number): Float64Array =>
    Float64Array.from(
      places,
      (at) => box[matches.predictionRow[at]! * 4 + part]! - own[matches.truthRow[at]! * 4 + part]!,
    );
  const alike = new Float64Array(places.length).fill(1);
  const side = (part: number): Float64Array =>
    Float64Array.from(places, (at) =>
      Math.max(LEAST_SCALE, own[matches.truthRow[at]! * 4 + 2 + (part % 2)]!),
    );
  const plain = [0, 1, 2, 3].map((part) => medianOf(difference(part), alike));
  const isKnown = plain[0]!.error <= LARGEST_ERROR && plain[1]!.error <= LARGEST_ERROR;
  const differences = isKnown ? plain : [0, 1, 2, 3].map((part) => medianOf(difference(part), side(part)));
  const [x, y, width, height] = differences as [Median, Median, Median, Median];
  const position = commonPixel(x, y) ?? (isTurned ? oppositePixels(x, y) : null);
  // Sizes that are off along one axis only are a habit of the detector.
  const size = commonPixel(width, height)?.[0] ?? 0;
  return position === null || (position[0] === 0 && size === 0) ? null : { position, size, differences };
}

function causesOf(
  situation: Situation,
  { position, size, differences }: Shift,
  group: ImageGroup | undefined,
): FoundCause[] {
  // What predictions have too much the truth may have too little.
  const side = sideOf(situation, position);
  const sign = side === 'truth' ? 1 : -1;
  const [x, y, growth] = [...position, size].map((pixel) => zeroSafe(sign * pixel)) as [Pixel, Pixel, Pixel];
  return geometryCauses(situation, {
    side,
    changes: [{ change: 'shift', by: [x, y, growth, growth] }],
    ...(group ? { group } : {}),
    before: 0,
    after: 0,
  }).map((cause) => ({ ...cause, evidence: withoutOverlap(cause.evidence, differences) }));
}

const zeroSafe = (value: number): number => (value === 0 ? 0 : value);

interface Median {
  readonly value: number;
  readonly error: number;
}

/**
 * Where all boxes together do not tell a pixel, small ones may: detectors are as many pixels off as boxes are large; not
 * less than those of this side.
 */
const LEAST_SCALE = 8;

/** Of values that scatter each as its scale says: weighted, so that those that scatter little speak the loudest. */
function medianOf(values: Float64Array, scales: Float64Array): Median {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const total = scales.reduce((sum, scale) => sum + 1 / scale, 0);
  let passed = 0;
  const middle = order.find((at) => (passed += 1 / scales[at]!) >= total / 2);
  const value = values[middle ?? 0]!;
  const parts = values.map((one, at) => (one - value) / scales[at]!).sort();
  const at = (share: number): number => parts[Math.floor(share * (parts.length - 1))]!;
  // The standard error of a median, from the quartiles of a normal distribution.
  const deviation = (at(0.75) - at(0.25)) / 1.349;
  const weight = scales.reduce((sum, scale) => sum + scale ** -2, 0);
  return { value, error: (1.253 * deviation) / Math.sqrt(weight) };
}

type Pixel = -1 | 0 | 1;

/** The whole pixel that both axes agree on, for each; null where they agree on none. */
function commonPixel(x: Median, y: Median): readonly [Pixel, Pixel] | null {
  const near = ([-1, 0, 1] as const).find((pixel) => isNear(x, pixel) && isNear(y, pixel));
  if (near === undefined) return null;
  return near !== 0 && Math.max(x.error, y.error) > LARGEST_ERROR ? null : [near, near];
}

/** A pixel on one axis and a pixel the other way on the other. */
function oppositePixels(x: Median, y: Median): readonly [Pixel, Pixel] | null {
  if (Math.max(x.error, y.error) > LARGEST_ERROR) return null;
  const near = ([-1, 1] as const).find((pixel) => isNear(x, pixel) && isNear(y, -pixel));
  return near === undefined ? null : [near, near === 1 ? -1 : 1];
}

const isNear = ({ value }: Median, pixel: number): boolean => Math.abs(value - pixel) <= NEAR;

/** As a rule nothing tells which side is at fault; boxes that begin at -1 do. */
function sideOf({ truth }: Situation, [x]: Shift['position']): Side {
  const { box } = truth.annotations;
  let least = Infinity;
  let count = 0;
  for (let offset = 0; offset < box.length; offset += 4) {
    for (const start of [box[offset]!, box[offset + 1]!]) {
      if (start < least) least = start;
      if (start === -1) count++;
    }
  }
  return x > 0 && least === -1 && count >= 3 ? 'truth' : 'predictions';
}

function withoutOverlap(
  evidence: FoundCause['evidence'],
  differences: readonly Median[],
): FoundCause['evidence'] {
  const rest = Object.fromEntries(Object.entries(evidence).filter(([key]) => !key.startsWith('overlap')));
  return { ...rest, medianDifferences: differences.map(({ value }) => value) };
}
