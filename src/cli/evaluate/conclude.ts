/** The document of an evaluation, and the exit code that its findings and requirements ask for. */
import type { Finding } from '../../core/foundation/finding';
import type { CommandContext, OutputOptions } from '../command';
import { EXIT, printDocument, tellFindings } from '../command';
import { evaluationText } from './evaluation-text';
import type { ScoringOptions } from './options';
import { holdAll, parseRequirement } from './requirement';
import type { ScoredResult } from './scored-result';

export async function concludeEvaluation(
  context: CommandContext,
  options: ScoringOptions & OutputOptions,
  inputs: object,
  results: readonly ScoredResult[],
  findings: readonly Finding[],
): Promise<number> {
  const requirements = (options.require ?? []).map(parseRequirement);
  const document = { reticle: context.version, inputs, results, findings };
  tellFindings(options, findings);
  const code = await printDocument(context, options, document, () => results.map(evaluationText).join('\n'));
  return holdAll(requirements, results) ? code : EXIT.missed;
}
