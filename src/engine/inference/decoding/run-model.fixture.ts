/** Runs a model on one image, from file to boxes, with the given plan: for tests. */
import sharp from 'sharp';
import { decodeRun, settlePlan } from '../../../core/inference/decode';
import { filledBatch, inputMemory, inputShape, writeInput } from '../../../core/inference/input-tensor';
import type { DetectionLimits, Detections, ModelPlan } from '../../../core/inference/model';
import { placeImage } from '../../../core/inference/placement';
import type { RgbImage } from '../../../core/inference/resample';
import type { ModelSession } from '../engines/session';

export async function readPixels(file: string): Promise<RgbImage> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/** Boxes of one image, and the plan as the values of the run leave it. */
export async function runModel(
  session: ModelSession,
  plan: ModelPlan,
  image: RgbImage,
  limits: DetectionLimits,
): Promise<{ readonly detections: Detections; readonly plan: ModelPlan }> {
  const placement = placeImage(plan.input, image.width, image.height);
  const shape = inputShape(plan.input, placement, filledBatch(plan.input, 1));
  const data = inputMemory(
    plan.input.dtype,
    shape.reduce((product, size) => product * size, 1),
  );
  writeInput(plan.input, placement, image, data);
  const outputs = await session.run([{ name: plan.input.name, dtype: plan.input.dtype, shape, data }]);
  const settled = settlePlan(plan, outputs);
  return { detections: decodeRun(settled, outputs, [placement], limits)[0]!, plan: settled };
}
