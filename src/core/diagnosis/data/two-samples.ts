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
