/** Scores, writes the files asked for, and prints: the end of `evaluate` and of `merge-evaluations`. */
import type { Finding } from '../../core/foundation/finding';
import type { ScoringInput } from '../../core/metrics/evaluation';
import type { CommandContext, OutputOptions } from '../command';
import { inFolder, progressOnStderr } from '../command';
import { concludeEvaluation } from './conclude';
import { writeArrays, writeMatches } from './files';
import type { Inputs, WrittenIds } from './inputs';
import type { ScoringOptions } from './options';
import { chooseProtocols } from './options';
import type { ReportOptions } from './report-options';
import { scoreAll } from './scoring';

export interface ReportInput {
  readonly input: ScoringInput;
  readonly against: ScoringInput | null;
  readonly described: Inputs['described'];
  readonly findings: readonly Finding[];
  /** Records of the predictions' files. */
  readonly records: number;
  readonly writtenIds: WrittenIds;
}

const NOT_CANCELLED = { cancelled: false };

export async function report(
  context: CommandContext,
  options: ScoringOptions & ReportOptions & OutputOptions,
  { input, against, described, findings, records, writtenIds }: ReportInput,
): Promise<number> {
  const protocols = chooseProtocols(options);
  const scored = await scoreAll(input, against, protocols, options, progressOnStderr(NOT_CANCELLED));
  if (options.arrays !== undefined) await writeArrays(inFolder(context, options.arrays), scored);
  if (options.matches !== undefined)
    await writeMatches(inFolder(context, options.matches), scored[0]!, records, options.iou, writtenIds);
  return concludeEvaluation(
    context,
    options,
    described,
    scored.map(({ result }) => result),
    findings,
  );
}
