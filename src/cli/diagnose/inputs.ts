/** From the files named on the command line to what diagnosis takes. */
import type { Join, Truth } from '../../core/dataset/dataset';
import type { Situation } from '../../core/diagnosis/situation';
import type { DiagnosisSources, TrainingSet } from '../../core/diagnosis/rule';
import { loadSituation } from '../../core/diagnosis/load-situation';
import { predictedTraining } from '../../core/diagnosis/training-score';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { joinParts } from '../../core/formats/coco/join-parts';
import { SAMPLE, SIZES_ONLY } from '../../engine/diagnosis/image-facts';
import { loadLabelMap, loadPredictions, loadTruth } from '../../engine/import/load';
import type { CommandContext } from '../command';
import { inFolder, usage } from '../command';
import type { ConventionOptions, PredictionsConventionOptions } from '../conventions';
import { parseConventions, truthConventions } from '../conventions';
import type { ScoringOptions } from '../evaluate/options';
import { chooseProtocols, parametersOf } from '../evaluate/options';
import type { SourceOptions } from './sources';
import { factsOf, readSources } from './sources';

export interface DiagnoseInputOptions
  extends ScoringOptions, SourceOptions, ConventionOptions, PredictionsConventionOptions {
  readonly truth?: string;
  readonly predictions?: readonly string[];
  readonly images?: string;
  readonly labelMap?: string;
  readonly subset?: string;
  readonly format?: string;
  readonly predictionsFormat?: string;
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
          ...truthConventions(options),
        });
  const truth = loaded?.truth ?? null;
  const imagesFolder = options.images === undefined ? null : inFolder(context, options.images);
  // How images look is compared between two sets; of one alone only the sizes are asked.
  const depth = options.trainImages === undefined ? SIZES_ONLY : SAMPLE;
  const facts = truth && loaded && (await factsOf(truth, loaded.root, imagesFolder, depth, progress));
  const scoring = { protocol, parameters: parametersOf(options, protocol) };
  const joined =
    loaded && files.length > 0
      ? await readPredictions(
          loaded,
          files,
          imagesFolder === null ? options : { ...options, images: imagesFolder },
          labelMapPath,
          {
            ...scoring,
            facts,
            progress,
          },
        )
      : null;
  const { sources, findings } = await readSources(context, options, scoring, progress);
  return {
    situation: joined?.situation ?? null,
    truth,
    sources: { ...sources, facts, train: withPredicted(sources.train, joined?.situation ?? null) },
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
    findings: [...(loaded?.findings ?? []), ...(joined?.findings ?? []), ...findings],
  };
}

/** Predictions may name images of the training set too, where none of it were given by themselves. */
function withPredicted(train: TrainingSet | null, situation: Situation | null): TrainingSet | null {
  if (!train || !situation || train.predicted) return train;
  return { ...train, predicted: predictedTraining(situation, train.truth) };
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
    files.map((file) =>
      loadPredictions(file, {
        strict,
        format,
        progress,
        truth,
        images: imageFolder,
        conventions: parseConventions(options.predictionsConventions),
      }),
    ),
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
