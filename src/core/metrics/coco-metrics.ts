import type { ClassScores } from './evaluation';
import type { CocoClassSummary } from './coco-accumulate';
import { COCO_RECALL_POINTS } from './grids';

/** What the numbers are called and which cells they are means of. */
export interface CocoScheme {
  readonly thresholds: readonly number[];
  readonly rangeNames: readonly string[];
  /** The range of AP, AP50, AP75 and AR by limit. */
  readonly allRange: number;
  /** Rising. */
  readonly limits: readonly number[];
}

/**
 * pycocotools' `summarize`, with undefined numbers null. Unlike it, AP is taken at the largest limit whatever that is
 * (pycocotools asks for 100 and prints -1 otherwise).
 */
export function cocoMetrics(
  scheme: CocoScheme,
  classes: readonly CocoClassSummary[],
): Record<string, number | null> {
  const { rangeNames, allRange, limits } = scheme;
  const last = limits.length - 1;
  const own = rangeNames.map((name, range) => ({ name, range })).filter(({ range }) => range !== allRange);
  const metrics: Record<string, number | null> = {
    AP: meanPrecision(scheme, classes, allRange),
    AP50: meanPrecision(scheme, classes, allRange, 0.5),
    AP75: meanPrecision(scheme, classes, allRange, 0.75),
  };
  for (const { name, range } of own) metrics[`AP${name}`] = meanPrecision(scheme, classes, range);
  limits.forEach((value, limit) => (metrics[`AR${value}`] = meanRecall(scheme, classes, allRange, limit)));
  for (const { name, range } of own) metrics[`AR${name}`] = meanRecall(scheme, classes, range, last);
  return metrics;
}

/** The class table's numbers: AP, AP50, AP75, AR100, and AR at the largest limit where that is another. */
export function cocoClassMetrics(
  scheme: CocoScheme,
  summary: CocoClassSummary,
): Pick<ClassScores, 'AP' | 'AP50' | 'AP75' | 'AR100' | `AR${number}`> {
  const { allRange, limits } = scheme;
  const last = limits.length - 1;
  const hundred = limits.indexOf(100);
  return {
    AP: meanPrecision(scheme, [summary], allRange),
    AP50: meanPrecision(scheme, [summary], allRange, 0.5),
    AP75: meanPrecision(scheme, [summary], allRange, 0.75),
    AR100: hundred < 0 ? null : meanRecall(scheme, [summary], allRange, hundred),
    ...(hundred === last ? {} : { [`AR${limits[last]!}`]: meanRecall(scheme, [summary], allRange, last) }),
  };
}

/** Mean precision at the largest limit over classes with positives; at one threshold or over all. */
export function meanPrecision(
  scheme: CocoScheme,
  classes: readonly CocoClassSummary[],
  range: number,
  threshold?: number,
): number | null {
  const chosen = thresholdIndices(scheme.thresholds, threshold);
  const ranges = scheme.rangeNames.length;
  let total = 0;
  let cells = 0;
  for (const { positives, precisionSum } of classes) {
    if (positives[range] === 0) continue;
    for (const index of chosen) total += precisionSum[index * ranges + range]!;
    cells += chosen.length * COCO_RECALL_POINTS.length;
  }
  return cells === 0 ? null : total / cells;
}

/** Mean recall at a limit over classes with positives and all thresholds. */
export function meanRecall(
  scheme: CocoScheme,
  classes: readonly CocoClassSummary[],
  range: number,
  limit: number,
): number | null {
  const { thresholds, rangeNames, limits } = scheme;
  let total = 0;
  let cells = 0;
  for (const { positives, recall } of classes) {
    if (positives[range] === 0) continue;
    for (let index = 0; index < thresholds.length; index++) {
      total += recall[(index * rangeNames.length + range) * limits.length + limit]!;
    }
    cells += thresholds.length;
  }
  return cells === 0 ? null : total / cells;
}

/** Own grids may reach 0.75 with another last bit. */
const SAME_THRESHOLD = 1e-9;

function thresholdIndices(thresholds: readonly number[], wanted: number | undefined): number[] {
  return thresholds.flatMap((threshold, index) =>
    wanted === undefined || Math.abs(threshold - wanted) < SAME_THRESHOLD ? [index] : [],
  );
}
