/** `reticle evaluate`: official scores from files, without a project. */
import type { Command } from 'commander';
import type { CommandContext } from '../command';
import { collect, withOutput } from '../command';
import { withConventionOptions, withPredictionsConventions } from '../conventions';
import type { RunCommand } from '../run-command';
import type { EvaluateOptions } from './evaluate-options';
import { withScoring } from './options';
import { checkReport, withReport } from './report-options';

export function registerEvaluate(program: Command, run: RunCommand): void {
  const command = program.command('evaluate').description('score predictions against ground truth');
  withConventionOptions(withPredictionsConventions(withOutput(withReport(withScoring(command)))))
    .requiredOption('--truth <path>', 'ground truth in any format that is read; - is stdin')
    .requiredOption(
      '--predictions <path>',
      'predictions in any format that is read; may be repeated; - is stdin',
      collect,
    )
    .option('--against <path>', 'a second set of predictions to compare with; may be repeated', collect)
    .option('--images <folder>', 'folder of the images')
    .option('--label-map <file>', 'label_map.pbtxt')
    .option('--subset <name>', 'one split of the ground truth')
    .option('--categories <names>', 'only these classes, by name, with commas')
    .option('--image-labels <file>', 'verified labels of images: JSON rows or Open Images’ CSV')
    .option('--hierarchy <file>', 'classes above classes; truth and image labels are expanded first')
    .option('--format <name>', 'format of the ground truth, where its content leaves it open')
    .option('--predictions-format <name>', 'format of the predictions, likewise')
    .option('--strict', 'a record that would be left out is an error')
    .option('--threads <count>', 'threads to use; never changes a result')
    .option('--shard <k/n>', 'only a share of the images, for merge-evaluations')
    .option('--partial <file>', 'where the share goes')
    .action((options: EvaluateOptions) => run(options, (context) => evaluate(context, options)));
}

/** Ordinary COCO files go straight through the kernels; the readers and evaluators of all else are not even loaded. */
async function evaluate(context: CommandContext, options: EvaluateOptions): Promise<number> {
  checkReport(options);
  const { evaluateQuickly, isOrdinary } = await import('./evaluate-quickly');
  const code = isOrdinary(options) ? await evaluateQuickly(context, options) : null;
  if (code !== null) return code;
  const { evaluateFully } = await import('./evaluate-fully');
  return evaluateFully(context, options);
}
