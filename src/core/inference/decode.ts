/** From the outputs of a run to boxes in pixels of the decoded image. */
import { decoderOf, planOf } from './understand';
import type { BoxUnit, DetectionLimits, Detections, ModelOutputs, ModelPlan, Placement } from './model';
import { suppress } from './suppression';

/** Pixels of the image for a place in the plan's unit, along one axis: place * factor + shift. */
function backToImage(unit: BoxUnit, inputSize: number, scale: number, offset: number) {
  if (unit === 'image') return { factor: 1, shift: 0 };
  return { factor: (unit === 'share' ? inputSize : 1) / scale, shift: -offset / scale };
}

/**
 * Boxes of the images of one run; `placements` says where each lies in its input, in the order of the batch. Candidates
 * from the threshold on, suppressed as the plan says, the best `maxDetections` kept.
 */
export function decodeRun(
  plan: ModelPlan,
  outputs: ModelOutputs,
  placements: readonly Placement[],
  limits: DetectionLimits,
): Detections[] {
  return placements.map((placement, index) => decodeImage(plan, outputs, index, placement, limits));
}

function decodeImage(
  plan: ModelPlan,
  outputs: ModelOutputs,
  index: number,
  placement: Placement,
  { scoreThreshold, maxDetections }: DetectionLimits,
): Detections {
  const { inputWidth, inputHeight } = placement;
  const candidates = decoderOf(plan.decoder.name).decode({
    plan: plan.decoder,
    outputs,
    index,
    inputWidth,
    inputHeight,
    scoreThreshold,
  });
  const kept = suppress(candidates, plan.decoder.suppression, maxDetections);
  const x = backToImage(plan.decoder.boxUnit, inputWidth, placement.scaleX, placement.offsetX);
  const y = backToImage(plan.decoder.boxUnit, inputHeight, placement.scaleY, placement.offsetY);
  const box = new Float64Array(kept.length * 4);
  kept.forEach((candidate, row) => {
    const [left, top, right, bottom] = candidates.corners.subarray(candidate * 4, candidate * 4 + 4);
    box[row * 4] = left! * x.factor + x.shift;
    box[row * 4 + 1] = top! * y.factor + y.shift;
    box[row * 4 + 2] = (right! - left!) * x.factor;
    box[row * 4 + 3] = (bottom! - top!) * y.factor;
  });
  return {
    count: kept.length,
    box,
    score: Float64Array.from(kept, (candidate) => candidates.score[candidate]!),
    classIndex: Int32Array.from(kept, (candidate) => candidates.classIndex[candidate]!),
  };
}

/**
 * The plan with what only values tell (which of two like outputs holds the scores, shares or pixels, raw or finished):
 * to be called with the outputs of the first image's run, before its boxes are read. The same plan where nothing changes.
 */
export function settlePlan(plan: ModelPlan, outputs: ModelOutputs): ModelPlan {
  const doubted = new Set(plan.evidence.filter(({ isAssumed }) => isAssumed).map(({ about }) => about));
  const settled = decoderOf(plan.decoder.name).settle?.(plan.decoder, outputs, doubted);
  if (!settled || settled.plan === plan.decoder) return plan;
  const about = new Set(settled.evidence.map((entry) => entry.about));
  const kept = plan.evidence.filter((entry) => !(entry.isAssumed && about.has(entry.about)));
  return planOf({ ...plan, decoder: settled.plan }, [...kept, ...settled.evidence]);
}
