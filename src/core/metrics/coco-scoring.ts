import type { ClassMatches } from '../matching/class-matches';
import type { MatchRule } from '../matching/match-rule';
import type { MatchTable } from '../matching/match-table';
import type { ClassPredictions } from '../matching/prediction-table';
import { CocoAccumulator, type CocoClassSummary } from './coco-accumulate';
import { cocoClassMetrics, cocoMetrics, type CocoScheme, meanPrecision } from './coco-metrics';
import type { ClassCurve, CocoArrays, CocoParameters, NamedArrays } from './evaluation';
import { COCO_RECALL_POINTS } from './grids';
import { COCO_AREA_RANGES, cocoParameters, cocoRule } from './parameters';
import type { ProtocolScoring } from './protocol-scoring';

type Cells = 'precision' | 'recall' | 'scores';
const POINTS = COCO_RECALL_POINTS.length;

/** The COCO protocol. Throws `BadInput` where parameters are out of bounds. */
export class CocoScoring implements ProtocolScoring<CocoClassSummary> {
  readonly rule: MatchRule;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly scheme: CocoScheme;
  readonly #accumulator: CocoAccumulator;
  /** Area ranges asked for; one more is evaluated where `all` is not among them. */
  readonly #ownRanges: number;

  constructor(given: Partial<CocoParameters>) {
    const parameters = cocoParameters(given);
    const names = Object.keys(parameters.areaRanges);
    this.#ownRanges = names.length;
    if (!names.includes('all')) names.push('all');
    const ranges = names.map((name) => parameters.areaRanges[name] ?? COCO_AREA_RANGES.all!);
    const allRange = names.indexOf('all');
    this.rule = cocoRule(parameters, ranges, allRange);
    this.parameters = { ...parameters };
    this.scheme = {
      thresholds: parameters.iou,
      rangeNames: names,
      allRange,
      limits: parameters.maxDetections,
    };
    this.#accumulator = new CocoAccumulator({
      thresholds: parameters.iou.length,
      ranges: names.length,
      limits: parameters.maxDetections,
    });
  }

  summarize(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): CocoClassSummary {
    return this.#accumulator.accumulate(predictions, matches, score, null);
  }

  summarizeHeadline(
    predictions: ClassPredictions,
    matches: ClassMatches,
    score: Float64Array,
  ): CocoClassSummary {
    return this.#accumulator.accumulate(predictions, matches, score, null, this.scheme.allRange);
  }

  headline(classes: readonly CocoClassSummary[]): number | null {
    return meanPrecision(this.scheme, classes, this.scheme.allRange);
  }

  metrics(classes: readonly CocoClassSummary[]): Record<string, number | null> {
    return cocoMetrics(this.scheme, classes);
  }

  classMetrics(summary: CocoClassSummary): ReturnType<typeof cocoClassMetrics> {
    return cocoClassMetrics(this.scheme, summary);
  }

  arrays(table: MatchTable): NamedArrays & Record<Cells, NamedArrays[string]> {
    const { shapes, ...cells } = this.#cells(table);
    const named = (name: Cells) => ({ data: cells[name], shape: shapes[name] });
    return { precision: named('precision'), recall: named('recall'), scores: named('scores') };
  }

  #cells(table: MatchTable): CocoArrays {
    const { thresholds, limits } = this.scheme;
    const tail = [table.classCount, this.#ownRanges, limits.length];
    const shapes = {
      precision: [thresholds.length, POINTS, ...tail],
      recall: [thresholds.length, ...tail],
      scores: [thresholds.length, POINTS, ...tail],
    };
    const arrays: CocoArrays = {
      precision: undefinedCells(shapes.precision),
      recall: undefinedCells(shapes.recall),
      scores: undefinedCells(shapes.scores),
      shapes,
    };
    for (let klass = 0; klass < table.classCount; klass++) this.#fillClass(table, klass, arrays);
    return arrays;
  }

  /** Precision at the recall points, at the first threshold, all sizes, the largest limit. */
  curve(table: MatchTable, klass: number): Omit<ClassCurve, 'id'> {
    const curve = { recall: [] as number[], precision: [] as number[], score: [] as (number | null)[] };
    const { allRange, limits } = this.scheme;
    this.#accumulate(table, klass, (threshold, range, limit, precision, score) => {
      if (threshold !== 0 || range !== allRange || limit !== limits.length - 1) return;
      curve.recall.push(...COCO_RECALL_POINTS);
      curve.precision.push(...precision);
      // A point that is not reached has precision 0 and no score.
      precision.forEach((value, index) => curve.score.push(value > 0 ? score[index]! : null));
    });
    return curve;
  }

  #accumulate(table: MatchTable, klass: number, sink: Parameters<CocoAccumulator['accumulate']>[3]) {
    const predictions = table.predictions.classes[klass]!;
    return this.#accumulator.accumulate(predictions, table.matches(klass), table.columns.score, sink);
  }

  #fillClass(table: MatchTable, klass: number, arrays: CocoArrays): void {
    const ranges = this.#ownRanges;
    const limits = this.scheme.limits.length;
    const classes = table.classCount;
    const place = (row: number, range: number, limit: number) =>
      ((row * classes + klass) * ranges + range) * limits + limit;
    const summary = this.#accumulate(table, klass, (threshold, range, limit, precision, score) => {
      if (range >= ranges) return;
      for (let point = 0; point < POINTS; point++) {
        const cell = place(threshold * POINTS + point, range, limit);
        arrays.precision[cell] = precision[point]!;
        arrays.scores[cell] = score[point]!;
      }
    });
    const allRanges = this.scheme.rangeNames.length;
    for (let threshold = 0; threshold < this.scheme.thresholds.length; threshold++) {
      for (let range = 0; range < ranges; range++) {
        if (summary.positives[range] === 0) continue;
        for (let limit = 0; limit < limits; limit++) {
          const source = (threshold * allRanges + range) * limits + limit;
          arrays.recall[place(threshold, range, limit)] = summary.recall[source]!;
        }
      }
    }
  }
}

function undefinedCells(shape: readonly number[]): Float64Array {
  return new Float64Array(shape.reduce((size, length) => size * length, 1)).fill(-1);
}
