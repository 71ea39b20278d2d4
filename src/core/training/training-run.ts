/** One training as its logs, histories and configuration tell of it. */
import type { PipelineConfig } from './pipeline-config';
import type { Series } from './series';
import { lastStep } from './series';

export type TrainingSource = 'event-files' | 'keras-history' | 'ultralytics' | 'table';

export interface TrainingRun {
  /** Folder or file, as it was found. */
  readonly name: string;
  /** Null: there is a configuration only. */
  readonly source: TrainingSource | null;
  /** What curves are counted in. */
  readonly unit: 'step' | 'epoch';
  /** The total. */
  readonly trainingLoss: Series | null;
  readonly validationLoss: Series | null;
  readonly learningRate: Series | null;
  /** The score on the evaluation set that is read first; null where none was logged. */
  readonly score: Series | null;
  /** Name of `score` in the logs. */
  readonly scoreKey: string | null;
  /** Every curve by its name in the logs, `train/` or `evaluation/` before it where both sides have it. */
  readonly curves: ReadonlyMap<string, Series>;
  readonly config: PipelineConfig | null;
}

/** The last step that any curve has; null without curves. */
export function stepsTrained({ curves }: TrainingRun): number | null {
  const ends = [...curves.values()].filter(({ step }) => step.length > 0).map(lastStep);
  return ends.length > 0 ? Math.max(...ends) : null;
}

/** The one that logged last; without times the last by name. */
export function latestTraining(runs: readonly TrainingRun[]): TrainingRun {
  const end = ({ curves }: TrainingRun): number =>
    Math.max(0, ...[...curves.values()].map(({ wallTime }) => wallTime?.at(-1) ?? 0));
  return runs.reduce((latest, run) => (end(run) >= end(latest) ? run : latest));
}
