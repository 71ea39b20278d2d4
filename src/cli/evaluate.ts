/** `reticle evaluate`: official scores from files, without a project. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Join, PredictionColumns, Truth } from '../core/dataset/dataset';
import { matchRows } from '../core/errors/match-rows';
import { FindingCollector } from '../core/foundation/finding';
import type { Finding } from '../core/foundation/finding';
import { joinPredictions } from '../core/formats/join';
import type {
  CocoArrays,
  CocoParameters,
  EvaluationResult,
  AppProtocol,
  Scorer,
  ScoringInput,
  VocParameters,
} from '../core/metrics/evaluation';
import { APP_PROTOCOLS } from '../core/metrics/evaluation';
import { parseAreaRanges, parseIouThresholds, parseMaxDetections } from '../core/metrics/parameters';
import { createScorer } from '../core/metrics/scorer';
import { refuseTarget, writeFileWhole } from '../engine/export/atomic';
import { joinParts } from '../core/formats/coco/join-parts';
import type { LoadedTruth } from '../engine/import/load';
import { loadLabelMap, loadPredictions, loadTruth } from '../engine/import/load';
import type { CommandContext, OutputOptions } from './command';
import { EXIT, inFolder, printDocument, tellFindings, usage, withOutput } from './command';
import { evaluationText } from './evaluation-text';
import { missesRequirement, parseRequirement } from './requirement';
import type { RunCommand } from './run-command';

/** Protocols of the contract that this version does not have. */
const LATER_PROTOCOLS = [
  'tf-coco',
  'tf-pascal',
  'tf-weighted-pascal',
  'tf-precision-at-recall',
  'open-images-v2',
  'open-images-challenge',
  'lvis',
  'tide',
];

export interface ScoringOptions {
  readonly protocol?: string;
  readonly iou?: string;
  readonly maxDetections?: string;
  readonly areaRanges?: string;
  readonly area?: 'file' | 'box';
  readonly classAgnostic?: boolean;
  readonly boxSize?: 'inclusive' | 'edge';
  readonly iouRule?: 'above' | 'at-least';
  readonly score?: string;
  readonly curves?: boolean;
  readonly require?: readonly string[];
}

export interface EvaluateOptions extends ScoringOptions, OutputOptions {
  readonly truth: string;
  readonly predictions: readonly string[];
  readonly images?: string;
  readonly labelMap?: string;
  readonly subset?: string;
  readonly categories?: string;
  readonly format?: string;
  readonly predictionsFormat?: string;
  readonly strict?: boolean;
  readonly arrays?: string;
  readonly matches?: string;
}

const collect = (value: string, list: readonly string[] | undefined): readonly string[] => [
  ...(list ?? []),
  value,
];

/** Options that say how to score; shared with `project evaluate`. */
export function withScoring(command: Command): Command {
  return command
    .option('--protocol <names>', 'coco, voc2007, voc2012: one, a list with commas, or all')
    .option('--iou <thresholds>', 'IoU thresholds: 0.5, a list, or from:to:step')
    .option('--max-detections <limits>', 'limits per image and class (coco)')
    .option('--area-ranges <ranges>', 'all,small,medium,large or name:min:max,... (coco)')
    .addOption(new Option('--area <source>', 'where sizes come from (coco)').choices(['file', 'box']))
    .option('--class-agnostic', 'pool all classes (coco)')
    .addOption(new Option('--box-size <rule>', 'widths of boxes (voc)').choices(['inclusive', 'edge']))
    .addOption(
      new Option('--iou-rule <rule>', 'what matches at the threshold (voc)').choices(['above', 'at-least']),
    )
    .option('--score <threshold>', 'confidence at which counts stand')
    .option('--curves', 'add each class’s curve')
    .option('--require <condition>', "exit with 1 where it does not hold, as 'AP>=0.5'", collect);
}

