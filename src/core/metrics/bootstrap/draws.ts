/** Which images a resample holds: drawn with replacement, the same for a seed whatever the machine or the order of work. */

import { randomBits } from '../../foundation/random';

/** How often each place of `images` is drawn in resample number `resample`: `images` draws in all. */
export function drawImages(images: number, resample: number, seed: number): Int32Array {
  const next = randomBits(Math.imul(seed + 1, 0x85ebca6b) ^ Math.imul(resample + 1, 0xc2b2ae35));
  const weights = new Int32Array(images);
  for (let draw = 0; draw < images; draw++) weights[Math.floor((next() / 2 ** 32) * images)]!++;
  return weights;
}
