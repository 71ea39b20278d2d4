/** One training as its logs, histories and configuration tell of it. */
import type { PipelineConfig } from './pipeline-config';
import type { Series } from './series';
import { finiteOnly, lastStep } from './series';

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

/** Scores of one model by two scorers, or of neighbouring checkpoints, are at most this far apart. */
const SAME_SCORE = 0.03;

/**
 * The one that a model of this AP (0 to 1) most likely comes from: whose best or last logged score is nearest. Null where
 * scores were logged and none is near: a fault of another training would be no cause. Without scores, the latest.
 */
export function likelyTraining(runs: readonly TrainingRun[], score: number | null): TrainingRun | null {
  const scored = runs.flatMap((run) => {
    const logged = run.score ? finiteOnly(run.score).value : [];
    return logged.length > 0 ? [{ run, ends: [Math.max(...logged), logged.at(-1)!] }] : [];
  });
  if (runs.length === 1 || scored.length === 0 || score === null) return latestTraining(runs);
  const distance = ({ ends }: (typeof scored)[number]): number =>
    Math.min(...ends.map((end) => Math.abs(end - score)));
  const nearest = scored.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  return distance(nearest) <= SAME_SCORE ? nearest.run : null;
}
