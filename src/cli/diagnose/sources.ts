/** What diagnosis takes besides truth and predictions: the training set, the training, numbers that were reported. */
import type { Truth } from '../../core/dataset/dataset';
import type { Scoring } from '../../core/diagnosis/load-situation';
import { loadSituation } from '../../core/diagnosis/load-situation';
import type { DiagnosisSources } from '../../core/diagnosis/rule';
import type { Situation } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { configuredRun } from '../../core/training/assemble-run';
import type { TrainingRun } from '../../core/training/training-run';
import { latestTraining } from '../../core/training/training-run';
import { loadPipelineConfig, loadTrainings } from '../../engine/training/load-trainings';
import { type Depth, lookAtImages, SAMPLE } from '../../engine/diagnosis/image-facts';
import type { LoadedTruth, VocCorners } from '../../engine/import/load';
import { loadPredictions, loadTruth } from '../../engine/import/load';
import { findImageRoot } from '../../engine/images/locate';
import type { CommandContext } from '../command';
import { inFolder, usage } from '../command';
import { parseReported } from './reported';

export interface SourceOptions {
  readonly train?: string;
  readonly trainImages?: string;
  readonly trainPredictions?: string;
  readonly logs?: string;
  readonly pipelineConfig?: string;
  readonly reported?: readonly string[];
  readonly strict?: boolean;
  /** Of the training set as well. */
  readonly vocCorners?: VocCorners;
}

export async function readSources(
  context: CommandContext,
  options: SourceOptions,
  scoring: Scoring,
  progress: Progress,
): Promise<{ readonly sources: DiagnosisSources; readonly findings: readonly Finding[] }> {
  const reported = (options.reported ?? []).map(parseReported);
  if (options.trainPredictions !== undefined && options.train === undefined)
    throw usage('--train-predictions needs --train.', 'Give the ground truth of the training set too.');
  const strict = options.strict ?? false;
  const train =
    options.train === undefined
      ? null
      : await loadTruth(inFolder(context, options.train), {
          strict,
          progress,
          keepUnlisted: true,
          vocCorners: options.vocCorners,
        });
  const folder = options.trainImages === undefined ? null : inFolder(context, options.trainImages);
  const facts = train && (await factsOf(train.truth, train.root, folder, SAMPLE, progress));
  const predicted = train && (await readPredicted(context, options, train, { ...scoring, facts }, progress));
  const training = await readTraining(context, options, progress);
  return {
    sources: {
      train: train && { truth: train.truth, facts, predicted: predicted?.situation ?? null },
      training: training.run,
      resizers: training.resizers,
      reported,
    },
    findings: [...(train?.findings ?? []), ...(predicted?.findings ?? []), ...training.findings],
  };
}

/** What the model predicts on its own training images; null where that was not given. */
async function readPredicted(
  context: CommandContext,
  { trainPredictions, trainImages, strict = false }: SourceOptions,
  { truth, hasUnchosenSubsets }: LoadedTruth,
  { facts, ...scoring }: Scoring & Pick<Situation, 'facts'>,
  progress: Progress,
) {
  if (trainPredictions === undefined) return null;
  const file = inFolder(context, trainPredictions);
  const images = trainImages === undefined ? null : inFolder(context, trainImages);
  const { raw } = await loadPredictions(file, { strict, progress, truth, images });
  const join = { file, strict: false, labelMap: null, hasUnchosenSubsets };
  const loaded = loadSituation(truth, raw, join, scoring, facts);
  return { situation: loaded.situation, findings: [...raw.findings, ...loaded.findings] };
}

/** The training that the logs tell of, under the configuration that was named; null where neither was given. */
async function readTraining(
  context: CommandContext,
  options: SourceOptions,
  progress: Progress,
): Promise<{
  readonly run: TrainingRun | null;
  readonly resizers: NonNullable<DiagnosisSources['resizers']> | null;
  readonly findings: readonly Finding[];
}> {
  const named =
    options.pipelineConfig === undefined
      ? null
      : await loadPipelineConfig(inFolder(context, options.pipelineConfig));
  if (options.logs === undefined) return { run: named && configuredRun(named), resizers: null, findings: [] };
  const folder = inFolder(context, options.logs);
  const { runs, findings } = await loadTrainings(folder, progress);
  const run = latestTraining(runs);
  const trained = run.config?.resizer;
  const evaluated = named?.resizer;
  return {
    run: named ? { ...run, config: named } : run,
    resizers: trained && evaluated ? { trained, evaluated } : null,
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
export async function factsOf(
  truth: Truth,
  root: string,
  folder: string | null,
  depth: Depth,
  progress: Progress,
) {
  if (folder === null) return null;
  const names = truth.images.map(({ fileName }) => fileName);
  return lookAtImages(names, await findImageRoot(names, root, folder), progress, depth);
}
