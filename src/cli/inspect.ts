/** `reticle inspect`: what a path holds, and what is remarkable about it. */
import type { Command } from 'commander';
import type { Finding } from '../core/foundation/finding';
import { BadInput } from '../core/foundation/bad-input';
import type { BoxStatistics } from '../core/dataset/statistics';
import { boxStatistics, countByClass, truthStatistics } from '../core/dataset/statistics';
import type { BoxConvention, ConventionChoice } from '../core/formats/conventions/box-convention';
import type { ConventionReading } from '../core/formats/conventions/convention';
import { conventionWords } from '../core/formats/conventions/convention';
import { loadLabelMap, loadPredictions, loadTruth } from '../engine/import/load';
import { recognise } from '../engine/import/recognise';
import { STANDARD_INPUT, inWords } from '../engine/import/standard-input';
import { isModel } from '../engine/inference/model-file';
import type { CommandContext, OutputOptions } from './command';
import { inFolder, printDocument, tellFindings, withOutput } from './command';
import type { ConventionOptions } from './conventions';
import { parseConventions, truthConventions, withConventionOptions } from './conventions';
import type { RunCommand } from './run-command';

interface InspectOptions extends OutputOptions, ConventionOptions {
  readonly images?: string;
  readonly subset?: string;
  readonly labelMap?: string;
  readonly strict?: boolean;
}

export function registerInspect(program: Command, run: RunCommand): void {
  const command = program.command('inspect').description('say what a path holds');
  withConventionOptions(withOutput(command), 'of what is read')
    .argument('<path>', 'a file or folder')
    .option('--images <folder>', 'folder of the images')
    .option('--subset <name>', 'one split')
    .option('--label-map <file>', 'label_map.pbtxt')
    .option('--strict', 'a record that would be left out is an error')
    .action((given: string, options: InspectOptions) =>
      run(options, (context) => inspect(context, given, options)),
    );
}

const choiceText = (choice: ConventionChoice): string =>
  Object.entries(choice)
    .map(([part, value]) => `${part}=${value}`)
    .join(',');

/** Widths, heights and areas in shares; what only pixels can say is not there. */
function withoutPixels(boxes: BoxStatistics) {
  const none = { min: null, p05: null, median: null, p95: null, max: null };
  return { ...boxes, aspectRatio: none, small: null, medium: null, large: null };
}

interface Inspection {
  readonly kind: string;
  readonly format: string | null;
  readonly why: string;
  readonly findings: readonly Finding[];
  readonly [key: string]: unknown;
}

async function inspect(context: CommandContext, given: string, options: InspectOptions): Promise<number> {
  const file = inFolder(context, given);
  if (file !== STANDARD_INPUT && (await isModel(file))) return inspectAsModel(context, file, options);
  const document = await describe(context, file, options);
  tellFindings(options, document.findings);
  return printDocument(context, options, document, () => inspectionText(document));
}

async function inspectAsModel(
  context: CommandContext,
  file: string,
  options: InspectOptions,
): Promise<number> {
  const { inspectModel, modelText } = await import('./inspect-model');
  const labelMap = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
  const model = await inspectModel(file, labelMap);
  tellFindings(options, model.findings);
  return printDocument(context, options, { ...model }, () => modelText(model));
}