export function registerEvaluate(program: Command, run: RunCommand): void {
  const command = program.command('evaluate').description('score predictions against ground truth');
  withOutput(withScoring(command))
    .requiredOption(
      '--truth <path>',
      'ground truth: COCO JSON, a Pascal VOC folder, the tutorial’s CSV; - is stdin',
    )
    .requiredOption('--predictions <path>', 'COCO results; may be repeated; - is stdin', collect)
    .option('--images <folder>', 'folder of the images')
    .option('--label-map <file>', 'label_map.pbtxt')
    .option('--subset <name>', 'one split of the ground truth')
    .option('--categories <names>', 'only these classes, by name, with commas')
    .option('--format <name>', 'format of the ground truth')
    .option('--predictions-format <name>', 'format of the predictions')
    .option('--strict', 'a record that would be left out is an error')
    .option('--threads <count>', 'threads to use; never changes a result')
    .option('--arrays <folder>', 'write precision, recall and scores as float64 (coco)')
    .option('--matches <file>', 'write what became of every box at one IoU')
    .action((options: EvaluateOptions) => run(options, (context) => evaluate(context, options)));
}

/** What the scorers take, read from the files. */
export interface Inputs {
  readonly input: ScoringInput;
  readonly inputs: { readonly truth: object; readonly predictions: object; readonly join: Join };
  readonly findings: readonly Finding[];
  readonly recordsInFiles: number;
}

async function evaluate(context: CommandContext, options: EvaluateOptions): Promise<number> {
  const chosen = chooseProtocols(options);
  const requirements = (options.require ?? []).map(parseRequirement);
  if (options.matches !== undefined && chosen.protocols.length !== 1)
    throw usage('--matches goes with one protocol.', 'Name one with --protocol.');
  if (options.arrays !== undefined && !chosen.protocols.includes('coco'))
    throw usage('--arrays goes with the protocol coco.', 'Add it to --protocol.');
  const inputs = await readInputs(context, options);
  const scored = scoreAll(inputs.input, chosen.protocols, options);
  if (options.arrays !== undefined)
    await writeArrays(
      inFolder(context, options.arrays),
      scored.map(({ scorer }) => scorer),
      chosen.protocols.length > 1,
    );
  if (options.matches !== undefined)
    await writeMatches(inFolder(context, options.matches), inputs, scored[0]!, options);
  const findings = [...inputs.findings, ...chosen.findings];
  const results = scored.map(({ result }) => result);
  const document = { reticle: context.version, inputs: inputs.inputs, results, findings };
  tellFindings(options, findings);
  const code = await printDocument(context, options, document, () => results.map(evaluationText).join('\n'));
  return requirements.some((requirement) => missesRequirement(requirement, results)) ? EXIT.missed : code;
}

/** Which of the chosen protocols an option belongs to; one that none has is a mistake. */
const OPTIONS_OF: Readonly<Record<string, readonly AppProtocol[]>> = {
  maxDetections: ['coco'],
  areaRanges: ['coco'],
  area: ['coco'],
  classAgnostic: ['coco'],
  boxSize: ['voc2007', 'voc2012'],
  iouRule: ['voc2007', 'voc2012'],
};

export function chooseProtocols(options: ScoringOptions): {
  protocols: readonly AppProtocol[];
  findings: readonly Finding[];
} {
  const names = (options.protocol ?? 'coco').split(',').map((name) => name.trim());
  const findings = new FindingCollector();
  const protocols = names.flatMap((name): readonly AppProtocol[] => {
    if (name === 'all') {
      findings.add(
        'protocols-not-available',
        'info',
        `This version does not have ${LATER_PROTOCOLS.join(', ')}; they were left out.`,
      );
      return APP_PROTOCOLS;
    }
    const known = APP_PROTOCOLS.find((protocol) => protocol === name);
    if (known) return [known];
    if (LATER_PROTOCOLS.includes(name))
      throw usage(`This version does not score ${name}.`, `It has ${APP_PROTOCOLS.join(', ')}.`);
    throw usage(`There is no protocol “${name}”.`, `Choose from ${APP_PROTOCOLS.join(', ')}.`);
  });
  for (const [option, owners] of Object.entries(OPTIONS_OF)) {
    if (
      options[option as keyof ScoringOptions] === undefined ||
      owners.some((owner) => protocols.includes(owner))
    )
      continue;
    const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw usage(
      `${flag} belongs to ${owners.join(', ')}, and none of them was chosen.`,
      'Leave it out, or choose the protocol.',
    );
  }
  return { protocols: [...new Set(protocols)], findings: findings.list() };
}

