// Seeded random numbers (mulberry32), so that the sample project is the same wherever it is made.

/**
 * @param {number} seed whole number
 * @returns {{next(): number, between(low: number, high: number): number, normal(): number, pick<T>(list: T[]): T}}
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    /** Mean 0, standard deviation about 1: the sum of twelve uniform numbers, good to three deviations. */
    normal: () => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += next();
      return sum;
    },
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}
