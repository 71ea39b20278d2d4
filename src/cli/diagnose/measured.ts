/** `--model`: the model runs again over some of the images, and what that shows is evidence. */
import path from 'node:path';
import type { Measurement } from '../../core/diagnosis/measured/measure-change';
import { onlyImages } from '../../core/diagnosis/selection';
import type { Situation } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import { measureModel, spreadImages } from '../../engine/inference/measure/measure-model';
import { startChildProcess } from '../../engine/inference/session/child-process';
import type { CommandContext } from '../command';
import { inFolder } from '../command';
import type { PlanOptions } from '../predict/options';
import { readOverrides, wholeNumber } from '../predict/options';

export interface ModelOptions extends PlanOptions {
  readonly model?: string;
  readonly modelImages?: string;
  readonly labelMap?: string;
}

const LIMITS = { scoreThreshold: 0.001, maxDetections: 100 } as const;

/** `files`: by index of the situation's images. Null where no model was named. */
export async function measuredWith(
  context: CommandContext,
  options: ModelOptions,
  situation: Situation,
  files: readonly (string | null)[],
  progress: Progress,
): Promise<Measurement | null> {
  if (options.model === undefined) return null;
  const total = situation.truth.images.length;
  const wanted = wholeNumber(options.modelImages ?? '50', '--model-images', 1);
  const chosen = spreadImages(total, wanted);
  const program = path.join(context.root, 'out', 'cli', 'inference.js');
  const measured = await measureModel(
    { start: () => startChildProcess(program), dataFolder: null },
    {
      path: inFolder(context, options.model),
      labelMap: options.labelMap === undefined ? null : inFolder(context, options.labelMap),
      overrides: readOverrides(options),
      backend: 'auto',
      batch: null,
      ...LIMITS,
    },
    onlyImages(situation, chosen),
    chosen.map((image) => files[image] ?? null),
    total,
    'all',
    progress,
  );
  if (measured.fallback !== null) process.stderr.write(`reticle: ${measured.fallback}\n`);
  return measured;
}
