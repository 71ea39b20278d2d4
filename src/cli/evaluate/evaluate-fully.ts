/** `evaluate` of whatever inputs and protocols: read, joined and scored step by step. */
import type { CommandContext } from '../command';
import { printDocument, tellFindings, usage } from '../command';
import type { EvaluateOptions } from './evaluate-options';
import { readInputs } from './inputs';
import { chooseProtocols, scoringOptions } from './options';
import { parseShard, writePartial } from './partial';
import { report } from './report';

export async function evaluateFully(context: CommandContext, options: EvaluateOptions): Promise<number> {
  if (options.shard !== undefined || options.partial !== undefined) return evaluateShare(context, options);
  const { main, against, ...read } = await readInputs(context, options, chooseProtocols(options));
  return report(context, options, { ...read, ...main, against: against?.input ?? null });
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
