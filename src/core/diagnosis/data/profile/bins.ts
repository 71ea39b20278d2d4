/** Bins with round edges that both sets are counted in. */

export interface Bins {
  /** Rising; one more than there are bins. The first bin also holds what is lower, the last what is higher. */
  readonly edges: readonly number[];
  /** Whether the edges rise by a factor rather than by a difference. */
  readonly isLogarithmic: boolean;
}

const FEWEST = 10;
const MOST = 24;
/** Parts of the values left and right of the bins' range. */
const CUT = 0.005;
/** Factors between edges, in octaves. */
const OCTAVES = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32];

/** Bins over the middle 99 % of the values; those that are no number are left out. Null without values. */
export function binsFor(values: Float64Array, isLogarithmic: boolean): Bins | null {
  const known = values.filter((value) => Number.isFinite(value) && (!isLogarithmic || value > 0)).sort();
  if (known.length === 0) return null;
  const low = known[Math.floor(CUT * (known.length - 1))]!;
  const high = known[Math.ceil((1 - CUT) * (known.length - 1))]!;
  return { edges: isLogarithmic ? powerEdges(low, high) : evenEdges(low, high), isLogarithmic };
}

function powerEdges(low: number, high: number): number[] {
  const span = Math.log2(high / low);
  const octave = OCTAVES.find((own) => span / own >= FEWEST) ?? OCTAVES.at(-1)!;
  const step = span / octave > MOST ? Math.ceil(span / octave / MOST) * octave : octave;
  const first = Math.floor(Math.log2(low) / step + 1e-9);
  const last = Math.max(first + 1, Math.floor(Math.log2(high) / step + 1e-9) + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => 2 ** ((first + at) * step));
}

function evenEdges(low: number, high: number): number[] {
  const step = roundStep((high - low) / ((FEWEST + MOST) / 2)) || roundStep(Math.abs(low) / FEWEST) || 1;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.floor(high / step + 1e-9) + 1);
  // Through digits, so that edges are the numbers that they are shown as.
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** The next of 1, 2 and 5 times a power of ten; 0 for 0. */
function roundStep(step: number): number {
  if (!(step > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((digit) => digit * power >= step * (1 - 1e-9)) ?? 10);
}

/** Index of the bin; -1 for what is no number. */
export function binOf({ edges }: Bins, value: number): number {
  if (!Number.isFinite(value)) return -1;
  let bin = 0;
  while (bin < edges.length - 2 && value >= edges[bin + 1]!) bin++;
  return bin;
}
