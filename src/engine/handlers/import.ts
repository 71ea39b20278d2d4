import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import { BadInput } from '../../core/foundation/bad-input';
import type { EngineState } from '../engine-state';
import { examineImport } from '../import/examine';
import { prepareTruth } from '../import/into-project';
import type { ProjectImport } from '../project/import-data';
import { backUpQuietly } from '../project/safeguards';
import { ProjectSession } from '../project/session';

export function importHandlers(
  state: EngineState,
): Pick<Handlers<EngineCalls>, 'import.examine' | 'import.run'> {
  const { context, jobs, project } = state;
  return {
    'import.examine': ({ job, into, ...request }) =>
      jobs.run(
        job,
        async (progress) =>
          (await examineImport(request, into ? project.current().session.data.asTruth() : null, progress))
            .plan,
      ),

    'import.run': ({ job, project: file, runName, replace, ...request }) =>
      jobs.run(job, async (progress) => {
        const existing = file === null ? project.current().session.data.asTruth() : null;
        const { plan, truth, locator, predictions, predictionsSource } = await examineImport(
          request,
          existing,
          progress,
        );
        if (plan.problem) throw new BadInput('import-impossible', plan.problem.message, plan.problem.next);
        const source: ProjectImport = {
          truth: truth && (await prepareTruth(truth, locator, progress)),
          run: predictions && {
            name: runName ?? plan.suggestedRunName ?? 'run',
            source: path.basename(predictionsSource!),
            predictions,
          },
          replace,
          author: context.author,
          label: `Import ${plan.sources.map(({ name }) => name).join(', ')}`,
        };
        const scored = { runs: null, protocols: ['coco'] } as const;
        if (file === null) {
          const { session } = project.current();
          await backUpQuietly(session, (text) => context.log(text));
          session.import(source, scored, progress);
        } else project.set(await importIntoNew(file, source, progress), false);
        project.revision++;
        return state.projectChanged()!;
      }),
  };

  /** A project appears only with all that was imported into it. */
  async function importIntoNew(
    file: string,
    source: ProjectImport,
    progress: Parameters<ProjectSession['import']>[2],
  ): Promise<ProjectSession> {
    if (existsSync(file))
      throw new BadInput('project-exists', 'There is a file of that name already.', 'Choose another name.', {
        file,
      });
    const partial = path.join(
      path.dirname(path.resolve(file)),
      `.${path.basename(file)}.partial-${process.pid}`,
    );
    try {
      const session = ProjectSession.create(partial);
      try {
        session.import(source, { runs: null, protocols: ['coco'] }, progress);
      } finally {
        session.close();
      }
      await rename(partial, file);
    } finally {
      await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(partial + suffix, { force: true })));
    }
    return ProjectSession.open(file);
  }
}