function parametersOf(
  options: ScoringOptions,
  protocol: AppProtocol,
): Partial<CocoParameters & VocParameters> {
  const iou = options.iou === undefined ? {} : { iou: parseIouThresholds(options.iou) };
  if (protocol !== 'coco') {
    return {
      ...iou,
      ...(options.boxSize ? { boxSize: options.boxSize } : {}),
      ...(options.iouRule ? { iouRule: options.iouRule } : {}),
    };
  }
  return {
    ...iou,
    ...(options.maxDetections === undefined
      ? {}
      : { maxDetections: parseMaxDetections(options.maxDetections) }),
    ...(options.areaRanges === undefined ? {} : { areaRanges: parseAreaRanges(options.areaRanges) }),
    ...(options.area ? { area: options.area } : {}),
    ...(options.classAgnostic ? { classAgnostic: true } : {}),
  };
}

export interface Scored {
  readonly scorer: Scorer;
  readonly result: EvaluationResult;
}

export function scoreAll(
  input: ScoringInput,
  protocols: readonly AppProtocol[],
  options: ScoringOptions,
): Scored[] {
  const score = options.score === undefined ? 0.5 : Number(options.score);
  if (!Number.isFinite(score))
    throw usage(`--score has to be a number, not “${options.score ?? ''}”.`, 'Give a confidence, as 0.5.');
  return protocols.map((protocol) => {
    const parameters = parametersOf(options, protocol);
    const scorer = createScorer(input, protocol, parameters);
    const iou = parameters.iou?.[0] ?? 0.5;
    const result = scorer.result({ iou, score });
    return { scorer, result: options.curves ? withCurves(result, scorer) : result };
  });
}

function withCurves(result: EvaluationResult, scorer: Scorer): EvaluationResult {
  const curves = new Map(scorer.curves().map(({ id, ...curve }) => [id, curve]));
  return { ...result, classes: result.classes.map((row) => ({ ...row, ...curves.get(row.id) })) };
}

async function readInputs(context: CommandContext, options: EvaluateOptions): Promise<Inputs> {
  const labelMapPath = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
  const labelMap = labelMapPath === null ? null : await loadLabelMap(labelMapPath);
  const strict = options.strict ?? false;
  const files = options.predictions.map((file) => inFolder(context, file));
  if ([inFolder(context, options.truth), ...files].filter((file) => file === '-').length > 1)
    throw usage('Standard input can be one file only.', 'Name the others.');
  const loaded = await loadTruth(inFolder(context, options.truth), {
    subset: options.subset ?? null,
    labelMap: labelMapPath,
    strict,
    format: options.format ?? null,
  });
  const raw = joinParts(
    await Promise.all(
      files.map((file) => loadPredictions(file, { strict, format: options.predictionsFormat ?? null })),
    ),
  );
  const joined = joinPredictions(loaded.truth, raw, {
    file: files.join(', '),
    strict,
    labelMap,
    hasUnchosenSubsets: loaded.hasUnchosenSubsets,
  });
  const { truth, predictions } = onlyCategories(loaded.truth, joined.predictions, options.categories);
  return {
    input: {
      imageIds: truth.images.map(({ id }) => id),
      categories: truth.categories,
      annotations: truth.annotations,
      predictions,
    },
    inputs: describeInputs(loaded, raw.recordsInFile, joined.join),
    findings: [
      ...loaded.findings,
      ...raw.findings,
      ...joined.findings,
      ...categoryFindings(truth, predictions),
    ],
    recordsInFiles: raw.recordsInFile,
  };
}

const describeInputs = ({ truth }: LoadedTruth, predictions: number, join: Join): Inputs['inputs'] => ({
  truth: {
    format: truth.format,
    images: truth.images.length,
    annotations: truth.annotations.count,
    categories: truth.categories.length,
  },
  predictions: { format: 'coco-results', predictions },
  join,
});

