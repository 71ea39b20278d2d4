/** Commands on whole project files: check, repair, split, merge. */
import path from 'node:path';
import { mergeProjects } from '../../engine/project/merge';
import { backUpQuietly } from '../../engine/project/safeguards';
import { ProjectSession } from '../../engine/project/session';
import { checkProject, repairProject } from '../../engine/project/soundness';
import { splitProject } from '../../engine/project/split';
import { annotationsOf } from '../../engine/handlers/edit';
import type { CommandContext, OutputOptions } from '../command';
import { inFolder, printDocument, progressOnStderr, tellFindings, usage } from '../command';
import { authorOf, NOT_CANCELLED, scoreText, withSession } from './commands';

export interface CheckOptions extends OutputOptions {
  readonly to?: string;
}
export interface SplitOptions extends OutputOptions {
  readonly by: string;
  readonly to: string;
}
export interface MergeOptions extends OutputOptions {
  readonly author?: string;
}

/** Says whether a file is sound; one that is not is no error of the command's. */
export async function check(context: CommandContext, file: string, options: CheckOptions): Promise<number> {
  const findings = checkProject(inFolder(context, file));
  const document = { sound: findings.length === 0, findings };
  return printDocument(context, options, document, () =>
    findings.length === 0
      ? 'sound\n'
      : `${findings.map(({ message }) => message).join('\n')}\nWrite what is readable into a new file: reticle project repair ${file}\n`,
  );
}

export async function repair(context: CommandContext, file: string, options: CheckOptions): Promise<number> {
  const source = inFolder(context, file);
  const to =
    options.to === undefined
      ? source.replace(/(\.reticle)?$/i, '-repaired.reticle')
      : inFolder(context, options.to);
  const { records, findings } = await repairProject(source, to, authorOf(undefined));
  tellFindings(options, findings);
  const { images, annotations, categories, runs } = records;
  const document = { to, records, images, annotations, categories, runs, steps: records.edit_log, findings };
  return printDocument(
    context,
    options,
    document,
    () => `${to}: ${images} images, ${annotations} boxes, ${runs} runs, ${records.edit_log} steps\n`,
  );
}

export async function split(context: CommandContext, file: string, options: SplitOptions): Promise<number> {
  const count = Number(options.by);
  if (!/^\d+$/.test(options.by) || count < 1)
    throw usage(`--by has to be a whole number from 1, not “${options.by}”.`, 'It is the number of parts.');
  return withSession(context, file, async (session) => {
    const to = inFolder(context, options.to);
    const progress = progressOnStderr(NOT_CANCELLED);
    const parts = await splitProject(session, count, to, authorOf(undefined), progress);
    return printDocument(context, options, { to, parts, findings: [] }, () =>
      parts.map((part) => `${part.path}: ${part.images} images, ${part.annotations} boxes\n`).join(''),
    );
  });
}

export async function merge(
  context: CommandContext,
  file: string,
  others: readonly string[],
  options: MergeOptions,
): Promise<number> {
  const own = inFolder(context, file);
  const paths = others.map((other) => inFolder(context, other));
  if (new Set([own, ...paths]).size <= paths.length)
    throw usage('A project cannot be merged with itself, or twice.', 'Name each file once.');
  return withSession(context, file, async (session) => {
    const parts: ProjectSession[] = [];
    try {
      for (const one of paths) parts.push(ProjectSession.open(one));
      const scored = { runs: null, protocols: ['coco'] } as const;
      await backUpQuietly(session, (text) => process.stderr.write(`warning: ${text}\n`));
      const { outcome, findings } = mergeProjects(session, parts, authorOf(options.author), scored);
      tellFindings(options, findings);
      const ids = outcome ? annotationsOf(outcome) : { added: [], changed: [], deleted: [] };
      const document = {
        step: outcome?.step ?? null,
        ...ids,
        images: session.data.images.length,
        annotations: session.data.annotationCount,
        scores: outcome?.scores ?? [],
        findings,
      };
      return await printDocument(context, options, document, () =>
        outcome
          ? `step ${outcome.step}: ${paths.map((one) => path.basename(one)).join(', ')}\n${scoreText(outcome.scores)}`
          : 'Nothing to bring in.\n',
      );
    } finally {
      for (const part of parts) part.close();
    }
  });
}
