/** One image run as it is and with a change: which boxes are the same, and what became of the image's score. */
import type { ModelBox, TriedChange, TriedSide } from '../../../contract/model-calls';
import { classIds } from '../../../core/inference/class-names';
import type { ModelPlan } from '../../../core/inference/model';
import { boxIou } from '../../../core/matching/overlap';
import type { OperatingPoint, ScoringInput, TableProtocol } from '../../../core/metrics/evaluation';
import { PREDICTION_OUTCOMES } from '../../../core/metrics/evaluation';
import { createScorer } from '../../../core/metrics/scorer';
import type { PredictedBox, RunResults } from '../predict/run-for-results';
import { predictionColumns } from '../predict/run-for-results';
import type { UnderstoodModel } from '../predict/understand-file';
import type { ImageResult } from '../session/messages';

const SAME_IOU = 0.5;

export function modelBoxes(
  { count, box, score, classIndex }: ImageResult,
  plan: Pick<ModelPlan, 'classNames'>,
): ModelBox[] {
  return Array.from({ length: count }, (_, row) => ({
    box: [box[row * 4]!, box[row * 4 + 1]!, box[row * 4 + 2]!, box[row * 4 + 3]!] as const,
    score: score[row]!,
    classIndex: classIndex[row]!,
    name: plan.classNames?.[classIndex[row]!] ?? null,
  }));
}

/** `image`: the image alone, with its labels; its predictions are not looked at. */
export function sideOf(
  { results: [result], plan }: RunResults,
  { labelMap }: UnderstoodModel,
  image: ScoringInput,
  protocol: TableProtocol,
  point: OperatingPoint,
): TriedSide {
  const boxes = result ? modelBoxes(result, plan) : [];
  const { idOf } = classIds(plan, labelMap, image.categories);
  const indexOf = new Map(image.categories.map(({ id }, index) => [id, index]));
  const rows: (PredictedBox & { readonly of: number })[] = [];
  for (const [of, { box, score, classIndex }] of boxes.entries()) {
    const category = indexOf.get(idOf(classIndex) ?? NaN);
    if (category !== undefined) rows.push({ image: 0, category, box, score, of });
  }
  const scorer = createScorer({ ...image, predictions: predictionColumns(rows) }, protocol, {});
  const { prediction } = scorer.outcomes(0, point);
  const isTrue: (boolean | null)[] = boxes.map(() => null);
  for (const [row, { of }] of rows.entries()) {
    const outcome = PREDICTION_OUTCOMES[prediction[row]!]!;
    isTrue[of] = outcome === 'cut' || outcome === 'ignored' ? null : outcome === 'true-positive';
  }
  const { truePositives, falsePositives, misses } = scorer.counts(point);
  return {
    boxes: boxes.map((box, at) => ({ ...box, isTrue: isTrue[at]! })),
    truePositives,
    falsePositives,
    misses,
    score: scorer.headline(),
  };
}

/** Each box of one side with the best free one of its class on the other. */
export function pairBoxes(before: readonly ModelBox[], after: readonly ModelBox[]): TriedChange['pairs'] {
  const flat = (boxes: readonly ModelBox[]) => Float64Array.from(boxes.flatMap(({ box }) => box));
  const [own, others] = [flat(before), flat(after)];
  const candidates = before.flatMap(({ classIndex }, a) =>
    after.flatMap((other, b) => {
      if (other.classIndex !== classIndex) return [];
      const iou = boxIou(own, a * 4, others, b * 4);
      return iou >= SAME_IOU ? [{ a, b, iou }] : [];
    }),
  );
  const pairs: (readonly [number, number])[] = [];
  const taken = { a: new Set<number>(), b: new Set<number>() };
  for (const { a, b } of candidates.sort((one, two) => two.iou - one.iou)) {
    if (taken.a.has(a) || taken.b.has(b)) continue;
    taken.a.add(a);
    taken.b.add(b);
    pairs.push([a, b]);
  }
  return pairs.sort(([a], [b]) => a - b);
}
