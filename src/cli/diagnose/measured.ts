/** `--model`: the model runs again over some of the images, and what that shows is evidence. */
import type { Measurement } from '../../core/diagnosis/measured/measure-change';
import { onlyImages } from '../../core/diagnosis/selection';
import type { Situation } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { ImageFile } from '../../engine/images/image-file';
import type { MeasuredModel } from '../../engine/inference/measure/measure-model';
import { measureModel, predictOver, spreadImages } from '../../engine/inference/measure/measure-model';
import type { RunContext } from '../../engine/inference/predict/run-for-results';
import type { CommandContext } from '../command';
import { inFolder } from '../command';
import type { PlanOptions } from '../predict/options';
import { readOverrides, wholeNumber } from '../predict/options';

export interface ModelOptions extends PlanOptions {
  readonly model?: string;
  readonly modelImages?: string;
  readonly labelMap?: string;
}

const MODEL_IMAGES = '50';
const LIMITS = { scoreThreshold: 0.001, maxDetections: 100 } as const;

/** `files`: by index of the situation's images. Null where no model was named. */
export async function measuredWith(
  context: CommandContext,
  options: ModelOptions,
  situation: Situation,
  files: readonly (ImageFile | null)[],
  progress: Progress,
): Promise<Measurement | null> {
  if (options.model === undefined) return null;
  const total = situation.truth.images.length;
  const wanted = wholeNumber(options.modelImages ?? MODEL_IMAGES, '--model-images', 1);
  const chosen = spreadImages(total, wanted);
  const measured = await measureModel(
    runContextOf(context),
    modelOf(context, options, options.model),
    onlyImages(situation, chosen),
    chosen.map((image) => files[image] ?? null),
    total,
    'all',
    progress,
  );
  if (measured.fallback !== null) process.stderr.write(`reticle: ${measured.fallback}\n`);
  return measured;
}

/** The same model over images that it was trained on: how far its score could come. Null where no model was named. */
export async function trainedWith(
  context: CommandContext,
  options: ModelOptions,
  situation: Situation,
  files: readonly (ImageFile | null)[],
  progress: Progress,
): Promise<Situation | null> {
  if (options.model === undefined) return null;
  const present = [...files.keys()].filter((image) => files[image] !== null);
  const wanted = wholeNumber(options.modelImages ?? MODEL_IMAGES, '--model-images', 1);
  const chosen = spreadImages(present.length, wanted).map((place) => present[place]!);
  if (chosen.length === 0) return null;
  return predictOver(
    runContextOf(context),
    modelOf(context, options, options.model),
    onlyImages(situation, chosen),
    chosen.map((image) => files[image]!),
    progress,
  );
}

const runContextOf = ({ startModel, dataFolder }: CommandContext): RunContext => ({
  start: startModel,
  dataFolder,
});

function modelOf(context: CommandContext, options: ModelOptions, model: string): MeasuredModel {
  return {
    path: inFolder(context, model),
    labelMap: options.labelMap === undefined ? null : inFolder(context, options.labelMap),
    overrides: readOverrides(options),
    backend: 'auto',
    batch: null,
    ...LIMITS,
  };
}
