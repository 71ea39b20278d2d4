/** Measurements of a run's model, kept with the project: evidence for the run's diagnosis. */
import type { Measurement } from '../../../core/diagnosis/measured/measure-change';
import type { ProjectSession } from '../../project/session';
import { readMeta, writeMeta } from '../../store/meta';
import { writing } from '../../store/open';
import { recordedModel } from '../project/run-model';

const keyOf = (run: number): string => `modelMeasurement:${run}`;

/** Null where the run's model was not run with changes. */
export function rememberedMeasurement({ db }: ProjectSession, run: number): Measurement | null {
  const text = readMeta(db, keyOf(run));
  return text === null ? null : (JSON.parse(text) as Measurement);
}

/** Keeps it with every run that the model of this hash made, changes measured before included; says which runs. */
export function rememberMeasurement(
  session: ProjectSession,
  hash: string,
  measured: Measurement,
): readonly number[] {
  const runs = session.runs.map(({ id }) => id).filter((run) => recordedModel(session, run)?.hash === hash);
  writing(session.path, () => {
    for (const run of runs) {
      const { changes: earlier } = rememberedMeasurement(session, run) ?? { changes: [] };
      const isNew = new Set(measured.changes.map(({ change }) => JSON.stringify(change)));
      const kept = earlier.filter(({ change }) => !isNew.has(JSON.stringify(change)));
      const all: Measurement = {
        images: measured.images,
        total: measured.total,
        changes: [...kept, ...measured.changes],
        ownRun: null,
      };
      writeMeta(session.db, keyOf(run), JSON.stringify(all));
    }
  });
  return runs;
}
