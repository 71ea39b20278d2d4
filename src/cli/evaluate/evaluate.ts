/** `reticle evaluate`: official scores from files, without a project. */
import type { Command } from 'commander';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, inFolder, printDocument, progressOnStderr, tellFindings, usage, withOutput } from '../command';
import type { RunCommand } from '../run-command';
import { evaluationText } from './evaluation-text';
import { PROTOCOLS_WITH_ARRAYS, writeArrays, writeMatches } from './files';
import type { InputOptions } from './inputs';
import { readInputs } from './inputs';
import type { ScoringOptions } from './options';
import { chooseProtocols, collect, withScoring } from './options';
import { missesRequirement, parseRequirement } from './requirement';
import { scoreAll } from './scoring';

interface EvaluateOptions extends ScoringOptions, InputOptions, OutputOptions {
  readonly arrays?: string;
  readonly matches?: string;
}

const NOT_CANCELLED = { cancelled: false };

export function registerEvaluate(program: Command, run: RunCommand): void {
  const command = program.command('evaluate').description('score predictions against ground truth');
  withOutput(withScoring(command))
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
    .option('--format <name>', 'format of the ground truth')
    .option('--predictions-format <name>', 'format of the predictions')
    .option('--strict', 'a record that would be left out is an error')
    .option('--threads <count>', 'threads to use; never changes a result')
    .option('--arrays <folder>', 'write the protocol’s arrays as float64 (coco, lvis)')
    .option('--matches <file>', 'write what became of every box at one IoU')
    .action((options: EvaluateOptions) => run(options, (context) => evaluate(context, options)));
}

async function evaluate(context: CommandContext, options: EvaluateOptions): Promise<number> {
  const protocols = chooseProtocols(options);
  const requirements = (options.require ?? []).map(parseRequirement);
  if (options.matches !== undefined && protocols.length !== 1)
    throw usage('--matches goes with one protocol.', 'Name one with --protocol.');
  if (options.arrays !== undefined && !protocols.some((one) => PROTOCOLS_WITH_ARRAYS.includes(one)))
    throw usage(`--arrays goes with ${PROTOCOLS_WITH_ARRAYS.join(', ')}.`, 'Add one of them to --protocol.');
  const { main, against, described, findings } = await readInputs(context, options);
  const progress = progressOnStderr(NOT_CANCELLED);
  const scored = scoreAll(main.input, against?.input ?? null, protocols, options, progress);
  if (options.arrays !== undefined) await writeArrays(inFolder(context, options.arrays), scored);
  if (options.matches !== undefined)
    await writeMatches(inFolder(context, options.matches), scored[0]!, main.records, options.iou);
  const results = scored.map(({ result }) => result);
  const document = { reticle: context.version, inputs: described, results, findings };
  tellFindings(options, findings);
  const code = await printDocument(context, options, document, () => results.map(evaluationText).join('\n'));
  return requirements.some((requirement) => missesRequirement(requirement, results)) ? EXIT.missed : code;
}
