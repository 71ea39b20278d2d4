/** From the files named on the command line to what the scorers take. */
import type { ImageLabels, Join, PredictionColumns, Truth } from '../../core/dataset/dataset';
import { FLAG_GROUP_OF } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import type { LabelMapEntry } from '../../core/formats/given-ids';
import { readImageLabels } from '../../core/formats/image-labels/read-image-labels';
import { joinPredictions } from '../../core/formats/join';
import { joinParts } from '../../core/formats/coco/join-parts';
import { decodeText } from '../../core/formats/text';
import { chooseCategories } from '../../core/metrics/choose-categories';
import type { Protocol, ScoringInput } from '../../core/metrics/evaluation';
import { expandHierarchy } from '../../core/metrics/object-detection-api/expand-hierarchy';
import { withLabelOne } from '../../core/metrics/object-detection-api/label-one';
import { isObjectDetectionApi } from '../../core/metrics/object-detection-api/parameters';
import { readWhole } from '../../engine/import/files';
import type { LoadedTruth } from '../../engine/import/load';
import { loadLabelMap, loadPredictions, loadTruth } from '../../engine/import/load';
import { giveBackColumns } from '../../engine/kernels/column-memory';
import type { CommandContext } from '../command';
import { inFolder, usage } from '../command';
import type { ConventionOptions, PredictionsConventionOptions } from '../conventions';
import { parseConventions, truthConventions } from '../conventions';
import { categoryFindings } from './category-findings';
import { threadsOf } from './options';

export interface InputOptions extends ConventionOptions, PredictionsConventionOptions {
  readonly truth: string;
  readonly predictions: readonly string[];
  readonly against?: readonly string[];
  readonly images?: string;
  readonly labelMap?: string;
  readonly subset?: string;
  readonly categories?: string;
  readonly imageLabels?: string;
  readonly hierarchy?: string;
  readonly format?: string;
  readonly predictionsFormat?: string;
  readonly strict?: boolean;
  readonly threads?: string;
  readonly asTensorflow2ReportsIt?: boolean;
}

/** One set of predictions, joined to the truth. */
export interface ScoredSet {
  readonly input: ScoringInput;
  readonly join: Join;
  /** Records of the files, those left out too. */
  readonly records: number;
}

/** By the number that an annotation was given on reading: its id as the truth has it. */
export type WrittenIds = ReadonlyMap<number, string>;

export interface Inputs {
  readonly main: ScoredSet;
  readonly against: ScoredSet | null;
  /** `inputs` of the document. */
  readonly described: { readonly truth: object; readonly predictions: object; readonly join: Join };
  readonly findings: readonly Finding[];
  readonly writtenIds: WrittenIds;
}

export async function readInputs(
  context: CommandContext,
  options: InputOptions,
  protocols: readonly Protocol[],
): Promise<Inputs> {
  const labelMapPath = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
  const labelMap = labelMapPath === null ? null : await loadLabelMap(labelMapPath);
  const files = options.predictions.map((file) => inFolder(context, file));
  const againstFiles = (options.against ?? []).map((file) => inFolder(context, file));
  const asGiven = await loadTruth(inFolder(context, options.truth), {
    subset: options.subset ?? null,
    labelMap: labelMapPath,
    strict: options.strict ?? false,
    format: options.format ?? null,
    ...truthConventions(options),
    keepUnlisted: protocols.some(isObjectDetectionApi),
    images: imagesFolder(context, options),
  });
  const loaded = options.asTensorflow2ReportsIt
    ? { ...asGiven, truth: withLabelOne(asGiven.truth) }
    : asGiven;
  const labels = await readLabels(context, loaded, options);
  const hierarchy = await readHierarchy(context, options);
  const source = {
    loaded,
    labelMap,
    labels: labels?.labels ?? null,
    hierarchy,
    images: imagesFolder(context, options),
  };
  const main = await readSet(source, files, options);
  const against = againstFiles.length === 0 ? null : await readSet(source, againstFiles, options);
  const { truth } = loaded;
  return {
    main: main.set,
    against: against?.set ?? null,
    described: {
      truth: {
        format: truth.format,
        images: truth.images.length,
        annotations: truth.annotations.count,
        categories: truth.categories.filter(({ isUnlisted }) => !isUnlisted).length,
      },
      predictions: { format: main.format, predictions: main.set.records },
      join: main.set.join,
    },
    findings: [
      ...loaded.findings,
      ...(labels?.findings ?? []),
      ...main.findings,
      ...(against?.findings ?? []),
      ...categoryFindings(
        main.set.input.categories,
        new Set(main.set.input.annotations.category),
        new Set(main.set.input.predictions.category),
      ),
      ...fieldFindings(main.set.input, protocols),
    ],
    writtenIds: truth.writtenIds ?? new Map(),
  };
}

