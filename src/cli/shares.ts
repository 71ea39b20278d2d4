/** `--split` and `--seed`. */
import type { Share } from '../core/dataset/split';
import { usage } from './command';

/** Throws `BadInput` where the text is no list of shares that add up to 1. */
function parseShares(text: string): Share[] {
  const shares = text.split(',').map((part): Share => {
    const [name = '', share = ''] = part.split('=').map((piece) => piece.trim());
    return { name, share: share === '' ? NaN : Number(share) };
  });
  const sum = shares.reduce((total, { share }) => total + share, 0);
  const isUsable =
    shares.every(({ name, share }) => /^[\w.-]+$/.test(name) && share > 0) &&
    new Set(shares.map(({ name }) => name)).size === shares.length &&
    Math.abs(sum - 1) < 1e-9;
  if (!isUsable)
    throw usage(
      `--split “${text}” is no list of names and shares that add up to 1.`,
      'Give it as train=0.8,val=0.2.',
    );
  return shares;
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(seed) || seed < 0)
    throw usage(`--seed has to be a whole number from 0, not “${text}”.`, 'Leave it out for 0.');
  return seed;
}

/** Null where no new splits are asked for. */
export const parseSplit = (options: {
  readonly split?: string;
  readonly seed: string;
}): { readonly shares: Share[]; readonly seed: number } | null =>
  options.split === undefined ? null : { shares: parseShares(options.split), seed: seedOf(options.seed) };
