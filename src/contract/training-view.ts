/** Trainings as the window shows them. Plain data. */
import type { CauseCode, Confidence } from '../core/diagnosis/cause';
import type { Finding } from '../core/foundation/finding';
import type { TrainingComparison } from '../core/training/compare-trainings';
import type { Schedule } from '../core/training/schedule';
import type { Throughput } from '../core/training/throughput';
import type { TrainingSource } from '../core/training/training-run';

/** A curve to draw: at most a few hundred points, extremes kept. */
export interface DrawnCurve {
  readonly name: string;
  readonly step: readonly number[];
  /** Null where the loss was no number. */
  readonly value: readonly (number | null)[];
}

export interface TrainingCauseView {
  readonly code: CauseCode;
  readonly title: string;
  readonly action: string;
  readonly gain: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  readonly confidence: Confidence;
  /** Lines of the configuration that mend it, each with `-` or `+` before it; empty where there are none. */
  readonly configLines: readonly string[];
}

export interface TrainingView {
  readonly name: string;
  readonly source: TrainingSource | null;
  readonly unit: 'step' | 'epoch';
  readonly steps: number | null;
  readonly batchSize: number | null;
  readonly evaluations: number;
  readonly configFile: string | null;
  readonly trainingLoss: DrawnCurve | null;
  /** Smoothed over its trace. */
  readonly smoothLoss: DrawnCurve | null;
  readonly validationLoss: DrawnCurve | null;
  readonly learningRate: DrawnCurve | null;
  /** What the used rates are, in words; null where none were logged. */
  readonly rateWords: string | null;
  /** As configured. */
  readonly planned: Schedule | null;
  /** As the doctor proposes; null where it has nothing against the schedule. */
  readonly proposed: Schedule | null;
  /** The score that is read first comes first. */
  readonly scores: readonly DrawnCurve[];
  readonly best: { readonly step: number; readonly score: number } | null;
  readonly throughput: Throughput | null;
  readonly causes: readonly TrainingCauseView[];
  readonly checksPassed: number;
  /** The whole configuration with every correction; null where nothing is to be corrected. */
  readonly correctedConfig: string | null;
}

export interface TrainingsView {
  readonly folder: string;
  readonly trainings: readonly TrainingView[];
  readonly comparison: TrainingComparison;
  readonly findings: readonly Finding[];
}
