/** Whether two samples of independent values come from one distribution. */

export interface TwoSampleTest {
  /** Largest distance of the two cumulative distributions, 0 to 1. */
  readonly distance: number;
  readonly probability: number;
}

/** Kolmogorov and Smirnov's test, with Stephens' correction for small samples (as in Numerical Recipes, 14.3). */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array): TwoSampleTest {
  if (a.length === 0 || b.length === 0) return { distance: 0, probability: 1 };
  const first = a.slice().sort();
  const second = b.slice().sort();
  let distance = 0;
  let i = 0;
  let j = 0;
  while (i < first.length && j < second.length) {
    const value = Math.min(first[i]!, second[j]!);
    while (i < first.length && first[i]! <= value) i++;
    while (j < second.length && second[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / first.length - j / second.length));
  }
  const root = Math.sqrt((first.length * second.length) / (first.length + second.length));
  return { distance, probability: tail((root + 0.12 + 0.11 / root) * distance) };
}

function tail(lambda: number): number {
  if (lambda < 0.3) return 1;
  let sum = 0;
  for (let term = 1; term <= 100; term++) {
    const part = Math.exp(-2 * lambda * lambda * term * term);
    sum += term % 2 === 1 ? part : -part;
    if (part < 1e-12) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Probability that two shares differ so much by accident: the pooled z test, two-sided. */
export function proportionTest(hits: number, of: number, otherHits: number, otherOf: number): number {
  const pooled = (hits + otherHits) / (of + otherOf);
  const variance = pooled * (1 - pooled) * (1 / of + 1 / otherOf);
  if (!(variance > 0)) return 1;
  return normalTail(Math.abs(hits / of - otherHits / otherOf) / Math.sqrt(variance));
}

/** Both tails of the normal distribution (complementary error function of Numerical Recipes, 6.2.2; error below 1.2e-7 of it). */
function normalTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const terms = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368,
  ];
  const sum = terms.reduce((value, term) => value * t + term, 0);
  return t * Math.exp(-x * x - 1.26551223 + t * sum);
}
