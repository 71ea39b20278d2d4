/** Numbers logged over a training, by step (or epoch), and the few statistics that the rules read from them. */

export interface Series {
  /** Rising, without repeats. */
  readonly step: Float64Array;
  /** As logged: NaN and infinities of a training that broke down are kept. */
  readonly value: Float64Array;
  /** Seconds since 1970; null where the source does not say. */
  readonly wallTime: Float64Array | null;
}

export interface Point {
  readonly step: number;
  readonly value: number;
  readonly wallTime: number | null;
}

/**
 * Points of several files as one series: by rising step; of a step that was logged again (after a restart) the one
 * logged last stays.
 */
export function makeSeries(points: readonly Point[]): Series {
  const bySteps = new Map<number, Point>();
  for (const point of points) {
    const known = bySteps.get(point.step);
    if (!known || (point.wallTime ?? 0) >= (known.wallTime ?? 0)) bySteps.set(point.step, point);
  }
  const sorted = [...bySteps.values()].sort((a, b) => a.step - b.step);
  const hasTimes = sorted.length > 0 && sorted.every(({ wallTime }) => wallTime !== null);
  return {
    step: Float64Array.from(sorted, ({ step }) => step),
    value: Float64Array.from(sorted, ({ value }) => value),
    wallTime: hasTimes ? Float64Array.from(sorted, ({ wallTime }) => wallTime!) : null,
  };
}

export const lengthOf = ({ step }: Series): number => step.length;
export const firstStep = ({ step }: Series): number => step[0]!;
export const lastStep = ({ step }: Series): number => step.at(-1)!;

/** Points with a finite value alone. */
export function finiteOnly({ step, value, wallTime }: Series): Series {
  const kept = [...value.keys()].filter((at) => Number.isFinite(value[at]!));
  const pick = (from: Float64Array): Float64Array => Float64Array.from(kept, (at) => from[at]!);
  return { step: pick(step), value: pick(value), wallTime: wallTime && pick(wallTime) };
}

/** Sum of several series at the steps that all of them have; null where there are none. */
export function sumOf(parts: readonly Series[]): Series | null {
  const [first, ...others] = parts;
  if (!first) return null;
  const maps = others.map(({ step, value }) => new Map([...step].map((one, at) => [one, value[at]!])));
  const points = [...first.step].flatMap((step, at) => {
    const values = [first.value[at]!, ...maps.map((map) => map.get(step) ?? null)];
    if (values.includes(null)) return [];
    const value = (values as number[]).reduce((sum, one) => sum + one, 0);
    return [{ step, value, wallTime: first.wallTime?.[at] ?? null }];
  });
  return points.length > 0 ? makeSeries(points) : null;
}

/** Middle value; NaN of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Values whose steps lie in [from, to]. */
export function valuesBetween({ step, value }: Series, from: number, to: number): number[] {
  return [...value].filter((_, at) => step[at]! >= from && step[at]! <= to);
}

/** Running median over `window` points (odd), shorter at the ends: spikes leave no trace, steps stay where they are. */
export function smoothed(series: Series, window: number): Series {
  const half = window >> 1;
  const value = series.value.map((_, at) =>
    median(series.value.subarray(Math.max(0, at - half), at + half + 1)),
  );
  return { ...series, value };
}

/** A window of about a twentieth of the points, odd, from 3 to 101. */
export function windowFor(series: Series): number {
  const size = Math.round(lengthOf(series) / 20);
  return Math.min(101, Math.max(3, size | 1));
}

/** How much neighbouring values differ from what their neighbours let expect: a robust standard deviation of noise. */
export function noiseOf({ value }: Series): number {
  const bends = [...value.keys()]
    .slice(1, -1)
    .map((at) => Math.abs(value[at]! - (value[at - 1]! + value[at + 1]!) / 2));
  // A bend of independent noise has 1.5 times its variance; 1.4826 makes a standard deviation of a median deviation.
  return bends.length === 0 ? 0 : (1.4826 * median(bends)) / Math.sqrt(1.5);
}

/** Where the smallest (or largest) finite value stands; the first of equals; null of nothing finite. */
export function extreme(series: Series, which: 'lowest' | 'highest'): Point | null {
  let best: number | null = null;
  const sign = which === 'lowest' ? 1 : -1;
  for (let at = 0; at < series.value.length; at++) {
    const value = series.value[at]! * sign;
    if (Number.isFinite(value) && (best === null || value < series.value[best]! * sign)) best = at;
  }
  return best === null ? null : pointAt(series, best);
}

export function pointAt({ step, value, wallTime }: Series, at: number): Point {
  return { step: step[at]!, value: value[at]!, wallTime: wallTime?.[at] ?? null };
}

/** Median of the last `count` values. */
export const endLevel = ({ value }: Series, count = 3): number => median(value.subarray(-count));

/** By how much the middle of the last quarter of the steps lies under that of the quarter before, as a share of it. */
export function fallAtEnd(series: Series): number {
  const last = lastStep(series);
  const span = last - firstStep(series);
  const before = median(valuesBetween(series, last - span / 2, last - span / 4));
  const after = median(valuesBetween(series, last - span / 4, last));
  return (before - after) / Math.abs(before);
}
