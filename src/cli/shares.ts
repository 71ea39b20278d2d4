/** `--split` and `--seed`. */
import type { Share } from '../core/dataset/split';
import { parseShares } from '../core/dataset/split';
import { usage } from './command';

function seedOf(text: string): number {
  const seed = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(seed) || seed < 0)
    throw usage(`--seed has to be a whole number from 0, not “${text}”.`, 'Leave it out for 0.');
  return seed;
}

/** Null where no new splits are asked for. */
export function parseSplit({
  split,
  seed,
}: {
  readonly split?: string;
  readonly seed: string;
}): { readonly shares: readonly Share[]; readonly seed: number } | null {
  if (split === undefined) return null;
  const shares = parseShares(split);
  if (shares === null)
    throw usage(
      `--split “${split}” is no list of names and shares that add up to 1.`,
      'Give it as train=0.8,val=0.2.',
    );
  return { shares, seed: seedOf(seed) };
}
