/** Which images a resample holds: drawn with replacement, the same for a seed whatever the machine or the order of work. */

/** A 32-bit generator (splitmix32): small, seeded by one number, passes the usual tests of randomness. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/** How often each place of `images` is drawn in resample number `resample`: `images` draws in all. */
export function drawImages(images: number, resample: number, seed: number): Int32Array {
  const next = generator(Math.imul(seed + 1, 0x85ebca6b) ^ Math.imul(resample + 1, 0xc2b2ae35));
  const weights = new Int32Array(images);
  for (let draw = 0; draw < images; draw++) weights[Math.floor((next() / 2 ** 32) * images)]!++;
  return weights;
}
