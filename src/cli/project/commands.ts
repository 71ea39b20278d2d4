/** What the project commands do. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExportFormat } from '../../contract/export-formats';
import { EXPORT_FORMATS } from '../../contract/export-formats';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { joinPredictions } from '../../core/formats/join';
import { exportLabels } from '../../engine/export/labels';
import { annotationsOf } from '../../engine/handlers/edit';
import { findImageRoot } from '../../engine/images/locate';
import { unreadable } from '../../engine/import/files';
import { prepareTruth } from '../../engine/import/into-project';
import { loadLabelMap, loadPredictions, loadTruth } from '../../engine/import/load';
import type { ProjectImport } from '../../engine/project/import-data';
import type { Scored } from '../../engine/project/session';
import { ProjectSession } from '../../engine/project/session';
import { backUpQuietly, locationFindings } from '../../engine/project/safeguards';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, inFolder, printDocument, progressOnStderr, tellFindings, usage } from '../command';
import { evaluationText } from '../evaluate/evaluation-text';
import { categoryFindings } from '../evaluate/category-findings';
import type { ScoringOptions } from '../evaluate/options';
import { chooseProtocols } from '../evaluate/options';
import { missesRequirement, parseRequirement } from '../evaluate/requirement';
import { scoreAll } from '../evaluate/scoring';
import { historyEntries } from './history-entries';
import { parseOperations } from './operations';

export type BaseOptions = OutputOptions;
export interface ImportOptions extends OutputOptions {
  readonly truth?: string;
  readonly images?: string;
  readonly subset?: string;
  readonly labelMap?: string;
  readonly vocCorners?: 'edges' | 'official';
  readonly predictions?: string;
  readonly run?: string;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly strict?: boolean;
  readonly author?: string;
}
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
export interface ExportOptions extends OutputOptions {
  readonly to: string;
  readonly toFormat: string;
  readonly allowLoss?: boolean;
  readonly copyImages?: boolean;
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

export async function importInto(
  context: CommandContext,
  file: string,
  options: ImportOptions,
): Promise<number> {
  if (options.truth === undefined && options.predictions === undefined) {
    throw usage('There is nothing to import.', 'Give --truth, --predictions or both.');
  }
  return withSession(context, file, async (session) => {
    const read = await readImport(context, session, options);
    const { source, truth, findings } = read;
    if (options.dryRun) session.assertImportable(source);
    else {
      await backUpQuietly(session, (text) => process.stderr.write(`warning: ${text}\n`));
      session.import(source, { runs: null, protocols: ['coco'] }, progressOnStderr(NOT_CANCELLED));
    }
    const countOf = (columns: { readonly category: Int32Array } | null, index: number): number =>
      columns ? columns.category.reduce((sum, category) => sum + (category === index ? 1 : 0), 0) : 0;
    const document = {
      dryRun: options.dryRun ?? false,
      inputs: read.inputs,
      run: source.run?.name ?? null,
      classes: truth.categories.map(({ id, name }, index) => ({
        id,
        name,
        truth: countOf(truth.annotations, index),
        predictions: countOf(source.run?.predictions ?? null, index),
      })),
      subsets: read.subsets,
      findings,
    };
    tellFindings(options, findings);
    return printDocument(context, options, document, () => {
      const what = [
        source.truth ? `${truth.images.length} images, ${truth.annotations.count} boxes` : null,
        source.run ? `${source.run.predictions.count} predictions as ${source.run.name}` : null,
      ];
      return `${options.dryRun ? 'Would import' : 'Imported'} ${what.filter(Boolean).join(', ')}\n`;
    });
  });
}

async function readImport(context: CommandContext, session: ProjectSession, options: ImportOptions) {
  const progress = progressOnStderr(NOT_CANCELLED);
  const strict = options.strict ?? false;
  const labelMapPath = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
  const labelMap = labelMapPath === null ? null : await loadLabelMap(labelMapPath);
  const truthOptions = {
    subset: options.subset ?? null,
    labelMap: labelMapPath,
    strict,
    vocOfficial: options.vocCorners === 'official',
    keepExtra: true,
    images: options.images === undefined ? null : inFolder(context, options.images),
    progress,
  };
  const loaded =
    options.truth === undefined ? null : await loadTruth(inFolder(context, options.truth), truthOptions);
  const truth = loaded?.truth ?? session.data.asTruth();
  if (truth.images.length === 0)
    throw usage('The project has no ground truth yet.', 'Import it with --truth, first or together.');
  const predictionsPath = options.predictions === undefined ? null : inFolder(context, options.predictions);
  const predictions =
    predictionsPath === null
      ? null
      : await loadPredictions(predictionsPath, { strict, truth, images: truthOptions.images, progress });
  const raw = predictions?.raw ?? null;
  const hasUnchosenSubsets = loaded?.hasUnchosenSubsets ?? false;
  const joined =
    raw && joinPredictions(truth, raw, { file: predictionsPath!, strict, labelMap, hasUnchosenSubsets });
  const given = options.images === undefined ? null : inFolder(context, options.images);
  const locator =
    loaded &&
    (await findImageRoot(
      truth.images.map(({ fileName }) => fileName),
      loaded.root,
      given,
    ));
  const name = options.run ?? path.basename(predictionsPath ?? '').replace(/\.[^.]+$/, '');
  const sources = [options.truth, options.predictions].flatMap((one) =>
    one === undefined ? [] : [path.basename(one)],
  );
  const source: ProjectImport = {
    truth: loaded && (await prepareTruth(loaded.truth, locator, progress)),
    run: joined && { name, source: path.basename(predictionsPath!), predictions: joined.predictions },
    replace: options.replace ?? false,
    author: authorOf(options.author),
    label: `Import ${sources.join(', ')}`,
  };
  const { format, images, annotations, categories } = truth;
  return {
    source,
    truth,
    subsets: (loaded?.subsets ?? []).map((subset) => ({ name: subset.name, images: subset.images })),
    inputs: {
      truth: loaded && {
        format,
        images: images.length,
        annotations: annotations.count,
        categories: categories.length,
      },
      predictions: predictions && {
        format: predictions.format,
        predictions: predictions.raw.recordsInFile,
      },
      ...(joined ? { join: joined.join } : {}),
    },
    findings: [...(loaded?.findings ?? []), ...(raw?.findings ?? []), ...(joined?.findings ?? [])],
  };
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
    const results = scoreAll(input, null, protocols, options, progressOnStderr(NOT_CANCELLED)).map(
      ({ result }) => result,
    );
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
    return requirements.some((requirement) => missesRequirement(requirement, results)) ? EXIT.missed : code;
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
  return withSession(context, file, (session) => {
    const operations = parseOperations(session, given);
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

export async function exportProject(
  context: CommandContext,
  file: string,
  options: ExportOptions,
): Promise<number> {
  const format: ExportFormat | undefined = EXPORT_FORMATS.find((one) => one === options.toFormat);
  if (!format)
    throw usage(
      `This version does not write “${options.toFormat}”.`,
      `It writes ${EXPORT_FORMATS.join(', ')}.`,
    );
  return withSession(context, file, async (session) => {
    const { data, imageRoot } = session;
    const source = {
      truth: data.asTruth(),
      imageRoot,
      locations: data.images.map(({ location }) => location),
    };
    const to = inFolder(context, options.to);
    const consent = {
      allowLoss: options.allowLoss ?? false,
      copyImages: options.copyImages ?? false,
      sources: imageRoot === null ? [] : [imageRoot],
    };
    const { images, annotations, losses } = await exportLabels(
      source,
      format,
      to,
      consent,
      progressOnStderr(NOT_CANCELLED),
    );
    tellFindings(options, losses);
    const document = { format, to: options.to, images, annotations, findings: losses };
    return printDocument(
      context,
      options,
      document,
      () => `${to}: ${annotations} boxes of ${images} images\n`,
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
