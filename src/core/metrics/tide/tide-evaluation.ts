import type { MatchRows } from '../../errors/match-rows';
import { STATE_FALSE, STATE_TRUE } from '../../matching/point-matches';
import type { ClassCurve, ClassScores, Counts, ScoringInput } from '../evaluation';
import { DEFAULT_SCORE } from '../scorer';
import {
  type DetectionList,
  meanAP,
  PRECISION_RULES,
  type PrecisionRule,
  type SampledClass,
  sampleClasses,
} from './detection-list';
import { type ImageBoxes, imageBoxes } from './image-boxes';
import { MendedLists } from './mended-lists';
import {
  ERROR_OF_BAR,
  missedTruth,
  TIDE_BARS,
  type TideBar,
  type TideErrors,
  tideErrors,
  unmatchedTruth,
} from './tide-errors';
import { tideMatchRows } from './tide-match-rows';
import { type TideMatches, tideMatches } from './tide-matching';
import { type TideParameters, tideParameters } from './tide-parameters';

export interface TideArrays {
  /** Precision [class, 101 recall points], C order; classes by rising id, those whose AP is null left out. */
  readonly curves: {
    readonly data: Float64Array;
    readonly shape: readonly [classes: number, points: number];
  };
}

/** One class's bars: its AP with one type mended less its AP, at least 0; null where either is undefined. */
export interface TideClassBars {
  readonly id: number;
  readonly name: string;
  readonly bars: Readonly<Record<TideBar, number | null>>;
}

/** An evaluation by TIDE. Every AP runs from 0 to 100; null is an undefined number. */
export interface TideEvaluation {
  readonly parameters: TideParameters;
  /**
   * `mAP50` (named by the threshold), then the bars: what mending all errors of one type would add to it, at least 0;
   * then FalsePos and FalseNeg, which are not clipped.
   */
  readonly metrics: Readonly<Record<string, number | null>>;
  /**
   * Every category by rising id. `truth`: annotations but crowds; `predictions`: all, cut ones too. AP is null without
   * annotations: in the package's mode only where there is no scored prediction either.
   */
  readonly classes: readonly ClassScores[];
  /** Errors by type, whatever their score. */
  readonly errorCounts: Readonly<Record<TideBar, number>>;
  /** Mean AP with one type mended. */
  readonly fixedAP: Readonly<Record<TideBar, number | null>>;
  /** Mean AP of the mended lists with nothing mended: in the package's mode below mAP where scores tie. */
  readonly unfixedAP: number | null;
  readonly perClass: readonly TideClassBars[];
  /** Over predictions of at least that score (default 0.5); ignored and cut ones stand in none. */
  counts(score?: number): Counts;
  arrays(): TideArrays;
  /** One for every category; empty where its AP is null. */
  curves(): readonly ClassCurve[];
  /** `records`: how many the predictions' file has; those left out on reading are `cut`. Ids in dataset order. */
  matchRows(records?: number): MatchRows;
}

/**
 * Evaluates by TIDE (Bolya et al. 2020), in linear time but for the pairs within an image.
 *
 * `package` is tidecv 1.0.1 to the last rule. `coco` has the same keys and error definitions over COCO's matching
 * (limit per image and class, images by rising id, later annotation at equal IoUs, crowds as in COCO) and COCO's mean
 * (classes with countable annotations; a class whose last annotations are mended away leaves it, as it would there).
 * There ignored predictions are no errors, and mended predictions keep their places among equal scores, so that all
 * numbers are measured from the same base.
 *
 * Scores must not be NaN, sizes not negative. Throws `BadInput` where parameters are out of bounds.
 */
export function evaluateTide(input: ScoringInput, parameters: Partial<TideParameters> = {}): TideEvaluation {
  return new Evaluation(input, tideParameters(parameters));
}

type Sampled = readonly (SampledClass | null)[];

class Evaluation implements TideEvaluation {
  readonly parameters: TideParameters;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly classes: readonly ClassScores[];
  readonly errorCounts: Readonly<Record<TideBar, number>>;
  readonly fixedAP: Readonly<Record<TideBar, number | null>>;
  readonly unfixedAP: number | null;
  readonly perClass: readonly TideClassBars[];
  readonly #input: ScoringInput;
  readonly #rule: PrecisionRule;
  readonly #boxes: ImageBoxes;
  readonly #matches: TideMatches;
  readonly #errors: TideErrors;
  readonly #unmatched: readonly number[];
  readonly #missed: readonly number[];
  readonly #sampled: Sampled;

