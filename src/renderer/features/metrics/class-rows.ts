/** The table of classes: its columns, its order, and what is copied of it. */
import type { CategorySummary } from '../../../contract/view-types';
import type { MetricsAnalysis, PointIntervals, ScoreIntervals } from '../../../contract/metrics-view';
import type { ClassScores } from '../../../core/metrics/evaluation';
import type { Cell } from '../scores/csv';

export interface ClassRow {
  readonly id: number;
  readonly name: string;
  readonly truth: number;
  readonly AP: number | null;
  readonly interval: readonly [number, number] | null;
  readonly AP50: number | null;
  readonly AP75: number | null;
  readonly AR100: number | null;
  readonly precision: number | null;
  readonly precisionInterval: readonly [number, number] | null;
  readonly recall: number | null;
  readonly recallInterval: readonly [number, number] | null;
  readonly f1: number | null;
  readonly f1Interval: readonly [number, number] | null;
  readonly bestF1: number | null;
  readonly bestAt: number | null;
  readonly falsePositives: number;
  readonly misses: number;
}

export type SortKey = 'name' | 'truth' | 'AP' | 'AP50' | 'AP75' | 'precision' | 'recall' | 'f1' | 'bestAt';

export interface ClassSort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

export function classRows(
  analysis: MetricsAnalysis,
  scores: readonly ClassScores[],
  categories: readonly CategorySummary[],
  intervals: ScoreIntervals | null,
  pointIntervals: PointIntervals | null,
): ClassRow[] {
  const scoreOf = new Map(scores.map((row) => [row.id, row]));
  return analysis.classes.map(({ id, counts, precision, recall, f1, best }) => {
    const score = scoreOf.get(id);
    const ends = pointIntervals?.classes[id];
    return {
      id,
      name: categories.find((category) => category.id === id)?.name ?? String(id),
      truth: counts.truePositives + counts.misses,
      AP: score?.AP ?? null,
      interval: intervals?.classes[id] ?? null,
      AP50: score?.AP50 ?? null,
      AP75: score?.AP75 ?? null,
      AR100: score?.AR100 ?? null,
      precision,
      precisionInterval: ends?.precision ?? null,
      recall,
      recallInterval: ends?.recall ?? null,
      f1,
      f1Interval: ends?.f1 ?? null,
      bestF1: best?.f1 ?? null,
      bestAt: best?.score ?? null,
      falsePositives: counts.falsePositives,
      misses: counts.misses,
    };
  });
}

/** Undefined numbers stand last, whichever way; equal ones keep the classes' order. */
export function sortRows(rows: readonly ClassRow[], { key, isDescending }: ClassSort): ClassRow[] {
  const direction = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [first, second] = [a[key], b[key]];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    if (typeof first === 'string') return direction * first.localeCompare(String(second), 'en');
    return direction * (first - Number(second));
  });
}

/** `protocol` and `point` name what the numbers are of. */
export function classTable(
  rows: readonly ClassRow[],
  about: { readonly protocol: string; readonly iou: number; readonly score: number },
): readonly (readonly Cell[])[] {
  const head = [
    'protocol',
    'class',
    'truth',
    'AP',
    'AP low',
    'AP high',
    'AP50',
    'AP75',
    'AR100',
    'IoU',
    'confidence',
    'precision',
    'precision low',
    'precision high',
    'recall',
    'recall low',
    'recall high',
    'F1',
    'F1 low',
    'F1 high',
    'best F1',
    'at confidence',
    'false positives',
    'misses',
  ];
  const ends = (interval: readonly [number, number] | null): readonly Cell[] => interval ?? [null, null];
  return [
    head,
    ...rows.map((row) => [
      about.protocol,
      row.name,
      row.truth,
      row.AP,
      ...ends(row.interval),
      row.AP50,
      row.AP75,
      row.AR100,
      about.iou,
      about.score,
      row.precision,
      ...ends(row.precisionInterval),
      row.recall,
      ...ends(row.recallInterval),
      row.f1,
      ...ends(row.f1Interval),
      row.bestF1,
      row.bestAt,
      row.falsePositives,
      row.misses,
    ]),
  ];
}
