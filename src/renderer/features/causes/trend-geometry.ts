/** Where the points of the trend stand, and what has become of each cause. */
import type { BillRow, TrendPoint } from '../../../contract/diagnosis-view';

/** A part of a bar: one cause, standing on those before it and on the score. */
export interface TrendPart {
  readonly row: BillRow;
  readonly from: number;
  readonly to: number;
}

/** Of a diagnosis: the score, and on it what could be repaired. Undefined scores count as 0, as in prices. */
export function partsOf({ score, bill }: TrendPoint): TrendPart[] {
  let at = score ?? 0;
  return [...(bill ?? [])]
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .map((row) => {
      const from = at;
      at += row.share;
      return { row, from, to: at };
    });
}

/** From the lowest score to the highest top of a bill, with a little room. */
export function trendDomain(points: readonly TrendPoint[]): readonly [low: number, high: number] {
  const values = points.flatMap((point) => [
    ...(point.score === null ? [] : [point.score]),
    ...partsOf(point).map(({ to }) => to),
  ]);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.01, (high - low) * 0.1);
  return [Math.max(0, low - room), Math.min(1, high + room)];
}

export interface CauseTrend {
  readonly code: BillRow['code'];
  readonly title: string;
  /** By diagnosis; null where it was not on the bill. */
  readonly shares: readonly (number | null)[];
}

/** Every cause of these bills, those that are dearest now first, then those that are gone. */
export function causeTrends(diagnoses: readonly TrendPoint[]): CauseTrend[] {
  const titles = new Map<BillRow['code'], string>();
  for (const { bill } of diagnoses) for (const { code, title } of bill ?? []) titles.set(code, title);
  const shareOf = (point: TrendPoint, code: string): number | null => {
    const rows = point.bill?.filter((row) => row.code === code) ?? [];
    return rows.length === 0 ? null : rows.reduce((sum, { share }) => sum + share, 0);
  };
  const trends = [...titles].map(([code, title]) => ({
    code,
    title,
    shares: diagnoses.map((point) => shareOf(point, code)),
  }));
  const rank = ({ shares }: CauseTrend): number => shares.at(-1) ?? -1;
  return trends.sort((a, b) => rank(b) - rank(a));
}

/** Where a line is broken: runs of neighbouring points that have a score. */
export function scoredStretches(points: readonly TrendPoint[]): number[][] {
  const stretches: number[][] = [[]];
  points.forEach(({ score }, at) => {
    if (score === null) stretches.push([]);
    else stretches.at(-1)!.push(at);
  });
  return stretches.filter(({ length }) => length > 0);
}
