import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { ProjectState } from '../../contract/view-types';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { EngineState } from '../engine-state';
import { joinPredictions } from '../../core/formats/join';
import { findImageRoot } from '../images/locate';
import { prepareTruth } from '../import/into-project';
import { loadPredictions, loadTruth } from '../import/load';
import { backUpQuietly } from '../project/safeguards';
import { ProjectSession } from '../project/session';
import { listBackups, restoreBackup } from '../store/backups';

type Names =
  | 'project.state'
  | 'project.create'
  | 'project.open'
  | 'project.openSample'
  | 'project.close'
  | 'project.saveCopy'
  | 'backups.list'
  | 'backups.restore'
  | 'runs.rename'
  | 'runs.remove'
  | 'views.save'
  | 'views.remove'
  | 'job.cancel';

const NO_SCORES = { runs: [], protocols: [] } as const;

/** Makes the sample project from what ships with the app, whole or not at all. */
async function makeSample(
  resources: string,
  file: string,
  author: string,
  progress: Progress,
): Promise<void> {
  const sample = path.join(resources, 'sample');
  const { truth } = await loadTruth(path.join(sample, 'truth.json'), { keepExtra: true, progress });
  const { raw } = await loadPredictions(path.join(sample, 'predictions.json'), { progress });
  const { predictions } = joinPredictions(truth, raw, { file: 'predictions.json' });
  const locator = await findImageRoot(
    truth.images.map(({ fileName }) => fileName),
    sample,
    path.join(sample, 'images'),
  );
  const prepared = await prepareTruth(truth, locator, progress);
  const partial = `${file}.partial`;
  await mkdir(path.dirname(file), { recursive: true });
  await rm(partial, { force: true });
  const session = ProjectSession.create(partial);
  try {
    session.import(
      {
        truth: prepared,
        run: { name: 'classical detector', source: 'predictions.json', predictions },
        replace: false,
        author,
        label: 'Import the sample',
      },
      NO_SCORES,
      progress,
    );
  } finally {
    session.close();
  }
  await rename(partial, file);
}

export function projectHandlers(state: EngineState): Pick<Handlers<EngineCalls>, Names> {
  const { context, jobs, project } = state;
  const opened = (session: ProjectSession, isSample: boolean): ProjectState => {
    project.set(session, isSample);
    // The sample can be made again at any time.
    if (!isSample) void backUpQuietly(session, (text) => context.log(text));
    return state.projectChanged()!;
  };
  const samplePath = path.join(context.userData, 'sample', 'sample.reticle');
  const described = (): ProjectState => state.projectChanged()!;
  /** Two who ask at once get the same sample: it is made once. */
  let making: Promise<void> | null = null;
  const ensureSample = async (progress: Progress): Promise<void> => {
    if (existsSync(samplePath)) return;
    making ??= makeSample(context.resources, samplePath, context.author, progress).finally(() => {
      making = null;
    });
    await making;
  };
  return {
    'project.state': () => project.describe(),
    'project.create': ({ path: file }) => opened(ProjectSession.create(file), false),
    'project.open': ({ path: file }) => {
      // Opening what is open: the lock is ours.
      if (project.isOpen && project.current().session.path === path.resolve(file)) return described();
      return opened(ProjectSession.open(file), path.resolve(file) === samplePath);
    },
    'project.openSample': ({ job }) =>
      jobs.run(job, async (progress) => {
        if (project.isOpen && project.current().session.path === samplePath) return described();
        await ensureSample(progress);
        // Another call may have opened it while this one waited.
        if (project.isOpen && project.current().session.path === samplePath) return described();
        return opened(ProjectSession.open(samplePath), true);
      }),
    'project.close': () => {
      project.close();
      state.projectChanged();
      return null;
    },
    'backups.list': ({ path: file }) => listBackups(file ?? project.current().session.path),
    'backups.restore': async ({ path: file, name }) => {
      const restored = await restoreBackup(file ?? project.current().session.path, name);
      return opened(ProjectSession.open(restored), false);
    },
    'project.saveCopy': ({ path: file, job }) =>
      jobs.run(job, async (progress) => {
        const { session } = project.current();
        if (existsSync(file))
          throw new BadInput(
            'target-exists',
            'There is a file of that name already.',
            'Choose another name.',
            { file },
          );
        const partial = `${file}.partial`;
        try {
          await session.db.backup(partial, {
            progress: ({ totalPages, remainingPages }) => {
              progress.check();
              progress.report('Copying', totalPages - remainingPages, totalPages);
              return 1000;
            },
          });
          await rename(partial, file);
        } finally {
          await rm(partial, { force: true });
        }
        return { path: file };
      }),
    'runs.rename': ({ run, name }) => {
      project.current().session.changeRun(run, { name }, context.author, NO_SCORES);
      project.revision++;
      return described();
    },
    'runs.remove': ({ run }) => {
      project.current().session.changeRun(run, { removed: true }, context.author, NO_SCORES);
      project.revision++;
      return described();
    },
    'views.save': ({ name, query }) => {
      const { db } = project.current().session;
      const { lastInsertRowid } = db
        .prepare('INSERT INTO views (name, query) VALUES (?, ?)')
        .run(name, JSON.stringify(query));
      state.projectChanged();
      return { id: Number(lastInsertRowid), name, query };
    },
    'views.remove': ({ view }) => {
      project.current().session.db.prepare('DELETE FROM views WHERE id = ?').run(view);
      state.projectChanged();
      return null;
    },
    'job.cancel': ({ job }) => {
      jobs.cancel(job);
      return null;
    },
  };
}
