/** Scores, writes the files asked for, and prints: the end of `evaluate` and of `merge-evaluations`. */
import type { Command } from 'commander';
import type { Finding } from '../../core/foundation/finding';
import type { ScoringInput } from '../../core/metrics/evaluation';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, inFolder, printDocument, progressOnStderr, tellFindings, usage } from '../command';
import { evaluationText } from './evaluation-text';
import { PROTOCOLS_WITH_ARRAYS, writeArrays, writeMatches } from './files';
import type { Inputs } from './inputs';
import type { ScoringOptions } from './options';
import { chooseProtocols } from './options';
import { missesRequirement, parseRequirement } from './requirement';
import { scoreAll } from './scoring';

export interface ReportOptions {
  readonly arrays?: string;
  readonly matches?: string;
}

export interface ReportInput {
  readonly input: ScoringInput;
  readonly against: ScoringInput | null;
  readonly described: Inputs['described'];
  readonly findings: readonly Finding[];
  /** Records of the predictions' files. */
  readonly records: number;
}

const NOT_CANCELLED = { cancelled: false };

export function withReport(command: Command): Command {
  return command
    .option(
      '--arrays <folder>',
      `write the protocol’s arrays as float64 (${PROTOCOLS_WITH_ARRAYS.join(', ')})`,
    )
    .option('--matches <file>', 'write what became of every box at one IoU');
}

/** Throws on usage errors, before anything is read. */
export function checkReport(options: ScoringOptions & ReportOptions): void {
  const protocols = chooseProtocols(options);
  (options.require ?? []).forEach(parseRequirement);
  if (options.matches !== undefined && protocols.length !== 1)
    throw usage('--matches goes with one protocol.', 'Name one with --protocol.');
  if (options.arrays !== undefined && !protocols.some((one) => PROTOCOLS_WITH_ARRAYS.includes(one)))
    throw usage(`--arrays goes with ${PROTOCOLS_WITH_ARRAYS.join(', ')}.`, 'Add one of them to --protocol.');
}

export async function report(
  context: CommandContext,
  options: ScoringOptions & ReportOptions & OutputOptions,
  { input, against, described, findings, records }: ReportInput,
): Promise<number> {
  const protocols = chooseProtocols(options);
  const requirements = (options.require ?? []).map(parseRequirement);
  const scored = scoreAll(input, against, protocols, options, progressOnStderr(NOT_CANCELLED));
  if (options.arrays !== undefined) await writeArrays(inFolder(context, options.arrays), scored);
  if (options.matches !== undefined)
    await writeMatches(inFolder(context, options.matches), scored[0]!, records, options.iou);
  const results = scored.map(({ result }) => result);
  const document = { reticle: context.version, inputs: described, results, findings };
  tellFindings(options, findings);
  const code = await printDocument(context, options, document, () => results.map(evaluationText).join('\n'));
  return requirements.some((requirement) => missesRequirement(requirement, results)) ? EXIT.missed : code;
}
