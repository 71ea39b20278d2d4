/** Splits the images of a truth into subsets at random, the same for the same seed on every machine. */
import { compareBytes } from '../formats/names';
import type { Truth } from './dataset';

export interface Share {
  readonly name: string;
  /** Of the images, above 0; all together 1. */
  readonly share: number;
}

/** `train=0.8,val=0.2`; null where it is no list of names and shares that add up to 1. */
export function parseShares(text: string): Share[] | null {
  const shares = text.split(',').map((part): Share => {
    const [name = '', share = ''] = part.split('=').map((piece) => piece.trim());
    return { name, share: share === '' ? NaN : Number(share) };
  });
  const sum = shares.reduce((total, { share }) => total + share, 0);
  const isUsable =
    shares.every(({ name, share }) => /^[\w.-]+$/.test(name) && share > 0) &&
    new Set(shares.map(({ name }) => name)).size === shares.length &&
    Math.abs(sum - 1) < 1e-9;
  return isUsable ? shares : null;
}

/** Numbers in [0, 1) by Mulberry32 (Tommy Ettinger, public domain). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Images a share: rounded down, and what is left to the largest remainders. */
function countsOf(total: number, shares: readonly Share[]): number[] {
  const exact = shares.map(({ share }) => share * total);
  const counts = exact.map(Math.floor);
  const byRemainder = [...exact.keys()].sort((a, b) => (exact[b]! % 1) - (exact[a]! % 1) || a - b);
  for (let left = total - counts.reduce((sum, count) => sum + count, 0), at = 0; left > 0; left--, at++)
    counts[byRemainder[at % byRemainder.length]!]!++;
  return counts;
}

/** The truth with these subsets in place of its own. */
export function splitImages(truth: Truth, shares: readonly Share[], seed: number): Truth {
  const order = [...truth.images.keys()].sort((a, b) =>
    compareBytes(truth.images[a]!.fileName, truth.images[b]!.fileName),
  );
  const next = random(seed);
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  let from = 0;
  const counts = countsOf(order.length, shares);
  return {
    ...truth,
    subsets: shares.map(({ name }, index) => {
      const images = Int32Array.from(order.slice(from, from + counts[index]!)).sort();
      from += counts[index]!;
      return { name, images };
    }),
  };
}