const imagesFolder = (context: CommandContext, { images }: InputOptions): string | null =>
  images === undefined ? null : inFolder(context, images);

interface Source {
  readonly images: string | null;
  readonly loaded: LoadedTruth;
  readonly labelMap: readonly LabelMapEntry[] | null;
  readonly labels: ImageLabels | null;
  /** JSON of a hierarchy of classes; null where none is given. */
  readonly hierarchy: unknown;
}

async function readLabels(context: CommandContext, { truth }: LoadedTruth, options: InputOptions) {
  if (options.imageLabels === undefined) return null;
  const file = inFolder(context, options.imageLabels);
  return readImageLabels(await readWhole(file), truth, { file, strict: options.strict ?? false });
}

async function readHierarchy(context: CommandContext, { hierarchy }: InputOptions): Promise<unknown> {
  if (hierarchy === undefined) return null;
  const file = inFolder(context, hierarchy);
  const { text } = decodeText(await readWhole(file));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      'json-invalid',
      `The hierarchy is not valid JSON: ${reason}.`,
      'Give Open Images’ hierarchy.',
      {
        file,
      },
    );
  }
}

async function readSet(
  { loaded: { truth, hasUnchosenSubsets }, labelMap, labels, hierarchy, images }: Source,
  files: readonly string[],
  options: InputOptions,
): Promise<{ set: ScoredSet; format: string; findings: readonly Finding[] }> {
  const strict = options.strict ?? false;
  const format = options.predictionsFormat ?? null;
  const parts = await Promise.all(
    files.map((file) =>
      loadPredictions(file, {
        strict,
        format,
        truth,
        images,
        conventions: parseConventions(options.predictionsConventions),
        threads: threadsOf(options),
      }),
    ),
  );
  const raw = joinParts(parts.map((part) => part.raw));
  const { predictions, join, findings } = joinPredictions(truth, raw, {
    file: files.join(', '),
    strict,
    labelMap,
    hasUnchosenSubsets,
  });
  for (const part of parts) giveBackColumns(part.raw);
  const whole = { ...scoringInput(truth, predictions), imageLabels: labels };
  const expanded = hierarchy === null ? whole : expandHierarchy(hierarchy, whole);
  const input = onlyNamed(expanded, options.categories);
  return {
    set: { input, join, records: raw.recordsInFile },
    format: parts[0]?.format ?? 'coco-results',
    findings: [...raw.findings, ...findings],
  };
}

function scoringInput(truth: Truth, predictions: PredictionColumns): ScoringInput {
  return {
    imageIds: truth.images.map(({ id }) => id),
    categories: truth.categories,
    annotations: truth.annotations,
    predictions,
    federation: truth.federation ?? null,
  };
}

function onlyNamed(input: ScoringInput, names: string | undefined): ScoringInput {
  if (names === undefined) return input;
  const wanted = names.split(',').map((name) => name.trim());
  const missing = wanted.find((name) => !input.categories.some((category) => category.name === name));
  if (missing !== undefined)
    throw usage(
      `The ground truth has no class “${missing}”.`,
      `It has ${input.categories.map(({ name }) => name).join(', ')}.`,
    );
  return chooseCategories(
    input,
    input.categories.flatMap(({ name }, index) => (wanted.includes(name) ? [index] : [])),
  );
}

/** Protocols that read fields which the truth does not have; they are scored as their tools score such data. */
export function fieldFindings(input: ScoringInput, protocols: readonly Protocol[]): Finding[] {
  const findings = new FindingCollector();
  const add = (protocol: Protocol, what: string): void =>
    findings.add(
      'protocol-without-its-fields',
      'info',
      `The ground truth has no ${what}, which ${protocol} reads; it is scored as its tool scores such data.`,
    );
  if (protocols.includes('lvis')) {
    if (!input.categories.some(({ frequency }) => frequency)) add('lvis', 'frequency of classes');
    if (!input.federation) add('lvis', 'neg_category_ids and not_exhaustive_category_ids of images');
  }
  const openImages = protocols.find((protocol) => protocol.startsWith('open-images'));
  const hasGroups = input.annotations.flags.some((flags) => (flags & FLAG_GROUP_OF) !== 0);
  if (openImages && !hasGroups && !input.imageLabels) add(openImages, 'group_of boxes and no image labels');
  return findings.list();
}
