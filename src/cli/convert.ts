/** `reticle convert`: a dataset or predictions in another format. */
import type { Command } from 'commander';
import type { ExportFormat } from '../contract/export-formats';
import { EXPORT_FORMATS } from '../contract/export-formats';
import type { Truth } from '../core/dataset/dataset';
import { mapClasses, orderClasses } from '../core/dataset/map-classes';
import { splitImages } from '../core/dataset/split';
import type { Finding } from '../core/foundation/finding';
import { joinPredictions } from '../core/formats/join';
import { predictionsWriterOf, truthWriterOf, writablePredictionsFormats } from '../core/formats/registry';
import { exportLabels } from '../engine/export/labels';
import { exportPredictions } from '../engine/export/predictions';
import { withImageSizes } from '../engine/export/sizes';
import { findImageRoot } from '../engine/images/locate';
import { loadLabelMap, loadPredictions, loadTruth } from '../engine/import/load';
import { recognise } from '../engine/import/recognise';
import { parseClassOrder, readClassMap } from './classes';
import type { CommandContext, OutputOptions } from './command';
import { inFolder, printDocument, progressOnStderr, tellFindings, usage, withOutput } from './command';
import type { ConventionOptions, PredictionsConventionOptions } from './conventions';
import {
  parseConventions,
  truthConventions,
  withConventionOptions,
  withPredictionsConventions,
} from './conventions';
import type { RunCommand } from './run-command';
import { parseSplit } from './shares';

interface ConvertOptions extends OutputOptions, ConventionOptions, PredictionsConventionOptions {
  readonly from: string;
  readonly to: string;
  readonly toFormat: string;
  readonly format?: string;
  readonly truth?: string;
  readonly images?: string;
  readonly labelMap?: string;
  readonly subset?: string;
  readonly strict?: boolean;
  readonly allowLoss?: boolean;
  readonly copyImages?: boolean;
  readonly split?: string;
  readonly classesMap?: string;
  readonly classOrder?: string;
  readonly seed: string;
}

export function registerConvert(program: Command, run: RunCommand): void {
  const command = program.command('convert').description('write a dataset or predictions in another format');
  withPredictionsConventions(withConventionOptions(withOutput(command)))
    .requiredOption('--from <path>', 'ground truth, or predictions with --truth')
    .requiredOption('--to <path>', 'target; it must not be there yet')
    .requiredOption('--to-format <format>', EXPORT_FORMATS.join(', '))
    .option('--format <format>', 'read as this format, whatever the content looks like')
    .option('--truth <path>', 'the ground truth that predictions are of')
    .option('--images <folder>', 'folder of the images')
    .option('--label-map <file>', 'label_map.pbtxt')
    .option('--subset <name>', 'one split')
    .option('--strict', 'a record that would be left out is an error')
    .option('--allow-loss', 'convert although something is lost')
    .option('--copy-images', 'copy the images too')
    .option('--classes-map <file>', 'JSON of names: {"old": "new", "left out": null}')
    .option('--class-order <names>', 'numbers classes in this order, with commas')
    .option('--split <shares>', 'new subsets at random, such as train=0.8,val=0.2')
    .option('--seed <number>', 'of the split', '0')
    .action((options: ConvertOptions) => run(options, (context) => convert(context, options)));
}

async function convert(context: CommandContext, options: ConvertOptions): Promise<number> {
  const writesTruth = EXPORT_FORMATS.find((format) => format === options.toFormat) !== undefined;
  const writesPredictions = predictionsWriterOf(options.toFormat) !== undefined;
  if (!writesTruth && !writesPredictions)
    throw usage(
      `This version does not write “${options.toFormat}”.`,
      `It writes ${EXPORT_FORMATS.join(', ')}; of predictions ${writablePredictionsFormats().join(', ')}.`,
    );
  const isPredictions =
    options.truth !== undefined ||
    (!options.format && (await recognise(inFolder(context, options.from))).kind === 'predictions');
  if (!isPredictions && !writesTruth)
    throw usage(
      `“${options.toFormat}” is for predictions, and ${options.from} is not.`,
      'Give predictions with --truth, or another --to-format.',
    );
  if (isPredictions && options.truth === undefined)
    throw usage(
      'Predictions need their ground truth to be converted: it names images and classes.',
      'Give it with --truth.',
    );
  if (isPredictions && !writesPredictions)
    throw usage(
      `“${options.toFormat}” cannot hold predictions.`,
      `Those that can: ${writablePredictionsFormats().join(', ')}.`,
    );
  return isPredictions ? convertPredictions(context, options) : convertTruth(context, options);
}

const readOptions = (context: CommandContext, options: ConvertOptions) => ({
  subset: options.subset ?? null,
  labelMap: options.labelMap === undefined ? null : inFolder(context, options.labelMap),
  images: options.images === undefined ? null : inFolder(context, options.images),
  strict: options.strict ?? false,
  ...truthConventions(options),
  keepExtra: true,
  progress: progressOnStderr({ cancelled: false }),
});

