/** `reticle diagnose`: why is the score low, from files, without a project. */
import type { Command } from 'commander';
import type { Truth } from '../../core/dataset/dataset';
import type { Measurement } from '../../core/diagnosis/measured/measure-change';
import type { TrainingSet } from '../../core/diagnosis/rule';
import { withoutPredictions } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { ImageFile } from '../../engine/images/image-file';
import { findImageRoot, resolveBelow } from '../../engine/images/locate';
import type { RunCommand } from '../run-command';
import type { CommandContext } from '../command';
import { collect, inFolder, progressOnStderr, usage, withOutput } from '../command';
import { withConventionOptions, withPredictionsConventions } from '../conventions';
import { withScoring } from '../evaluate/options';
import type { DiagnoseInputOptions, DiagnoseInputs } from './inputs';
import { readDiagnoseInputs } from './inputs';
import { diagnoseOnThread } from './diagnose-on-thread';
import type { ModelOptions } from './measured';
import { measuredWith, trainedWith } from './measured';
import { withSources } from './options';
import type { DiagnosisOutput } from './print';
import { checkReportTarget, printDiagnosis } from './print';

interface DiagnoseOptions extends DiagnoseInputOptions, DiagnosisOutput, ModelOptions {}

const NOT_CANCELLED = { cancelled: false };

export function registerDiagnose(program: Command, run: RunCommand): void {
  const command = program
    .command('diagnose')
    .description('say why the score is low, and what each cause costs');
  withConventionOptions(withPredictionsConventions(withOutput(withSources(withScoring(command)))))
    .option('--truth <path>', 'ground truth, as for evaluate')
    .option('--predictions <path>', 'predictions; may be repeated', collect)
    .option('--images <folder>', 'folder of the images: sizes and EXIF are read')
    .option('--label-map <file>', 'label_map.pbtxt')
    .option('--subset <name>', 'one split of the ground truth')
    .option('--format <name>', 'format of the ground truth')
    .option('--predictions-format <name>', 'format of the predictions')
    .option('--strict', 'a record that would be left out is an error')
    .option('--threads <count>', 'threads to use; never changes a result')
    .action((options: DiagnoseOptions) => run(options, (context) => runDiagnose(context, options)));
}

/** What the model shows when it runs over the images; null where none was named. */
async function measuredOf(
  context: CommandContext,
  options: DiagnoseOptions,
  { situation, truth }: DiagnoseInputs,
  progress: Progress,
): Promise<Measurement | null> {
  if (options.model === undefined) return null;
  if (truth === null || options.images === undefined)
    throw usage('--model needs --truth and --images.', 'Give the labels and the folder of the images.');
  const files = await filesOf(truth, inFolder(context, options.images));
  return measuredWith(context, options, situation ?? withoutPredictions(truth), files, progress);
}

/** The training set, with what the model predicts on it where the model and the images were named. */
async function trainOf(
  context: CommandContext,
  options: DiagnoseOptions,
  { situation, sources: { train } }: DiagnoseInputs,
  progress: Progress,
): Promise<TrainingSet | null> {
  if (!train || !situation || train.predicted || options.trainImages === undefined) return train;
  const files = await filesOf(train.truth, inFolder(context, options.trainImages));
  const labels = { ...withoutPredictions(train.truth), protocol: situation.protocol };
  const predicted = await trainedWith(context, options, labels, files, progress);
  return predicted ? { ...train, predicted } : train;
}

/** Of the images, by index. */
async function filesOf({ images }: Truth, folder: string): Promise<(ImageFile | null)[]> {
  const names = images.map(({ fileName }) => fileName);
  const locator = await findImageRoot(names, folder, folder);
  return names.map((name) => {
    const location = locator?.find(name) ?? null;
    return location === null ? null : resolveBelow(locator!.root, location);
  });
}

async function runDiagnose(context: CommandContext, options: DiagnoseOptions): Promise<number> {
  const progress = progressOnStderr(NOT_CANCELLED);
  checkReportTarget(options);
  const inputs = await readDiagnoseInputs(context, options, progress);
  const { situation, truth } = inputs;
  const measured = await measuredOf(context, options, inputs, progress);
  const train = await trainOf(context, options, inputs, progress);
  const sources = { ...inputs.sources, measured, train };
  const diagnosis = await diagnoseOnThread({ situation, truth, sources }, progress);
  const hasPictures = options.report !== undefined && options.images !== undefined && truth !== null;
  const files = hasPictures ? await filesOf(truth, inFolder(context, options.images)) : [];
  return printDiagnosis(context, options, inputs, diagnosis, { run: null, files, steps: [], olderSteps: 0 });
}
