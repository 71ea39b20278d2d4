/**
 * Two classes that are exchanged in some images, which have nothing else in common. A model that takes one class for the
 * other errs object by object; where a label map was at fault, all objects of the two in an image are exchanged, or none.
 */
import type { ClassMatchList } from './class-matches';

export interface Exchange {
  /** Indices of the truth's classes. */
  readonly classes: readonly [number, number];
  /** Indices of the images in which they are exchanged. */
  readonly images: readonly number[];
}

/** Matches of the two classes in one image. */
interface Cell {
  readonly image: number;
  right: number;
  exchanged: number;
}

/** Matches exchanged each way, and images exchanged as a whole. */
const FEWEST_EACH_WAY = 3;
const FEWEST_IMAGES = 3;
/** Pairs that are looked at, those with most exchanged matches. */
const MOST_PAIRS = 30;
/** How much likelier whole images have to be than single objects: a factor of e to this, beyond that of the pairs tried. */
const LEAST_EVIDENCE = 6;
/** Shares of objects that a model takes for the other class, and of images that are exchanged, which are tried. */
const MISTAKEN = [0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3] as const;
const PARTS = [0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 0.9] as const;

/** `now`: by named class, the truth's class that it joined, or -1. */
export function findExchange(matches: ClassMatchList, now: Int32Array): Exchange | null {
  const pairs = likelyPairs(matches, now);
  let best: { exchange: Exchange; evidence: number } | null = null;
  for (const classes of pairs) {
    const cells = cellsOf(matches, now, classes);
    const mixture = bestMixture(cells);
    const evidence = mixture.likelihood - independent(cells) - Math.log(pairs.length);
    const images = cells.filter((cell) => isExchanged(cell, mixture)).map(({ image }) => image);
    if (evidence < LEAST_EVIDENCE || images.length < FEWEST_IMAGES) continue;
    if (!best || evidence > best.evidence) best = { exchange: { classes, images }, evidence };
  }
  return best?.exchange ?? null;
}

function likelyPairs({ named, truth }: ClassMatchList, now: Int32Array): [number, number][] {
  const counts = new Map<string, number>();
  named.forEach((row, at) => {
    const own = now[row]!;
    if (own >= 0 && own !== truth[at])
      counts.set(`${own} ${truth[at]}`, (counts.get(`${own} ${truth[at]}`) ?? 0) + 1);
  });
  return [...counts]
    .map(([key, count]) => {
      const [from, to] = key.split(' ').map(Number) as [number, number];
      return { from, to, least: Math.min(count, counts.get(`${to} ${from}`) ?? 0) };
    })
    .filter(({ from, to, least }) => from < to && least >= FEWEST_EACH_WAY)
    .sort((a, b) => b.least - a.least)
    .slice(0, MOST_PAIRS)
    .map(({ from, to }) => [from, to]);
}

function cellsOf(
  { image, named, truth }: ClassMatchList,
  now: Int32Array,
  [a, b]: readonly [number, number],
): Cell[] {
  const cells = new Map<number, Cell>();
  image.forEach((own, at) => {
    const [predicted, real] = [now[named[at]!]!, truth[at]!];
    if ((predicted !== a && predicted !== b) || (real !== a && real !== b)) return;
    const cell = cells.get(own) ?? { image: own, right: 0, exchanged: 0 };
    if (predicted === real) cell.right++;
    else cell.exchanged++;
    cells.set(own, cell);
  });
  return [...cells.values()];
}

/** Log likelihood where each object is mistaken for itself. */
function independent(cells: readonly Cell[]): number {
  const right = cells.reduce((sum, cell) => sum + cell.right, 0);
  const exchanged = cells.reduce((sum, cell) => sum + cell.exchanged, 0);
  const share = Math.min(exchanged / (right + exchanged), 1 - 1e-9);
  return right * Math.log(1 - share) + exchanged * Math.log(share);
}

interface Mixture {
  readonly mistaken: number;
  readonly part: number;
  readonly likelihood: number;
}

/** Where a part of the images is exchanged as a whole, at the shares that fit best. */
function bestMixture(cells: readonly Cell[]): Mixture {
  let best: Mixture = { mistaken: 0, part: 0, likelihood: -Infinity };
  for (const mistaken of MISTAKEN)
    for (const part of PARTS) {
      const likelihood = cells.reduce((sum, cell) => {
        const { whole, single } = likelihoods(cell, mistaken, part);
        return sum + Math.log(whole + single);
      }, 0);
      if (likelihood > best.likelihood) best = { mistaken, part, likelihood };
    }
  return best;
}

function likelihoods({ right, exchanged }: Cell, mistaken: number, part: number) {
  return {
    whole: part * mistaken ** right * (1 - mistaken) ** exchanged,
    single: (1 - part) * mistaken ** exchanged * (1 - mistaken) ** right,
  };
}

function isExchanged(cell: Cell, { mistaken, part }: Mixture): boolean {
  const { whole, single } = likelihoods(cell, mistaken, part);
  return whole > single;
}