/** A subset that was chosen is the whole; its name stays where the format has room for it. */
function withChosenSubsets(truth: Truth, options: ConvertOptions): Truth {
  const split = parseSplit(options);
  const keeps = truthWriterOf(options.toFormat)!.expresses.subsets;
  if (split && !keeps && !options.allowLoss)
    throw usage(
      `“${options.toFormat}” cannot hold the subsets that --split makes.`,
      'Allow the loss (--allow-loss), or convert each subset with --subset.',
    );
  if (split) return splitImages(truth, split.shares, split.seed);
  if (options.subset === undefined) return truth;
  return { ...truth, subsets: truth.subsets.filter(({ name }) => keeps && name === options.subset) };
}

async function convertTruth(context: CommandContext, options: ConvertOptions): Promise<number> {
  const from = inFolder(context, options.from);
  const reading = readOptions(context, options);
  const { images, progress } = reading;
  const loaded = await loadTruth(from, { ...reading, format: options.format ?? null });
  const named = mapClasses(loaded.truth, null, await readClassMap(context, options.classesMap)).truth;
  const order = parseClassOrder(options.classOrder);
  const chosen = withChosenSubsets(order.length > 0 ? orderClasses(named, order) : named, options);
  const format = options.toFormat as ExportFormat;
  // Where they are not needed they are welcome all the same, but not worth a search.
  const wantsSizes = truthWriterOf(format)!.expresses.needsSizes || images !== null;
  const truth = wantsSizes ? await withImageSizes(chosen, loaded.root, images, loaded.holders) : chosen;
  const names = truth.images.map(({ fileName }) => fileName);
  const locator = options.copyImages
    ? await findImageRoot(names, loaded.root, images, loaded.holders, progress)
    : null;
  const to = inFolder(context, options.to);
  const { annotations, losses } = await exportLabels(
    {
      truth,
      imageRoot: locator?.root ?? null,
      locations: names.map((name) => locator?.find(name) ?? null),
    },
    format,
    to,
    {
      allowLoss: options.allowLoss ?? false,
      copyImages: options.copyImages ?? false,
      sources: [from, ...(images === null ? [] : [images])],
    },
    progress,
  );
  const missing = options.copyImages ? names.filter((name) => !locator?.find(name)).length : 0;
  const findings: Finding[] = [...loaded.findings, ...(locator?.findings ?? []), ...losses];
  if (missing > 0)
    findings.push({
      code: 'images-not-found',
      severity: 'warning',
      message: 'Image files were not found, so they were not copied.',
      where: {},
      count: missing,
    });
  return told(context, options, { images: names.length, annotations, findings });
}

async function convertPredictions(context: CommandContext, options: ConvertOptions): Promise<number> {
  const from = inFolder(context, options.from);
  const truthPath = inFolder(context, options.truth!);
  const reading = readOptions(context, options);
  const { truth, findings, root, holders, hasUnchosenSubsets } = await loadTruth(truthPath, reading);
  const sized = predictionsWriterOf(options.toFormat)!.needsSizes
    ? await withImageSizes(truth, root, reading.images, holders)
    : truth;
  const { raw } = await loadPredictions(from, {
    ...reading,
    format: options.format ?? null,
    truth: sized,
    conventions: parseConventions(options.predictionsConventions),
  });
  const labelMap = reading.labelMap === null ? null : await loadLabelMap(reading.labelMap);
  const { predictions: all, ...joined } = joinPredictions(sized, raw, {
    file: from,
    strict: reading.strict,
    labelMap,
    hasUnchosenSubsets,
  });
  const mapped = mapClasses(sized, all, await readClassMap(context, options.classesMap));
  const predictions = mapped.predictions!;
  const losses = await exportPredictions(
    mapped.truth,
    predictions,
    options.toFormat,
    inFolder(context, options.to),
    {
      allowLoss: options.allowLoss ?? false,
      sources: [from, truthPath, ...(reading.images === null ? [] : [reading.images])],
    },
    reading.progress,
  );
  return told(context, options, {
    images: joined.join.images,
    annotations: 0,
    predictions: predictions.count,
    findings: [...findings, ...raw.findings, ...joined.findings, ...losses],
  });
}

interface Told {
  readonly images: number;
  readonly annotations: number;
  readonly predictions?: number;
  readonly findings: readonly Finding[];
}

function told(context: CommandContext, options: ConvertOptions, done: Told): Promise<number> {
  tellFindings(options, done.findings);
  const document = { format: options.toFormat, to: options.to, ...done };
  const boxes =
    done.predictions === undefined ? `${done.annotations} boxes` : `${done.predictions} predictions`;
  return printDocument(
    context,
    options,
    document,
    () => `${options.to}: ${boxes} of ${done.images} images\n`,
  );
}
