/** `reticle predict`: its shape; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { BACKENDS } from '../../engine/inference/engines/session';
import type { RunCommand } from '../run-command';
import type { PredictOptions } from './options';
import { DECODER_CHOICES } from './options';

/** What overrides the file's own words: `predict` and `inspect`. */
export function withPlanOptions(command: Command): Command {
  return command
    .addOption(new Option('--decoder <name>', 'how the outputs are read').choices([...DECODER_CHOICES]))
    .option('--class-base <0|1>', 'number of the first class in the model’s output')
    .option('--background <column|none>', 'column of the class scores that is no object')
    .option('--input-size <HxW>', 'size of the network’s input')
    .addOption(new Option('--resize <how>', 'how images get that size').choices(['stretch', 'letterbox']))
    .option(
      '--normalise <MEAN/STD>',
      'per channel or one for all, such as 0.485,0.456,0.406/0.229,0.224,0.225',
    )
    .addOption(new Option('--channels <order>', 'order of the colours').choices(['rgb', 'bgr']));
}

export function registerPredict(program: Command, run: RunCommand): void {
  withPlanOptions(program.command('predict').description('run a detector over a folder of images'))
    .requiredOption('--model <path>', 'SavedModel folder, TF.js model.json or .onnx file')
    .requiredOption('--images <folder>', 'folder of the images')
    .requiredOption('--output <file>', 'where the predictions go, as COCO results; - is stdout')
    .option('--truth <path>', 'ground truth whose ids are used')
    .option('--subset <name>', 'one split of the ground truth')
    .option('--label-map <file>', 'label_map.pbtxt of the model')
    .addOption(new Option('--backend <name>', 'engine').choices(['auto', ...BACKENDS]).default('auto'))
    .option('--score-threshold <score>', 'boxes below it are left out', '0.001')
    .option('--max-detections <number>', 'the best so many boxes an image', '100')
    .option('--batch <number>', 'images a run')
    .option('--threads <number>', 'threads of the network')
    .option('--resume', 'go on with an unfinished output of the same model and options')
    .option('--shard <K/N>', 'one of N parts of the images')
    .option('--json', 'print one JSON document')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when a finding is at least that severe').choices([
        'info',
        'warning',
        'error',
      ]),
    )
    .action((options: PredictOptions) =>
      run(options, async (context) => (await import('./predict')).predict(context, options)),
    );
}
