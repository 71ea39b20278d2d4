import { FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_UNSEEN } from '../../dataset/dataset';
import type { ClassMatches } from '../../matching/class-matches';
import type { MatchRule } from '../../matching/match-rule';
import type { MatchTable } from '../../matching/match-table';
import type { ClassPredictions } from '../../matching/prediction-table';
import type { ClassCurve, ClassScores, ObjectDetectionApiParameters, ScoringInput } from '../evaluation';
import type { ProtocolScoring } from '../protocol-scoring';
import {
  averagePrecision,
  type Bounds,
  curveOf,
  type Entries,
  hasTies,
  meanOf,
  pooled,
} from './average-precision';
import { type ClassAtThreshold, classEntries, statesByPosition } from './class-entries';
import { type CorrectLocalisation, correctLocalisation } from './correct-localisation';
import { type MetricKeys, metricKeys } from './metric-keys';
import { isOpenImages, ownParameters, type PascalFamilyProtocol } from './parameters';
import { addMeanBounds, averageBounds, corLocBounds, entryBounds } from './tie-bounds';

/** Predictions of one class in one image that are looked at (the sorting step keeps no more). */
const MOST_PREDICTIONS = 10_000;
/** Predictions with this score or less are lost in the same step. */
const SCORE_FLOOR = -10;

/** One class at one threshold. */
export interface ThresholdSummary {
  readonly AP: number | null;
  /** Bounds of AP; null where no scores tie. */
  readonly bounds: Bounds | null;
  /** Only where classes are pooled. */
  readonly entries: Entries | null;
  readonly corLoc: CorrectLocalisation | null;
}

export interface PascalClassSummary {
  /** Truth that counts: boxes, padding, and group-of boxes by their weight. */
  readonly truth: number;
  /** By threshold. */
  readonly thresholds: readonly ThresholdSummary[];
}

type Metrics = Record<string, number | null>;
type Ties = Record<string, Bounds>;

/** `ObjectDetectionEvaluator` and its children: Pascal, weighted Pascal, precision at recall, Open Images. */
export class PascalFamilyScoring implements ProtocolScoring<PascalClassSummary> {
  readonly rule: MatchRule;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly #protocol: PascalFamilyProtocol;
  readonly #options: ObjectDetectionApiParameters;
  readonly #keys: readonly MetricKeys[];
  readonly #listed: readonly { readonly klass: number; readonly name: string }[];

