import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { LabelSource } from '../../contract/view-types';
import type { ImportPlan } from '../../contract/import-view';
import type { UpdateRules } from '../../core/dataset/update-truth';
import { BadInput } from '../../core/foundation/bad-input';
import type { EngineState } from '../engine-state';
import type { ImportRequest } from '../import/examine';
import { examineImport } from '../import/examine';
import type { ProjectImport } from '../project/import-data';
import { backUpQuietly } from '../project/safeguards';
import { ProjectSession } from '../project/session';

/** Of a second dataset the first stays: that is what is read again. */
function labelSource(
  { paths, exclude, subset, images, conventions, classes, update }: ImportRequest,
  { sources }: ImportPlan,
  into: ProjectSession | null,
): LabelSource | null {
  if (into && update?.how === 'add') return into.labelSource;
  const isLabels = (path: string): boolean =>
    sources.some((source) => source.path === path && source.kind !== 'predictions');
  return {
    paths: paths.filter((path) => !exclude.includes(path) && isLabels(path)),
    subset,
    images,
    conventions: conventions ?? { truth: {}, predictions: {} },
    classes: classes ?? {},
  };
}

const labelOf = (update: UpdateRules | null): string =>
  update === null ? 'Import' : update.how === 'add' ? 'Add' : 'Update from';

export function importHandlers(
  state: EngineState,
): Pick<Handlers<EngineCalls>, 'import.examine' | 'import.run'> {
  const { context, jobs, project } = state;
  return {
    'import.examine': ({ job, into, ...request }) =>
      jobs.run(
        job,
        async (progress) =>
          (await examineImport(request, into ? project.current().session : null, progress)).plan,
      ),

    'import.run': ({ job, project: file, runName, replace, ...request }) =>
      jobs.run(job, async (progress) => {
        const into = file === null ? project.current().session : null;
        const examined = await examineImport(request, into, progress);
        const { plan, predictionsSource } = examined;
        if (plan.problem) throw new BadInput('import-impossible', plan.problem.message, plan.problem.next);
        const { truth, predictions } = await examined.combined();
        const source: ProjectImport = {
          truth: truth && { ...truth, source: labelSource(request, plan, into) },
          run: predictions && {
            name: runName ?? plan.suggestedRunName ?? 'run',
            source: path.basename(predictionsSource!),
            predictions,
          },
          isUpdate: plan.difference !== null,
          replace,
          author: context.author,
          label: `${labelOf(request.update ?? null)} ${plan.sources.map(({ name }) => name).join(', ')}`,
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