async function describe(context: CommandContext, file: string, options: InspectOptions): Promise<Inspection> {
  const recognised = await recognise(file);
  const { kind, format, why, path } = recognised;
  const images = options.images === undefined ? null : inFolder(context, options.images);
  const start = { kind, format, why };
  const none = { images: 0, annotations: 0, predictions: 0, categories: 0, imagesWithoutAnnotations: 0 };
  const nothing = { counts: none, classes: [], subsets: [], boxes: boxStatistics(new Float64Array(0)) };
  if (kind === 'truth') {
    const labelMap = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
    const loaded = await loadTruth(path, {
      recognised,
      images,
      subset: options.subset ?? null,
      labelMap,
      strict: options.strict ?? false,
      keepShares: true,
      ...truthConventions(options),
    });
    const { convention, ...told } = loaded.conventions;
    const statistics = truthStatistics(loaded.truth);
    return {
      ...start,
      ...statistics,
      ...(loaded.isInShares ? { boxes: withoutPixels(statistics.boxes) } : {}),
      subsets: loaded.subsets.map(({ name, images }) => ({ name, images })),
      conventions: { ...convention, ...told },
      findings: loaded.findings,
    };
  }
  if (kind === 'predictions') {
    const { raw } = await loadPredictions(path, {
      recognised,
      images,
      keepShares: true,
      strict: options.strict ?? false,
      conventions: parseConventions(options.conventions),
    });
    const { convention, ...told } = raw.conventions!;
    const byClass = countByClass(raw.categories.length, raw.image, raw.category);
    const classes = raw.categories
      .map((id, at) => ({
        id,
        name: String(id),
        annotations: 0,
        predictions: byClass[at]!.records,
        images: byClass[at]!.images,
      }))
      .sort((a, b) => Number(a.id) - Number(b.id) || (a.name < b.name ? -1 : 1));
    return {
      ...start,
      ...nothing,
      counts: { ...none, images: raw.images.length, predictions: raw.count, categories: classes.length },
      classes,
      boxes: boxStatistics(raw.box),
      conventions: { ...convention, ...told },
      findings: raw.findings,
    };
  }
  if (kind === 'label-map') {
    const entries = await loadLabelMap(path);
    return {
      ...start,
      ...nothing,
      counts: { ...none, categories: entries.length },
      classes: entries.map((entry) => ({ ...entry, annotations: 0, images: 0 })),
      findings: [],
    };
  }
  if (kind === 'images') {
    const { locatorOf } = await import('../engine/images/locate');
    return {
      ...start,
      ...nothing,
      counts: { ...none, images: (await locatorOf(path)).files.length },
      findings: [],
    };
  }
  const { describeLogs, describeProject } = await import('./inspect-others');
  if (kind === 'project') return { ...start, ...describeProject(path) };
  const logs = file === STANDARD_INPUT ? null : await describeLogs(path);
  if (logs) return { ...start, ...nothing, ...logs };
  throw new BadInput(
    'not-recognised',
    `${inWords(file)} is not recognised: ${why}.`,
    'Give ground truth, predictions, a label map or a folder of images.',
    { file },
  );
}

function inspectionText({
  kind,
  format,
  why,
  counts,
  classes,
  subsets,
  runs,
  trainings,
  conventions,
}: Inspection): string {
  const lines = [`${kind}${format ? `, ${format}` : ''}: ${why}`];
  if (conventions) {
    const read = conventions as BoxConvention & ConventionReading;
    lines.push(`  boxes: ${conventionWords(read)}`);
    if (read.suggested)
      lines.push(`  ${read.suggested.why} --conventions ${choiceText(read.suggested.choice)}`);
  }
  for (const [name, value] of Object.entries((counts ?? {}) as Record<string, number>))
    if (value > 0) lines.push(`  ${name}: ${value}`);
  for (const { id, name, annotations, predictions } of (classes ?? []) as {
    id: number | string;
    name: string;
    annotations: number;
    predictions?: number;
  }[]) {
    lines.push(`  ${id} ${name}: ${predictions ?? annotations}`);
  }
  for (const { name, images } of (subsets ?? []) as { name: string; images: number }[])
    lines.push(`  subset ${name}: ${images} images`);
  for (const { name, predictions } of (runs ?? []) as { name: string; predictions: number }[])
    lines.push(`  run ${name}: ${predictions} predictions`);
  for (const { name, steps, unit } of (trainings ?? []) as {
    name: string;
    steps: number | null;
    unit: string;
  }[])
    lines.push(`  training ${name}: ${steps === null ? 'a configuration alone' : `${steps} ${unit}s`}`);
  return `${lines.join('\n')}\n`;
}
