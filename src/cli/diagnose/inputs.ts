/** From the files named on the command line to what diagnosis takes. */
import type { Join, Truth } from '../../core/dataset/dataset';
import type { Situation } from '../../core/diagnosis/situation';
import type { DiagnosisSources } from '../../core/diagnosis/rule';
import { loadSituation } from '../../core/diagnosis/load-situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { joinParts } from '../../core/formats/coco/join-parts';
import { lookAtImages } from '../../engine/diagnosis/image-facts';
import { configuredRun } from '../../core/training/assemble-run';
import type { TrainingRun } from '../../core/training/training-run';
import { latestTraining } from '../../core/training/training-run';
import { loadPipelineConfig, loadTrainings } from '../../engine/training/load-trainings';
import { loadLabelMap, loadPredictions, loadTruth } from '../../engine/import/load';
import { findImageRoot } from '../../engine/images/locate';
import type { CommandContext } from '../command';
import { inFolder, usage } from '../command';
import type { ScoringOptions } from '../evaluate/options';
import { chooseProtocols, parametersOf } from '../evaluate/options';
import { parseReported } from './reported';

export interface DiagnoseInputOptions extends ScoringOptions {
  readonly truth?: string;
  readonly predictions?: readonly string[];
  readonly images?: string;
  readonly labelMap?: string;
  readonly subset?: string;
  readonly train?: string;
  readonly trainImages?: string;
  readonly logs?: string;
  readonly pipelineConfig?: string;
  readonly reported?: readonly string[];
  readonly format?: string;
  readonly predictionsFormat?: string;
  readonly strict?: boolean;
}

export interface DiagnoseInputs {
  readonly situation: Situation | null;
  readonly truth: Truth | null;
  readonly sources: DiagnosisSources;
  readonly described: {
    readonly truth: object | null;
    readonly predictions: object | null;
    readonly join: Join | null;
  };
  readonly findings: readonly Finding[];
}

export async function readDiagnoseInputs(
  context: CommandContext,
  options: DiagnoseInputOptions,
  progress: Progress,
): Promise<DiagnoseInputs> {
  const [protocol, ...more] = chooseProtocols(options);
  if (!protocol || more.length > 0) throw usage('Diagnosis is of one protocol.', 'Name one with --protocol.');
  const reported = (options.reported ?? []).map(parseReported);
  const labelMapPath = options.labelMap === undefined ? null : inFolder(context, options.labelMap);
  const files = (options.predictions ?? []).map((file) => inFolder(context, file));
  if (options.truth === undefined) {
    if (files.length > 0)
      throw usage('--predictions needs --truth.', 'Give the ground truth they are scored against.');
    if (options.pipelineConfig === undefined && options.logs === undefined)
      throw usage(
        'There is nothing to diagnose.',
        'Give --truth and --predictions, or --pipeline-config or --logs.',
      );
  }
  const reading = { strict: options.strict ?? false, labelMap: labelMapPath, progress, keepUnlisted: true };
  const loaded =
    options.truth === undefined
      ? null
      : await loadTruth(inFolder(context, options.truth), {
          ...reading,
          subset: options.subset ?? null,
          format: options.format ?? null,
        });
  const truth = loaded?.truth ?? null;
  const imagesFolder = options.images === undefined ? null : inFolder(context, options.images);
  const facts = truth && loaded && (await factsOf(truth, loaded.root, imagesFolder, progress));
  const train =
    options.train === undefined
      ? null
      : await loadTruth(inFolder(context, options.train), { ...reading, labelMap: null });
  const trainImages = options.trainImages === undefined ? null : inFolder(context, options.trainImages);
  const trainFacts = train && (await factsOf(train.truth, train.root, trainImages, progress));
  const joined =
    loaded && files.length > 0
      ? await readPredictions(
          loaded,
          files,
          imagesFolder === null ? options : { ...options, images: imagesFolder },
          labelMapPath,
          {
            protocol,
            parameters: parametersOf(options, protocol),
            facts,
            progress,
          },
        )
      : null;
  const training = await readTraining(context, options, progress);
  return {
    situation: joined?.situation ?? null,
    truth,
    sources: {
      train: train && { truth: train.truth, facts: trainFacts },
      training: training.run,
      reported,
    },
    described: {
      truth: truth && {
        format: truth.format,
        images: truth.images.length,
        annotations: truth.annotations.count,
        categories: truth.categories.filter(({ isUnlisted }) => !isUnlisted).length,
      },
      predictions: joined && { format: joined.format, predictions: joined.records },
      join: joined?.join ?? null,
    },
    findings: [loaded, train, joined, training].flatMap((part) => part?.findings ?? []),
  };
}

/** The training that the logs tell of, under the configuration that was named; null where neither was given. */
async function readTraining(
  context: CommandContext,
  options: DiagnoseInputOptions,
  progress: Progress,
): Promise<{ readonly run: TrainingRun | null; readonly findings: readonly Finding[] }> {
  const named =
    options.pipelineConfig === undefined
      ? null
      : await loadPipelineConfig(inFolder(context, options.pipelineConfig));
  if (options.logs === undefined) return { run: named && configuredRun(named), findings: [] };
  const folder = inFolder(context, options.logs);
  const { runs, findings } = await loadTrainings(folder, progress);
  const run = latestTraining(runs);
  return {
    run: named ? { ...run, config: named } : run,
    findings: runs.length === 1 ? findings : [...findings, severalTrainings(folder, run, runs)],
  };
}

function severalTrainings(file: string, { name }: TrainingRun, runs: readonly TrainingRun[]): Finding {
  const others = runs.filter((other) => other.name !== name).map((other) => other.name);
  return {
    code: 'several-trainings',
    severity: 'info',
    message: `Several trainings lie here; the latest, ${name}, is looked at. The others: ${others.join(', ')}.`,
    where: { file },
    count: others.length,
  };
}

/** Images are looked at where a folder is given; without one nothing is searched for. */
async function factsOf(truth: Truth, root: string, folder: string | null, progress: Progress) {
  if (folder === null) return null;
  const names = truth.images.map(({ fileName }) => fileName);
  return lookAtImages(names, await findImageRoot(names, root, folder), progress);
}

async function readPredictions(
  { truth, hasUnchosenSubsets }: Awaited<ReturnType<typeof loadTruth>>,
  files: readonly string[],
  options: DiagnoseInputOptions,
  labelMapPath: string | null,
  {
    facts,
    progress,
    ...scoring
  }: Pick<Situation, 'protocol' | 'parameters' | 'facts'> & { readonly progress: Progress },
) {
  const strict = options.strict ?? false;
  const imageFolder = options.images ?? null;
  const format = options.predictionsFormat ?? null;
  const parts = await Promise.all(
    files.map((file) => loadPredictions(file, { strict, format, progress, truth, images: imageFolder })),
  );
  const raw = joinParts(parts.map((part) => part.raw));
  const labelMap = labelMapPath === null ? null : await loadLabelMap(labelMapPath);
  const join = { file: files.join(', '), strict: false, labelMap, hasUnchosenSubsets };
  const loaded = loadSituation(truth, raw, join, scoring, facts);
  return {
    ...loaded,
    format: parts[0]?.format ?? 'coco-results',
    records: raw.recordsInFile,
    findings: [...raw.findings, ...loaded.findings],
  };
}
