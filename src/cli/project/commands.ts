/** What the project commands do. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { text } from 'node:stream/consumers';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { annotationsOf } from '../../engine/handlers/edit';
import { unreadable } from '../../engine/import/files';
import type { Scored } from '../../engine/project/session';
import { ProjectSession } from '../../engine/project/session';
import { backUpBeforeBulk, locationFindings } from '../../engine/project/safeguards';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, inFolder, printDocument, progressOnStderr, tellFindings, usage } from '../command';
import { evaluationText } from '../evaluate/evaluation-text';
import { categoryFindings } from '../evaluate/category-findings';
import type { ScoringOptions } from '../evaluate/options';
import { chooseProtocols } from '../evaluate/options';
import { holdAll, parseRequirement } from '../evaluate/requirement';
import { scoreAll } from '../evaluate/scoring';
import { historyEntries } from './history-entries';
import { parseOperations } from './operations';

export type BaseOptions = OutputOptions;
export interface EvaluateOptions extends OutputOptions, ScoringOptions {
  readonly run?: string;
}
interface StepOptions extends OutputOptions {
  readonly run?: string;
  readonly author?: string;
  readonly protocol?: string;
}
export interface EditOptions extends StepOptions {
  readonly operations: string;
}
export interface TravelOptions extends StepOptions {
  readonly steps: string;
}
export const authorOf = (given: string | undefined): string => given ?? os.userInfo().username;
const NO_FINDINGS: readonly Finding[] = [];
export const NOT_CANCELLED = { cancelled: false };

/** Opens a project for one command; it is closed whatever happens. */
export async function withSession<T>(
  context: CommandContext,
  file: string,
  work: (session: ProjectSession) => T | Promise<T>,
): Promise<T> {
  const session = ProjectSession.open(inFolder(context, file));
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** Throws `BadInput` where the name is not there, or none is given and there are several. */
export function runIdOf(session: ProjectSession, name: string | undefined): number {
  const { runs } = session;
  const names = runs.map((run) => run.name).join(', ');
  if (name === undefined) {
    const [only] = runs;
    if (only && runs.length === 1) return only.id;
    if (runs.length === 0)
      throw usage('The project has no run of predictions.', 'Import one with project import --predictions.');
    throw usage(`The project has several runs: ${names}.`, 'Choose one with --run.');
  }
  const found = runs.find((run) => run.name === name);
  if (!found)
    throw new BadInput('run-unknown', `The project has no run “${name}”.`, `It has ${names || 'none'}.`);
  return found.id;
}

const scoredBy = (session: ProjectSession, options: StepOptions): Scored => ({
  runs: options.run === undefined ? null : [runIdOf(session, options.run)],
  protocols: chooseProtocols(options),
});

export async function newProject(
  context: CommandContext,
  file: string,
  options: BaseOptions,
): Promise<number> {
  const session = ProjectSession.create(inFolder(context, file));
  session.close();
  const findings = locationFindings(session.path);
  tellFindings(options, findings);
  const document = { project: session.path, findings };
  return printDocument(context, options, document, () => `${session.path}\n`);
}

export async function evaluateProject(
  context: CommandContext,
  file: string,
  options: EvaluateOptions,
): Promise<number> {
  const protocols = chooseProtocols(options);
  const requirements = (options.require ?? []).map(parseRequirement);
  return withSession(context, file, async (session) => {
    const run = runIdOf(session, options.run);
    const { columns, imagesWithPredictions } = session.data.predictions(run);
    const input = session.inputOf(run);
    const scored = await scoreAll(input, null, protocols, options, progressOnStderr(NOT_CANCELLED));
    const results = scored.map(({ result }) => result);
    const { format, categories } = session.data;
    const total = input.imageIds.length;
    const document = {
      reticle: context.version,
      inputs: {
        truth: { format, images: total, annotations: input.annotations.count, categories: categories.length },
        predictions: { format: 'coco-results', predictions: columns.count, run: session.run(run).name },
        join: { by: 'id', images: imagesWithPredictions, total, predictions: columns.count, left: 0 },
      },
      results,
      findings: categoryFindings(categories, new Set(input.annotations.category), new Set(columns.category)),
    };
    const code = await printDocument(context, options, document, () =>
      results.map(evaluationText).join('\n'),
    );
    return holdAll(requirements, results) ? code : EXIT.missed;
  });
}

async function readOperations(context: CommandContext, file: string): Promise<unknown> {
  const source =
    file === '-'
      ? await text(process.stdin)
      : await readFile(inFolder(context, file), 'utf8').catch((error: unknown) => {
          throw unreadable(error, file);
        });
  try {
    return JSON.parse(source.replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      'json-invalid',
      `The operations are not valid JSON: ${reason}.`,
      'Give a JSON list of operations.',
      { file },
    );
  }
}

export async function edit(context: CommandContext, file: string, options: EditOptions): Promise<number> {
  const given = await readOperations(context, options.operations);
  return withSession(context, file, async (session) => {
    const operations = parseOperations(session, given);
    await backUpBeforeBulk(session, operations.length, (text) => process.stderr.write(`warning: ${text}\n`));
    const label = `Edit (${operations.length})`;
    const outcome = session.apply(operations, authorOf(options.author), label, scoredBy(session, options));
    const { step, scores } = outcome;
    const document = { step, ...annotationsOf(outcome), scores, findings: NO_FINDINGS };
    return printDocument(context, options, document, () => `step ${step}\n${scoreText(scores)}`);
  });
}

type Scores = readonly {
  readonly run: string;
  readonly metric: string;
  readonly before: number | null;
  readonly after: number | null;
}[];
export const scoreText = (scores: Scores): string =>
  scores
    .map(
      ({ run, metric, before, after }) =>
        `${run}: ${metric} ${before?.toFixed(4) ?? '–'} -> ${after?.toFixed(4) ?? '–'}\n`,
    )
    .join('');

export async function travel(
  context: CommandContext,
  file: string,
  direction: 'undo' | 'redo',
  options: TravelOptions,
): Promise<number> {
  const count = Number(options.steps);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw usage(
      `--steps has to be a whole number from 1, not “${options.steps}”.`,
      'Leave it out for one step.',
    );
  }
  return withSession(context, file, (session) => {
    const { log } = session;
    const able = direction === 'undo' ? log.undoable : log.redoable;
    if (able.length < count) {
      const message = `Only ${able.length} steps can be ${direction === 'undo' ? 'undone' : 'done again'}; nothing was done.`;
      throw new BadInput('too-few-steps', message, 'Ask for fewer; project history lists them.');
    }
    const steps = able.slice(-count).reverse();
    const scored = scoredBy(session, options);
    const before = session.headlines(scored);
    const done = session.travel(direction, count, authorOf(options.author), scored);
    const scores = done.scores.map((score) => ({
      ...score,
      before:
        before.find(({ name, protocol }) => name === score.run && protocol === score.protocol)?.value ?? null,
    }));
    const document = {
      steps,
      scores,
      canUndo: log.undoable.length,
      canRedo: log.redoable.length,
      findings: NO_FINDINGS,
    };
    return printDocument(
      context,
      options,
      document,
      () => `${direction} ${steps.join(', ')}\n${scoreText(scores)}`,
    );
  });
}

export async function history(context: CommandContext, file: string, options: BaseOptions): Promise<number> {
  return withSession(context, file, (session) => {
    const entries = historyEntries(session);
    return printDocument(context, options, { entries, findings: NO_FINDINGS }, () =>
      entries
        .map(
          ({ step, time, author, action, of, changes }) =>
            `${step}  ${time}  ${author}  ${action}${of === null ? '' : ` of ${of}`}  ${changes.length} changes\n`,
        )
        .join(''),
    );
  });
}
