/** What the Metrics and Compare pages are shown: plain data, made by the engine. */
import type { Calibration } from '../core/metrics/analysis/calibration';
import type { Change } from '../core/metrics/analysis/changes';
import type { BestPoint } from '../core/metrics/analysis/operating-points';
import type { PointNumber } from '../core/metrics/analysis/point-tallies';
import type { Slice } from '../core/metrics/analysis/slices';
import type { Interval } from '../core/metrics/bootstrap/intervals';
import type { TideBar } from '../core/metrics/tide/tide-errors';
import type { ClassScores, Counts, OperatingPoint, Protocol } from '../core/metrics/evaluation';
import type { ImageKey, CategoryId, AnnotationId, Box, ReviewStatus, TileOutcome } from './view-types';

/** How much is scored. */
export interface ScoredAmount {
  readonly images: number;
  readonly annotations: number;
  readonly predictions: number;
  readonly categories: number;
}

/** A protocol beside others: all its numbers, as fractions. */
export interface ProtocolColumn {
  readonly protocol: Protocol;
  readonly metric: string;
  readonly value: number | null;
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Those that have an id. */
  readonly classes: readonly ClassScores[];
  readonly scored: ScoredAmount;
  /** As TensorFlow 2 reports it: boxes that fill images up, and the class that they are counted as. */
  readonly padding: { readonly boxes: number; readonly category: string | null } | null;
  /** What computing it took, in milliseconds; 0 where it was known. */
  readonly milliseconds: number;
}

export interface ClassAnalysis {
  readonly id: CategoryId;
  readonly counts: Counts;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** The best F1 and the confidence that gives it; null without anything to find. */
  readonly best: BestPoint | null;
}

export interface MetricsAnalysis {
  readonly point: OperatingPoint;
  readonly scored: ScoredAmount;
  readonly counts: Counts;
  /** In the order of the project's classes, those that are scored. */
  readonly classes: readonly ClassAnalysis[];
  /** [truth, predicted] over `classes`, the background last in both. */
  readonly confusion: readonly number[];
  readonly calibration: Calibration;
  readonly slices: readonly Slice[];
  /** By TIDE's types, at the point. */
  readonly errors: Readonly<Record<TideBar, number>>;
}

/** Precision along recall, by falling confidence. */
export interface PrecisionRecallCurve {
  readonly id: CategoryId;
  readonly recall: readonly number[];
  readonly precision: readonly number[];
  /** Empty for a mean over IoUs: no single confidence belongs to a point of it. */
  readonly score: readonly number[];
}

/** What mending each type of error would add to the AP at IoU 0.50. */
export interface TideErrors {
  readonly value: number | null;
  readonly bars: readonly { readonly name: TideBar; readonly gain: number | null; readonly count: number }[];
  readonly falsePositives: number | null;
  readonly misses: number | null;
}

/** Bootstrap over images. */
export interface ScoreIntervals {
  readonly metrics: Readonly<Record<string, Interval | null>>;
  readonly classes: Readonly<Record<CategoryId, Interval | null>>;
  readonly images: number;
  readonly level: number;
  readonly resamples: number;
  /** Of the headline: what is smaller cannot be told from chance on these images. */
  readonly smallestDifference: number | null;
}

/** Of the numbers that depend on the operating point. */
export interface PointIntervals {
  readonly point: OperatingPoint;
  readonly all: Readonly<Record<PointNumber, Interval | null>>;
  readonly classes: Readonly<Record<CategoryId, Readonly<Record<PointNumber, Interval | null>>>>;
  /** As `MetricsAnalysis.slices`. */
  readonly slices: readonly { readonly recall: Interval | null; readonly precision: Interval | null }[];
  readonly calibrationError: Interval | null;
}

export interface MetricDifference {
  readonly metric: string;
  /** Of one class; null for the mean. */
  readonly category: CategoryId | null;
  readonly first: number | null;
  readonly second: number | null;
  /** Second minus first. */
  readonly difference: number | null;
  /** Paired by image; null while not made. */
  readonly interval: Interval | null;
}

export interface RunComparison {
  readonly scored: ScoredAmount;
  readonly differences: readonly MetricDifference[];
  /** Annotations by what changed, and by class. */
  readonly counts: Readonly<Record<Change, Readonly<Record<CategoryId, number>>>>;
  readonly falsePositives: readonly [first: number, second: number];
  /** McNemar's exact test of broken against fixed. */
  readonly chance: number;
}

/** What one run makes of an annotation. */
export interface ComparedSide {
  readonly outcome: TileOutcome;
  /** Of the prediction that matches it or points at it; null for none. */
  readonly box: Box | null;
  readonly score: number | null;
  readonly iou: number | null;
}

export interface ChangedAnnotation {
  readonly change: Change;
  readonly image: ImageKey;
  readonly imageName: string;
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly annotation: AnnotationId;
  readonly category: CategoryId;
  readonly box: Box;
  /** The verdict given on the annotation. */
  readonly status: ReviewStatus;
  readonly first: ComparedSide;
  readonly second: ComparedSide;
}