  /** `options` are checked; `input` is the dataset as the protocol sees it. */
  constructor(protocol: PascalFamilyProtocol, options: ObjectDetectionApiParameters, input: ScoringInput) {
    this.#protocol = protocol;
    this.#options = options;
    this.rule = pascalFamilyRule(protocol, options.iou);
    this.parameters = { ...ownParameters(protocol, options) };
    this.#keys = options.iou.map((iou) => metricKeys(protocol, iou, options.recallBounds));
    this.#listed = input.categories.flatMap(({ name, isUnlisted }, klass) =>
      isUnlisted ? [] : [{ klass, name }],
    );
  }

  summarize(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): PascalClassSummary {
    const truth = this.#truth(matches);
    return {
      truth,
      thresholds: this.rule.thresholds.map((_, threshold) =>
        this.#atThreshold({ rule: this.rule, threshold, predictions, matches, score }, truth),
      ),
    };
  }

  headline(classes: readonly PascalClassSummary[]): number | null {
    return this.#mean(classes, 0);
  }

  metrics(classes: readonly PascalClassSummary[]): Metrics {
    const metrics: Metrics = {};
    this.#keys.forEach((keys, threshold) => {
      metrics[keys.mean] = this.#mean(classes, threshold);
      if (this.#hasCorLoc) metrics[keys.meanCorLoc] = meanOf(classes.map((own) => corLoc(own, threshold)));
      for (const { klass, name } of this.#listed) {
        const own = classes[klass]!;
        metrics[keys.ofClass('AP', name)] = own.thresholds[threshold]!.AP;
        if (this.#hasCorLoc) metrics[keys.ofClass('CorLoc', name)] = corLoc(own, threshold);
      }
    });
    return metrics;
  }

  ties(classes: readonly PascalClassSummary[]): Ties {
    const ties: Ties = {};
    this.#keys.forEach((keys, threshold) => {
      const own = classes.map((summary) => summary.thresholds[threshold]!);
      if (this.#isWeighted) this.#addPoolBounds(ties, keys.mean, classes, threshold);
      else
        addMeanBounds(
          ties,
          keys.mean,
          own.map(({ AP, bounds }) => ({ value: AP, bounds })),
        );
      const corLocs = classes.map((summary, klass) => ({
        value: corLoc(summary, threshold),
        bounds: corLocBounds(own[klass]!.corLoc),
      }));
      addMeanBounds(ties, keys.meanCorLoc, corLocs);
      for (const { klass, name } of this.#listed) {
        addMeanBounds(ties, keys.ofClass('AP', name), [
          { value: own[klass]!.AP, bounds: own[klass]!.bounds },
        ]);
        addMeanBounds(ties, keys.ofClass('CorLoc', name), [corLocs[klass]!]);
      }
    });
    return ties;
  }

  classMetrics(summary: PascalClassSummary): Pick<ClassScores, 'truth' | 'AP'> & { CorLoc?: number | null } {
    return {
      truth: summary.truth,
      AP: summary.thresholds[0]!.AP,
      ...(this.#hasCorLoc ? { CorLoc: corLoc(summary, 0) } : {}),
    };
  }

  arrays(): null {
    return null;
  }

  /** One point an entry of the class's list at the first threshold; none without truth. */
  curve(table: MatchTable, klass: number): Omit<ClassCurve, 'id'> {
    const matches = table.matches(klass);
    const truth = this.#truth(matches);
    if (!(truth > 0)) return { recall: [], precision: [], score: [] };
    const predictions = table.predictions.classes[klass]!;
    const { score } = table.columns;
    const at: ClassAtThreshold = { rule: this.rule, threshold: 0, predictions, matches, score };
    const entries = classEntries(at, statesByPosition(at), this.#options.groupOfWeight);
    const { recall, precision } = curveOf(entries, truth);
    return { recall: [...recall], precision: [...precision], score: [...entries.score] };
  }

  get #hasCorLoc(): boolean {
    return this.#protocol === 'tf-pascal';
  }

  get #isWeighted(): boolean {
    return this.#protocol === 'tf-weighted-pascal';
  }

  #truth({ positives, seen, padding }: ClassMatches): number {
    const plain = positives[0]!;
    // Only Open Images weighs, and there whatever is seen and no plain box is group-of.
    const { groupOfWeight } = this.#options;
    return plain + padding + (groupOfWeight > 0 ? groupOfWeight * (seen - plain) : 0);
  }

  #atThreshold(at: ClassAtThreshold, truth: number): ThresholdSummary {
    const { recallBounds, groupOfWeight } = this.#options;
    const states = statesByPosition(at);
    const entries = classEntries(at, states, groupOfWeight);
    const AP = averagePrecision(entries, truth, recallBounds);
    const extremes = entryBounds(at, states, entries, groupOfWeight);
    return {
      AP,
      bounds: averageBounds(AP, extremes, truth, recallBounds),
      entries: this.#isWeighted ? entries : null,
      corLoc: this.#hasCorLoc ? correctLocalisation(at) : null,
    };
  }

  #mean(classes: readonly PascalClassSummary[], threshold: number): number | null {
    if (!this.#isWeighted) return meanOf(classes.map(({ thresholds }) => thresholds[threshold]!.AP));
    const { entries, truth } = pool(classes, threshold);
    return averagePrecision(entries, truth, this.#options.recallBounds);
  }

  #addPoolBounds(ties: Ties, key: string, classes: readonly PascalClassSummary[], threshold: number): void {
    const { entries, truth } = pool(classes, threshold);
    const AP = averagePrecision(entries, truth, this.#options.recallBounds);
    const extremes = hasTies(entries) ? { lowest: entries, highest: entries } : null;
    const bounds = averageBounds(AP, extremes, truth, this.#options.recallBounds);
    addMeanBounds(ties, key, [{ value: AP, bounds }]);
  }
}

/** The entries and the truth of all classes that have any. */
function pool(
  classes: readonly PascalClassSummary[],
  threshold: number,
): { entries: Entries; truth: number } {
  const counted = classes.filter(({ truth }) => truth > 0);
  return {
    entries: pooled(counted.map(({ thresholds }) => thresholds[threshold]!.entries!)),
    truth: counted.reduce((total, { truth }) => total + truth, 0),
  };
}

function corLoc(summary: PascalClassSummary, threshold: number): number | null {
  const counted = summary.thresholds[threshold]!.corLoc;
  return counted && counted.images > 0 ? counted.found / counted.images : null;
}

/** Corners with edges, the best annotation alone, reaching the threshold; Open Images knows group-of, not difficult. */
function pascalFamilyRule(protocol: PascalFamilyProtocol, thresholds: readonly number[]): MatchRule {
  const crowdFlags = isOpenImages(protocol) ? FLAG_GROUP_OF : 0;
  return {
    measure: 'corners',
    choice: 'best',
    comparison: 'reach',
    thresholds,
    limit: MOST_PREDICTIONS,
    ranges: [[-Infinity, Infinity]],
    outcomeRange: 0,
    area: 'box',
    ignoreFlags: (crowdFlags || FLAG_DIFFICULT) | FLAG_UNSEEN,
    crowdFlags,
    isClassAgnostic: false,
    ties: 'reversed',
    scoreFloor: SCORE_FLOOR,
  };
}
