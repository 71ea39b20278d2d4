/** `project import`: ground truth, predictions or both into a project; a second dataset, or the same files again. */
import path from 'node:path';
import type { Truth } from '../../core/dataset/dataset';
import type { UpdateRules } from '../../core/dataset/update-truth';
import { joinPredictions } from '../../core/formats/join';
import { findImageRoot } from '../../engine/images/locate';
import { combine, withMappedNames } from '../../engine/import/combine';
import { loadLabelMap, loadPredictions, loadTruth } from '../../engine/import/load';
import type { ProjectImport } from '../../engine/project/import-data';
import { backUpQuietly } from '../../engine/project/safeguards';
import type { ProjectSession } from '../../engine/project/session';
import { readClassMap } from '../classes';
import type { CommandContext, OutputOptions } from '../command';
import { inFolder, printDocument, progressOnStderr, tellFindings, usage } from '../command';
import type { ConventionOptions, PredictionsConventionOptions } from '../conventions';
import { parseConventions, truthConventions } from '../conventions';
import { NOT_CANCELLED, authorOf, withSession } from './commands';

export interface ImportOptions extends OutputOptions, ConventionOptions, PredictionsConventionOptions {
  readonly truth?: string;
  readonly images?: string;
  readonly subset?: string;
  readonly labelMap?: string;
  readonly classesMap?: string;
  readonly predictions?: string;
  readonly run?: string;
  readonly replace?: boolean;
  readonly add?: boolean;
  readonly update?: boolean;
  readonly overwriteEdits?: boolean;
  readonly removeMissing?: boolean;
  readonly dryRun?: boolean;
  readonly strict?: boolean;
  readonly author?: string;
}

/** How labels go into those that the project has; null: they take their place. */
function rulesOf(options: ImportOptions): UpdateRules | null {
  const { add = false, update = false, replace = false } = options;
  const { overwriteEdits = false, removeMissing = false } = options;
  if ([add, update].filter(Boolean).length > 1 || ((add || update) && options.truth === undefined))
    throw usage('--add and --update are two ways for --truth.', 'Give one of them, with --truth.');
  if (!update && (overwriteEdits || removeMissing))
    throw usage('--overwrite-edits and --remove-missing belong to --update.', 'Give --update too.');
  if (update && replace && options.predictions === undefined)
    throw usage('--replace exchanges the ground truth, --update keeps it.', 'Give one of them.');
  return add || update ? { how: add ? 'add' : 'update', overwriteEdits, removeMissing } : null;
}

export async function importInto(
  context: CommandContext,
  file: string,
  options: ImportOptions,
): Promise<number> {
  if (options.truth === undefined && options.predictions === undefined) {
    throw usage('There is nothing to import.', 'Give --truth, --predictions or both.');
  }
  const rules = rulesOf(options);
  return withSession(context, file, async (session) => {
    const read = await readImport(context, session, options, rules);
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
      ...(read.difference ? { difference: read.difference } : {}),
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

async function readImport(
  context: CommandContext,
  session: ProjectSession,
  options: ImportOptions,
  rules: UpdateRules | null,
) {
  const progress = progressOnStderr(NOT_CANCELLED);
  const strict = options.strict ?? false;
  const labelMapPath = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
  const labelMap = labelMapPath === null ? null : await loadLabelMap(labelMapPath);
  const truthOptions = {
    subset: options.subset ?? null,
    labelMap: labelMapPath,
    strict,
    ...truthConventions(options),
    keepExtra: true,
    images: options.images === undefined ? null : inFolder(context, options.images),
    progress,
  };
  const loaded =
    options.truth === undefined ? null : await loadTruth(inFolder(context, options.truth), truthOptions);
  const classes = await readClassMap(context, options.classesMap);
  const base = loaded?.truth ?? session.data.asTruth();
  if (base.images.length === 0)
    throw usage('The project has no ground truth yet.', 'Import it with --truth, first or together.');
  const predictionsPath = options.predictions === undefined ? null : inFolder(context, options.predictions);
  const predictions =
    predictionsPath === null
      ? null
      : await loadPredictions(predictionsPath, {
          strict,
          truth: base,
          images: truthOptions.images,
          conventions: parseConventions(options.predictionsConventions),
          progress,
        });
  const raw = predictions && (loaded ? predictions.raw : withMappedNames(predictions.raw, classes));
  const hasUnchosenSubsets = loaded?.hasUnchosenSubsets ?? false;
  const joined =
    raw && joinPredictions(base, raw, { file: predictionsPath!, strict, labelMap, hasUnchosenSubsets });
  const locator =
    loaded &&
    (await findImageRoot(
      base.images.map(({ fileName }) => fileName),
      loaded.root,
      truthOptions.images,
      loaded.holders,
      progress,
    ));
  const combined = await combine(
    {
      sources: loaded ? [{ truth: loaded.truth, locator }] : [],
      join: () => joined?.predictions ?? null,
      predictedPixels: raw?.conventions?.convention.pixels ?? 'by-size',
      classes,
      into: session,
      rules: session.data.images.length > 0 ? rules : null,
    },
    progress,
  );
  const truth: Truth = combined.truth?.truth ?? base;
  const name = options.run ?? path.basename(predictionsPath ?? '').replace(/\.[^.]+$/, '');
  const sources = [options.truth, options.predictions].flatMap((one) =>
    one === undefined ? [] : [path.basename(one)],
  );
  const source: ProjectImport = {
    truth: combined.truth,
    run: combined.predictions && {
      name,
      source: path.basename(predictionsPath!),
      predictions: combined.predictions,
    },
    isUpdate: combined.difference !== null,
    replace: options.replace ?? false,
    author: authorOf(options.author),
    label: `${rules === null ? 'Import' : rules.how === 'add' ? 'Add' : 'Update from'} ${sources.join(', ')}`,
  };
  const { format, images, annotations, categories } = base;
  return {
    source,
    truth,
    difference: combined.difference,
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
    findings: [
      ...(loaded?.findings ?? []),
      ...(locator?.findings ?? []),
      ...(raw?.findings ?? []),
      ...(joined?.findings ?? []),
      ...combined.findings,
    ],
  };
}
