/** Options that `diagnose` and `project diagnose` share. */
import type { Command } from 'commander';
import { collect } from '../command';
import { withPlanOptions } from '../predict/register';

export function withSources(command: Command): Command {
  return withPlanOptions(command)
    .option('--model <path>', 'the model: run again over some of the images, as evidence')
    .option('--model-images <number>', 'images it runs over, evenly spread', '50')
    .option('--train <path>', 'ground truth of the training set')
    .option('--train-images <folder>', 'folder of the training images')
    .option('--train-predictions <path>', 'predictions of the model on the training images')
    .option('--logs <folder>', 'a training, or the logs of one: event files, histories')
    .option('--pipeline-config <file>', 'pipeline.config of the training')
    .option('--reported <number>', "a number you were given, as 'AP=0.41'; may be repeated", collect)
    .option('--report <file>', 'write a report: one HTML file')
    .option('--report-without-names', 'leave file names out of the report')
    .option('--report-without-pictures', 'leave pictures of the examples out of the report');
}