/** Classes that the mean leaves out. */
export function categoryFindings(
  truth: Pick<Truth, 'categories' | 'annotations'>,
  predictions: PredictionColumns,
): Finding[] {
  const findings = new FindingCollector();
  const annotated = new Set(truth.annotations.category);
  const predicted = new Set(predictions.category);
  truth.categories.forEach(({ name }, index) => {
    if (annotated.has(index)) return;
    const tail = predicted.has(index) ? '; its predictions count nowhere' : '';
    findings.add(
      'category-without-truth',
      'info',
      `The class “${name}” has no ground truth, so its AP is undefined and in no mean${tail}.`,
    );
  });
  return findings.list();
}

function onlyCategories(
  truth: Truth,
  predictions: PredictionColumns,
  names: string | undefined,
): { truth: Truth; predictions: PredictionColumns } {
  if (names === undefined) return { truth, predictions };
  const wanted = names.split(',').map((name) => name.trim());
  const missing = wanted.find((name) => !truth.categories.some((category) => category.name === name));
  if (missing !== undefined)
    throw usage(
      `The ground truth has no class “${missing}”.`,
      `It has ${truth.categories.map(({ name }) => name).join(', ')}.`,
    );
  const kept = truth.categories.flatMap(({ name }, index) => (wanted.includes(name) ? [index] : []));
  const indexOf = new Map(kept.map((old, index) => [old, index]));
  const rowsOf = (category: Int32Array): number[] =>
    [...category.keys()].filter((row) => indexOf.has(category[row]!));
  const columns = (
    source: { readonly category: Int32Array; readonly image: Int32Array; readonly box: Float64Array },
    rows: readonly number[],
  ) => ({
    count: rows.length,
    image: Int32Array.from(rows, (row) => source.image[row]!),
    category: Int32Array.from(rows, (row) => indexOf.get(source.category[row]!)!),
    box: Float64Array.from(rows.flatMap((row) => [...source.box.subarray(row * 4, row * 4 + 4)])),
  });
  const rows = rowsOf(truth.annotations.category);
  const predicted = rowsOf(predictions.category);
  const { id, area, flags } = truth.annotations;
  return {
    truth: {
      ...truth,
      categories: kept.map((index) => truth.categories[index]!),
      annotations: {
        ...columns(truth.annotations, rows),
        id: Float64Array.from(rows, (row) => id[row]!),
        area: Float64Array.from(rows, (row) => area[row]!),
        flags: Uint8Array.from(rows, (row) => flags[row]!),
        extra: new Map<number, string>(),
      },
    },
    predictions: {
      ...columns(predictions, predicted),
      score: Float64Array.from(predicted, (row) => predictions.score[row]!),
      fileIndex: Uint32Array.from(predicted, (row) => predictions.fileIndex[row]!),
    },
  };
}

async function writeArrays(folder: string, scorers: readonly Scorer[], hasSeveral: boolean): Promise<void> {
  for (const scorer of scorers) {
    const arrays: CocoArrays | null = scorer.arrays();
    if (!arrays) continue;
    const target = hasSeveral ? path.join(folder, scorer.protocol) : folder;
    await mkdir(target, { recursive: true });
    for (const name of ['precision', 'recall', 'scores'] as const) {
      const { buffer, byteOffset, byteLength } = arrays[name];
      await writeFileWhole(path.join(target, `${name}.f64`), [
        new Uint8Array(buffer, byteOffset, byteLength),
      ]);
    }
    await writeFileWhole(path.join(target, 'shapes.json'), [`${JSON.stringify(arrays.shapes)}\n`]);
  }
}

async function writeMatches(
  file: string,
  { input, recordsInFiles }: Inputs,
  { scorer }: Scored,
  options: EvaluateOptions,
): Promise<void> {
  const thresholds = options.iou === undefined ? [0.5] : parseIouThresholds(options.iou);
  if (thresholds.length !== 1) throw usage('--matches is of one IoU.', 'Give one with --iou.');
  refuseTarget(file, []);
  const rows = matchRows(scorer, input, thresholds[0]!, recordsInFiles);
  await writeFileWhole(file, [`${JSON.stringify(rows)}\n`]);
}