  constructor(input: ScoringInput, parameters: TideParameters) {
    this.parameters = parameters;
    this.#input = input;
    this.#rule = PRECISION_RULES[parameters.mode];
    this.#boxes = imageBoxes(input);
    this.#matches = tideMatches(this.#boxes, parameters);
    this.#errors = tideErrors(this.#boxes, this.#matches, parameters);
    this.#unmatched = unmatchedTruth(this.#boxes, this.#errors);
    this.#missed = missedTruth(this.#errors, this.#unmatched);
    const lists = new MendedLists(
      this.#boxes,
      this.#matches,
      this.#errors,
      this.#missed,
      this.#unmatched,
      parameters.mode,
    );
    this.#sampled = this.#sample(lists.detected);
    const mended = byBar((bar) => this.#sample(lists.mended(bar)));
    this.classes = this.#classScores(lists.detected.truth);
    this.errorCounts = this.#countErrors();
    this.fixedAP = byBar((bar) => meanAP(mended[bar]));
    this.unfixedAP = meanAP(this.#sample(lists.unmended));
    this.perClass = this.#classBars(mended);
    this.metrics = this.#metrics(lists);
  }

  counts(score = DEFAULT_SCORE): Counts {
    const { state } = this.#matches;
    const { score: scores } = this.#input.predictions;
    let truePositives = 0;
    let falsePositives = 0;
    for (let row = 0; row < state.length; row++) {
      if (!(scores[row]! >= score)) continue;
      if (state[row] === STATE_TRUE) truePositives++;
      else if (state[row] === STATE_FALSE) falsePositives++;
    }
    const positives = this.classes.reduce((sum, { truth }) => sum + truth, 0);
    const at = { iou: this.parameters.iou[0]!, score };
    return { truePositives, falsePositives, misses: positives - truePositives, at };
  }

  arrays(): TideArrays {
    const known = this.#sampled.filter((sampled) => sampled !== null);
    const points = this.#rule.recallPoints.length;
    const data = new Float64Array(known.length * points);
    known.forEach(({ precision }, index) => data.set(precision, index * points));
    return { curves: { data, shape: [known.length, points] } };
  }

  curves(): readonly ClassCurve[] {
    return this.#input.categories.map(({ id }, klass) => {
      const sampled = this.#sampled[klass];
      if (!sampled) return { id, recall: [], precision: [], score: [] };
      const { precision, row } = sampled;
      const score = Array.from(row, (reached) =>
        reached < 0 ? null : this.#input.predictions.score[reached]!,
      );
      return { id, recall: this.#rule.recallPoints, precision: [...precision], score };
    });
  }

  matchRows(records?: number): MatchRows {
    return tideMatchRows(this.#boxes, this.#matches, this.#errors, this.#missed, this.#unmatched, records);
  }

  #sample(list: DetectionList): Sampled {
    return sampleClasses(list, this.#rule);
  }

  #metrics(lists: MendedLists): Record<string, number | null> {
    const base = meanAP(this.#sampled);
    const gain = (list: DetectionList) => difference(meanAP(this.#sample(list)), base);
    return {
      [meanKey(this.parameters.iou[0]!)]: base,
      ...byBar((bar) => clipped(difference(this.fixedAP[bar], base))),
      FalsePos: gain(lists.withoutFalsePositives()),
      FalseNeg: gain(lists.withoutFalseNegatives()),
    };
  }

  #classScores(truth: Int32Array): ClassScores[] {
    const { categories, predictions } = this.#input;
    const predicted = new Int32Array(categories.length);
    for (const category of predictions.category) predicted[category]!++;
    return categories.map(({ id, name }, klass) => ({
      id,
      name,
      truth: truth[klass]!,
      predictions: predicted[klass]!,
      AP: this.#sampled[klass]?.AP ?? null,
    }));
  }

  #countErrors(): Record<TideBar, number> {
    const counts = new Int32Array(Math.max(...Object.values(ERROR_OF_BAR)) + 1);
    for (const error of this.#errors.error) counts[error]!++;
    return byBar((bar) => (bar === 'Miss' ? this.#missed.length : counts[ERROR_OF_BAR[bar]]!));
  }

  #classBars(mended: Readonly<Record<TideBar, Sampled>>): TideClassBars[] {
    return this.#input.categories.map(({ id, name }, klass) => {
      const base = this.#sampled[klass]?.AP ?? null;
      const bars = byBar((bar) => clipped(difference(mended[bar][klass]?.AP ?? null, base)));
      return { id, name, bars };
    });
  }
}

function byBar<T>(make: (bar: TideBar) => T): Record<TideBar, T> {
  return Object.fromEntries(TIDE_BARS.map((bar) => [bar, make(bar)])) as Record<TideBar, T>;
}

function difference(value: number | null, base: number | null): number | null {
  return value === null || base === null ? null : value - base;
}

function clipped(value: number | null): number | null {
  return value === null ? null : Math.max(0, value);
}

/** `mAP50`, `mAP55`, `mAP62.5`: hundred times the threshold, without what binary fractions add to it. */
function meanKey(threshold: number): string {
  return `mAP${Number((threshold * 100).toPrecision(12))}`;
}
