/**
 * Pictures that two sets share although their files differ: resized, compressed again, a little brighter. Each is squeezed
 * to 16 × 16 grey levels; two are the same where these correlate by 0.97. Other pictures of one kind stay far below (0.76
 * at most among 364 blood smears), resized and compressed ones above (0.99).
 */
import type { ImageFacts, ImagePrint } from '../situation';

const LEAST_CORRELATION = 0.97;
const SIDE = 16;
/** Grey levels (standard deviation): flatter pictures are all alike. */
const LEAST_CONTRAST = 3;
/** How far the shapes of the pictures may differ, as a factor: rounding of a small size. */
const SAME_SHAPE = 1.04;
/** Of the 64 bits of the sketch: same pictures differ in fewer, and few others do. */
const MOST_BITS = 16;

export interface NearDuplicate {
  /** Index of the image in the evaluation set, and of the one most like it in the training set. */
  readonly image: number;
  readonly twin: number;
  /** 0.97 to 1. */
  readonly correlation: number;
}

interface Sketch {
  readonly image: number;
  /** Zero mean, unit length. */
  readonly pattern: Float32Array;
  /** 8 × 8 signs of the pattern: two words of 32 bits. */
  readonly high: number;
  readonly low: number;
  /** Width / height; null where the size is not known. */
  readonly shape: number | null;
}

type Facts = readonly (ImageFacts | null)[] | null;

/** Images of the evaluation set with a twin in the training set, in order. */
export function nearDuplicates(evaluation: Facts, train: Facts): readonly NearDuplicate[] {
  const known = sketches(train);
  return sketches(evaluation).flatMap((sketch) => {
    let best: NearDuplicate | null = null;
    for (const other of known) {
      if (bitsApart(sketch, other) > MOST_BITS || !haveOneShape(sketch, other)) continue;
      const correlation = dot(sketch.pattern, other.pattern);
      if (correlation >= LEAST_CORRELATION && correlation > (best?.correlation ?? 0))
        best = { image: sketch.image, twin: other.image, correlation };
    }
    return best ? [best] : [];
  });
}

function sketches(facts: Facts): Sketch[] {
  return (facts ?? []).flatMap((one, image) => {
    const pattern = one?.print ? patternOf(one.print) : null;
    if (!one || !pattern) return [];
    const { width, height } = one;
    return [{ image, pattern, ...signsOf(pattern), shape: width && height ? width / height : null }];
  });
}

function patternOf(print: ImagePrint): Float32Array | null {
  const mean = print.reduce((sum, level) => sum + level, 0) / print.length;
  const pattern = Float32Array.from(print, (level) => level - mean);
  const length = Math.sqrt(dot(pattern, pattern));
  if (length < LEAST_CONTRAST * SIDE) return null;
  return pattern.map((value) => value / length);
}

function signsOf(pattern: Float32Array): { readonly high: number; readonly low: number } {
  const words: [number, number] = [0, 0];
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++) {
      const at = y * 2 * SIDE + x * 2;
      const sum = pattern[at]! + pattern[at + 1]! + pattern[at + SIDE]! + pattern[at + SIDE + 1]!;
      if (sum > 0) words[y >> 2]! |= 1 << ((y & 3) * 8 + x);
    }
  return { high: words[0], low: words[1] };
}

function haveOneShape(a: Sketch, b: Sketch): boolean {
  if (a.shape === null || b.shape === null) return true;
  return Math.max(a.shape, b.shape) <= Math.min(a.shape, b.shape) * SAME_SHAPE;
}

const bitsApart = (a: Sketch, b: Sketch): number => bitsIn(a.high ^ b.high) + bitsIn(a.low ^ b.low);

/** Set bits of a 32-bit word (Hacker's Delight, 5-1). */
function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
