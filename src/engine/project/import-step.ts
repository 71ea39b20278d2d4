/** What an import writes, inside the step's transaction, and the changes that its log entry then holds. */
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { readMeta, writeMeta } from '../store/meta';
import type { ProjectDatabase } from '../store/open';
import type { RecordChange } from '../store/records';
import { dumpTruth } from '../store/truth-tables';
import type { ProjectImport, RunImport } from './import-data';
import { writeRun, writeTruth } from './import-tables';
import type { ProjectData } from './project-data';

const runsOf = ({ run, moreRuns }: ProjectImport): RunImport[] => [
  ...(run ? [run] : []),
  ...(moreRuns ?? []),
];

/** Throws `BadInput` where an import would exchange something without leave. */
export function assertImportable(data: ProjectData, source: ProjectImport): void {
  if (source.replace) return;
  if (source.truth && !source.isUpdate && data.images.length > 0) {
    throw new BadInput(
      'truth-exists',
      'The project has its ground truth already.',
      'Pass --replace to exchange it, or make a new project.',
    );
  }
  const names = new Set(data.runs.flatMap(({ name, removed }) => (removed ? [] : [name])));
  const taken = runsOf(source).find(({ name }) => names.has(name));
  if (taken) {
    throw new BadInput(
      'run-exists',
      `The project has a run “${taken.name}” already.`,
      'Give it another name, or pass --replace.',
    );
  }
}

/** Writes ground truth and runs; runs of the same names are removed. `step`: number of the import's log entry. */
export function writeImport(
  { db, path: file, data }: { db: ProjectDatabase; path: string; data: ProjectData },
  source: ProjectImport,
  step: number,
  progress: Progress,
): RecordChange[] {
  const changes: RecordChange[] = [];
  const runs = runsOf(source);
  let imageKeys: readonly number[] = data.images.map(({ key }) => key);
  if (source.truth) {
    db.prepare('INSERT INTO snapshots (step, side, data) VALUES (?, ?, ?)').run(
      step,
      'before',
      dumpTruth(db),
    );
    const lastId = Number(readMeta(db, 'lastAnnotationId') ?? '0');
    const written = writeTruth(db, source.truth, file, lastId, progress);
    writeMeta(db, 'lastAnnotationId', String(written.lastAnnotationId));
    imageKeys = written.keys;
    changes.push({
      table: 'truth',
      key: step,
      before: null,
      after: null,
      ...(source.truth.keepsEdits ? { keepsEdits: true } : {}),
    });
  }
  for (const { id, name, removed } of data.runs) {
    if (removed || !runs.some((run) => run.name === name)) continue;
    changes.push({
      table: 'runs',
      key: id,
      before: { name, removed: false },
      after: { name, removed: true },
    });
  }
  for (const run of runs) {
    changes.push({
      table: 'runs',
      key: writeRun(db, run, imageKeys, progress),
      before: { name: run.name, removed: true },
      after: { name: run.name, removed: false },
    });
  }
  return changes;
}
