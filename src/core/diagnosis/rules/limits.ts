/** Limits and habits of the scoring itself that hide predictions or truth; lifted exactly. */
import { DEFAULT_COCO_PARAMETERS, DEFAULT_LVIS_PARAMETERS } from '../../metrics/parameters';
import { isObjectDetectionApi } from '../../metrics/object-detection-api/parameters';
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';

export function findLimits(situation: Situation): FoundCause[] {
  return [...findPaddedScoring(situation), ...findDetectionLimit(situation)];
}

/** TensorFlow 2's loop fills truth up to a number of boxes, or cuts it there; scoring may have been asked to do the same. */
function findPaddedScoring(situation: Situation): FoundCause[] {
  const { protocol, parameters, truth } = situation;
  if (!isObjectDetectionApi(protocol) || !parameters.asTensorflow2ReportsIt) return [];
  const limit = parameters.maxNumberOfBoxes ?? 100;
  const total = countByImage(truth.images.length, truth.annotations.image);
  const over = [...total.keys()].filter((image) => total[image]! > limit);
  const most = Math.max(...total);
  const causes: FoundCause[] = [
    {
      code: 'padded-ground-truth',
      title: `Padding counted as truth: TensorFlow 2 fills each image up to ${limit} boxes of class 1`,
      evidence: { limit, boxes: total.reduce((sum, count) => sum + Math.max(0, limit - count), 0) },
      images: [...total.keys()].filter((image) => total[image]! < limit),
      action: 'Score with the COCO metrics, or without the padding',
      // Up to the fullest image nothing is cut; padding alone goes.
      repair: { kind: 'change-scoring', parameters: { asTensorflow2ReportsIt: false } },
    },
  ];
  if (over.length > 0)
    causes.push({
      code: 'ground-truth-clipped',
      title: `Ground truth clipped: ${over.length} images hold more than ${limit} objects`,
      evidence: { limit, largest: most },
      images: over,
      action: `Raise max_number_of_boxes to ${most}`,
      repair: { kind: 'change-scoring', parameters: { maxNumberOfBoxes: most } },
    });
  return causes;
}

/** What a limit on detections per image (LVIS, TIDE: over all classes) leaves out. */
function findDetectionLimit(situation: Situation): FoundCause[] {
  const { protocol, parameters, predictions, truth } = situation;
  const isOverall = protocol === 'lvis' || protocol === 'tide';
  if (!isOverall && protocol !== 'coco' && protocol !== 'tf-coco') return [];
  const normal =
    protocol === 'lvis'
      ? DEFAULT_LVIS_PARAMETERS.maxDetections
      : protocol === 'tide'
        ? [100]
        : DEFAULT_COCO_PARAMETERS.maxDetections;
  const limit = Math.max(...(parameters.maxDetections ?? normal));
  const classes = isOverall || parameters.classAgnostic ? 1 : truth.categories.length;
  const cells = new Map<number, number>();
  for (let row = 0; row < predictions.count; row++) {
    const [image, category] = [predictions.image[row]!, predictions.category[row]!];
    if (image < 0 || category < 0) continue;
    const cell = image * classes + (classes === 1 ? 0 : category);
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  const over = [...cells].filter(([, count]) => count > limit);
  if (over.length === 0) return [];
  const most = over.reduce((largest, [, count]) => Math.max(largest, count), 0);
  const images = [...new Set(over.map(([cell]) => Math.floor(cell / classes)))];
  const limits = isOverall ? [most] : [...(parameters.maxDetections ?? normal), most];
  return [
    {
      code: 'detections-capped',
      title: `Detections capped: of ${images.length} images only the best ${limit} count`,
      evidence: { limit, largest: most },
      images,
      action: `Score with a limit of ${most} detections an image, or say that ${limit} was meant`,
      repair: { kind: 'change-scoring', parameters: { maxDetections: limits } },
    },
  ];
}

function countByImage(images: number, imageOf: Int32Array): Int32Array {
  const counts = new Int32Array(images);
  for (const image of imageOf) if (image >= 0) counts[image]!++;
  return counts;
}
