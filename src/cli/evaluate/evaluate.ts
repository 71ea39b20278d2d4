/** `reticle evaluate`: official scores from files, without a project. */
import type { Command } from 'commander';
import type { CommandContext, OutputOptions } from '../command';
import { printDocument, tellFindings, usage, withOutput } from '../command';
import type { RunCommand } from '../run-command';
import type { InputOptions } from './inputs';
import { readInputs } from './inputs';
import type { ScoringOptions } from './options';
import { chooseProtocols, collect, scoringOptions, withScoring } from './options';
import { parseShard, writePartial } from './partial';
import type { ReportOptions } from './report';
import { checkReport, report, withReport } from './report';

interface EvaluateOptions extends ScoringOptions, InputOptions, ReportOptions, OutputOptions {
  readonly shard?: string;
  readonly partial?: string;
}

export function registerEvaluate(program: Command, run: RunCommand): void {
  const command = program.command('evaluate').description('score predictions against ground truth');
  withOutput(withReport(withScoring(command)))
    .requiredOption(
      '--truth <path>',
      'ground truth: COCO JSON, a Pascal VOC folder, the tutorial’s CSV; - is stdin',
    )
    .requiredOption('--predictions <path>', 'COCO results; may be repeated; - is stdin', collect)
    .option('--against <path>', 'a second set of predictions to compare with; may be repeated', collect)
    .option('--images <folder>', 'folder of the images')
    .option('--label-map <file>', 'label_map.pbtxt')
    .option('--subset <name>', 'one split of the ground truth')
    .option('--categories <names>', 'only these classes, by name, with commas')
    .option('--image-labels <file>', 'verified labels of images: JSON rows or Open Images’ CSV')
    .option('--hierarchy <file>', 'classes above classes; truth and image labels are expanded first')
    .option('--format <name>', 'format of the ground truth')
    .option('--predictions-format <name>', 'format of the predictions')
    .option('--strict', 'a record that would be left out is an error')
    .option('--threads <count>', 'threads to use; never changes a result')
    .option('--shard <k/n>', 'only a share of the images, for merge-evaluations')
    .option('--partial <file>', 'where the share goes')
    .action((options: EvaluateOptions) => run(options, (context) => evaluate(context, options)));
}

async function evaluate(context: CommandContext, options: EvaluateOptions): Promise<number> {
  checkReport(options);
  if (options.shard !== undefined || options.partial !== undefined) return evaluateShare(context, options);
  const { main, against, described, findings } = await readInputs(context, options, chooseProtocols(options));
  const { input, records } = main;
  return report(context, options, { input, against: against?.input ?? null, described, findings, records });
}

async function evaluateShare(context: CommandContext, options: EvaluateOptions): Promise<number> {
  const { shard, partial } = options;
  if (shard === undefined || partial === undefined)
    throw usage('--shard and --partial go together.', 'Give both: --shard 1/4 --partial FILE.');
  for (const name of ['arrays', 'matches', 'against', 'require'] as const) {
    if (options[name] !== undefined)
      throw usage(`--${name} does not go with --shard.`, 'Give it to merge-evaluations, or leave it out.');
  }
  const share = parseShard(shard);
  const inputs = await readInputs(context, options, chooseProtocols(options));
  const { facts, columns } = await writePartial(context, partial, share, scoringOptions(options), inputs);
  const document = {
    reticle: context.version,
    partial,
    share,
    inputs: inputs.described,
    images: facts.imageIds.length,
    annotations: columns.truthRow.length,
    predictions: columns.predictionFileIndex.length,
    protocols: chooseProtocols(options),
    findings: inputs.findings,
  };
  tellFindings(options, inputs.findings);
  const { images, predictions } = document;
  return printDocument(
    context,
    options,
    document,
    () => `Part ${share.number} of ${share.of}: ${images} images, ${predictions} predictions -> ${partial}\n`,
  );
}
