/** `reticle merge-evaluations`: what one run over the whole set would print, from the parts of `evaluate --shard`. */
import type { Command } from 'commander';
import { joinShares } from '../../core/metrics/partial/share';
import type { CommandContext, OutputOptions } from '../command';
import { collect, withOutput } from '../command';
import type { RunCommand } from '../run-command';
import type { ScoringOptions } from './options';
import { checkParts, readPartial } from './partial';
import { report } from './report';
import type { ReportOptions } from './report-options';
import { checkReport, withReport } from './report-options';

type MergeOptions = Pick<ScoringOptions, 'confidenceInterval' | 'curves' | 'require'> &
  ReportOptions &
  OutputOptions;

export function registerMergeEvaluations(program: Command, run: RunCommand): void {
  const command = program
    .command('merge-evaluations')
    .description('put the parts of evaluate --shard together')
    .argument('<files...>', 'all parts, in any order');
  withOutput(withReport(command))
    .option('--confidence-interval <level>', 'add intervals by a bootstrap over images, as 0.95')
    .option('--curves', 'add each class’s curve')
    .option('--require <condition>', "exit with 1 where it does not hold, as 'AP>=0.5'", collect)
    .option('--threads <count>', 'threads to use; never changes a result')
    .action((files: string[], options: MergeOptions) =>
      run(options, (context) => merge(context, files, options)),
    );
}

async function merge(
  context: CommandContext,
  files: readonly string[],
  given: MergeOptions,
): Promise<number> {
  const parts = [];
  for (const file of files) parts.push(await readPartial(context, file));
  checkParts(parts);
  const { header } = parts[0]!;
  const options = { ...header.options, ...given };
  checkReport(options);
  const { described, findings, records } = header;
  const writtenIds = new Map(header.writtenIds);
  const input = joinShares(parts.map(({ share }) => share));
  return report(context, options, { input, against: null, described, findings, records, writtenIds });
}
