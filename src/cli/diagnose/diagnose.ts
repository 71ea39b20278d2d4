/** `reticle diagnose`: why is the score low, from files, without a project. */
import type { Command } from 'commander';
import { diagnose } from '../../core/diagnosis/diagnose';
import { ADVICE_RULES } from '../../core/diagnosis/rules/advice';
import type { RunCommand } from '../run-command';
import type { CommandContext } from '../command';
import { progressOnStderr, withOutput } from '../command';
import { collect, withScoring } from '../evaluate/options';
import type { DiagnoseInputOptions } from './inputs';
import { readDiagnoseInputs } from './inputs';
import { withSources } from './options';
import type { DiagnosisOutput } from './print';
import { checkReportTarget, printDiagnosis } from './print';

interface DiagnoseOptions extends DiagnoseInputOptions, DiagnosisOutput {}

const NOT_CANCELLED = { cancelled: false };

export function registerDiagnose(program: Command, run: RunCommand): void {
  const command = program
    .command('diagnose')
    .description('say why the score is low, and what each cause costs');
  withOutput(withSources(withScoring(command)))
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

async function runDiagnose(context: CommandContext, options: DiagnoseOptions): Promise<number> {
  const progress = progressOnStderr(NOT_CANCELLED);
  checkReportTarget(context, options);
  const inputs = await readDiagnoseInputs(context, options, progress);
  const { situation, truth, sources } = inputs;
  const diagnosis = diagnose(situation, truth, sources, ADVICE_RULES, progress);
  return printDiagnosis(context, options, inputs, diagnosis);
}
