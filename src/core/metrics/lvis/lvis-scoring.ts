import { FLAG_IGNORE } from '../../dataset/dataset';
import type { Category, Frequency } from '../../dataset/dataset';
import type { ClassMatches } from '../../matching/class-matches';
import type { MatchRule } from '../../matching/match-rule';
import type { MatchTable } from '../../matching/match-table';
import type { ClassPredictions } from '../../matching/prediction-table';
import type { CocoClassSummary } from '../coco-accumulate';
import { meanPrecision, meanRecall } from '../coco-metrics';
import { CocoScoring } from '../coco-scoring';
import type { ClassCurve, ClassScores, LvisParameters, NamedArrays } from '../evaluation';
import type { ProtocolScoring } from '../protocol-scoring';

/** Names of the package's keys; own ranges keep theirs. */
const RANGE_LETTERS: Readonly<Record<string, string>> = { small: 's', medium: 'm', large: 'l' };
const FREQUENCIES: readonly Frequency[] = ['r', 'c', 'f'];

/** How LVIS matches: as COCO, except that crowds are ordinary boxes and a truth's own `ignore` is obeyed. */
const LVIS_RULE: Partial<MatchRule> = { ignoreFlags: FLAG_IGNORE, crowdFlags: 0 };

/**
 * LVIS v1 on what `lvisInput` left: COCO's cells at one limit, means by frequency, the package's keys. Throws `BadInput`
 * where parameters are out of bounds.
 */
export class LvisScoring implements ProtocolScoring<CocoClassSummary> {
  readonly rule: MatchRule;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly #coco: CocoScoring;
  readonly #categories: readonly Category[];
  readonly #limit: number;

  constructor(parameters: LvisParameters, categories: readonly Category[]) {
    this.#coco = new CocoScoring({ ...parameters, classAgnostic: false });
    this.#categories = categories;
    this.#limit = parameters.maxDetections[0]!;
    this.rule = { ...this.#coco.rule, ...LVIS_RULE };
    this.parameters = { ...parameters };
  }

  summarize(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): CocoClassSummary {
    return this.#coco.summarize(predictions, matches, score);
  }

  headline(classes: readonly CocoClassSummary[]): number | null {
    return this.#coco.headline(classes);
  }

  metrics(classes: readonly CocoClassSummary[]): Record<string, number | null> {
    const { scheme } = this.#coco;
    const { allRange } = scheme;
    const own = scheme.rangeNames.flatMap((name, range) =>
      range === allRange ? [] : [{ key: RANGE_LETTERS[name] ?? name, range }],
    );
    const metrics: Record<string, number | null> = {
      AP: meanPrecision(scheme, classes, allRange),
      AP50: meanPrecision(scheme, classes, allRange, 0.5),
      AP75: meanPrecision(scheme, classes, allRange, 0.75),
    };
    for (const { key, range } of own) metrics[`AP${key}`] = meanPrecision(scheme, classes, range);
    for (const frequency of FREQUENCIES)
      metrics[`AP${frequency}`] = meanPrecision(scheme, this.#ofFrequency(classes, frequency), allRange);
    metrics[`AR@${this.#limit}`] = meanRecall(scheme, classes, allRange, 0);
    for (const { key, range } of own)
      metrics[`AR${key}@${this.#limit}`] = meanRecall(scheme, classes, range, 0);
    return metrics;
  }

  classMetrics(summary: CocoClassSummary, klass: number): Partial<ClassScores> & Pick<ClassScores, 'AP'> {
    return {
      ...this.#coco.classMetrics(summary),
      frequency: this.#categories[klass]!.frequency ?? null,
    };
  }

  /** The package's arrays have neither scores nor an axis of limits. */
  arrays(table: MatchTable): NamedArrays {
    const { precision, recall } = this.#coco.arrays(table);
    return Object.fromEntries(
      Object.entries({ precision, recall }).map(([name, { data, shape }]) => [
        name,
        { data, shape: shape.slice(0, -1) },
      ]),
    );
  }

  curve(table: MatchTable, klass: number): Omit<ClassCurve, 'id'> {
    return this.#coco.curve(table, klass);
  }

  #ofFrequency(classes: readonly CocoClassSummary[], frequency: Frequency): CocoClassSummary[] {
    return classes.filter((_, klass) => this.#categories[klass]!.frequency === frequency);
  }
}
