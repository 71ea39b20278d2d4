/** `reticle inspect` of what is no dataset: the logs of trainings, and projects. */
import { BadInput } from '../core/foundation/bad-input';
import { truthStatistics } from '../core/dataset/statistics';
import { stepsTrained } from '../core/training/training-run';
import { ProjectSession } from '../engine/project/session';
import { loadTrainings } from '../engine/training/load-trainings';
import { progressOnStderr } from './command';

/** The trainings below a folder (or in a file), by name; null where there is none. */
export async function describeLogs(place: string) {
  const loaded = await loadTrainings(place, progressOnStderr({ cancelled: false })).catch(
    (error: unknown) => {
      if (error instanceof BadInput && error.code === 'no-training-found') return null;
      throw error;
    },
  );
  if (loaded === null) return null;
  const { runs, findings } = loaded;
  return {
    kind: 'logs',
    format: [...new Set(runs.map(({ source }) => source ?? 'pipeline-config'))].join(', '),
    why: runs.length === 1 ? 'logs of a training' : `logs of ${runs.length} trainings`,
    trainings: runs.map((run) => ({
      name: run.name,
      source: run.source,
      unit: run.unit,
      steps: stepsTrained(run) ?? run.config?.train.steps ?? null,
      curves: [...run.curves.keys()].sort(),
      config: run.config?.file ?? null,
    })),
    findings,
  };
}

/** A project's ground truth and runs. Throws `BadInput` where another process has it open. */
export function describeProject(file: string) {
  const session = ProjectSession.open(file);
  try {
    const truth = session.data.asTruth();
    const statistics = truthStatistics(truth);
    const runs = session.runs.map(({ id, name }) => ({
      name,
      predictions: session.data.predictions(id).columns.count,
    }));
    const predictions = runs.reduce((sum, run) => sum + run.predictions, 0);
    return { ...statistics, counts: { ...statistics.counts, predictions }, runs, findings: [] };
  } finally {
    session.close();
  }
}
