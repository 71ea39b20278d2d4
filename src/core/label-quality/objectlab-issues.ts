/** ObjectLab's flags: which scores are low enough to be called an issue (cleanlab 2.9, `object_detection/filter.py`). */
import { cornerIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import { COCO_IOU_THRESHOLDS } from '../metrics/grids';
import { rowsByImage } from './by-image';
import type { ObjectLabScores } from './objectlab';

export interface ObjectLabIssues {
  /** By category index. */
  readonly threshold: readonly number[];
  /** Annotation rows. */
  readonly badlyLocated: readonly number[];
  /** Annotation rows. */
  readonly swapped: readonly number[];
  /** Prediction rows. */
  readonly overlooked: readonly number[];
  /** By image: whether any of its boxes is an issue. */
  readonly images: readonly boolean[];
}

/** Of a class's AP: the original's scale for all classes, and its label quality threshold. */
const THRESHOLD_PER_AP = 0.8 * 0.25;

/** `scores` are those of the same input. */
export function objectLabIssues(input: ScoringInput, scores: ObjectLabScores): ObjectLabIssues {
  const threshold = input.categories.map((_, klass) =>
    Math.fround(THRESHOLD_PER_AP * meanAveragePrecision(input, klass)),
  );
  const { annotations, predictions } = input;
  const low = (of: Float64Array, category: Int32Array): number[] =>
    [...of.keys()].filter((row) => of[row]! <= threshold[category[row]!]!);
  const badlyLocated = low(scores.badlyLocated, annotations.category);
  const swapped = low(scores.swapped, annotations.category);
  const overlooked = low(scores.overlooked, predictions.category);
  const suspect = new Set([
    ...[...badlyLocated, ...swapped].map((row) => annotations.image[row]!),
    ...overlooked.map((row) => predictions.image[row]!),
  ]);
  const images = input.imageIds.map((_, image) => suspect.has(image));
  return { threshold, badlyLocated, swapped, overlooked, images };
}

/** Mean over ten IoUs of the original's own AP, which is not COCO's. */
function meanAveragePrecision(input: ScoringInput, klass: number): number {
  const best = bestLabels(input, klass);
  const labels = input.annotations.category.reduce((count, other) => count + Number(other === klass), 0);
  const sum = COCO_IOU_THRESHOLDS.reduce((total, iou) => total + averagePrecision(best, labels, iou), 0);
  return sum / COCO_IOU_THRESHOLDS.length;
}

interface BestLabel {
  readonly score: number;
  readonly iou: number;
  /** Annotation row, or -1. */
  readonly label: number;
}

/** The class's predictions by falling score, each with the label of its class and image that it overlaps most. */
function bestLabels({ imageIds, annotations, predictions }: ScoringInput, klass: number): BestLabel[] {
  const labels = rowsByImage(annotations, imageIds.length);
  const found: BestLabel[] = [];
  for (let row = 0; row < predictions.count; row++) {
    if (predictions.category[row] !== klass) continue;
    let best = { iou: 0, label: -1 };
    for (const label of labels.of(predictions.image[row]!)) {
      if (annotations.category[label] !== klass) continue;
      const iou = cornerIou(annotations.box, label * 4, predictions.box, row * 4, 0);
      if (iou > best.iou) best = { iou, label };
    }
    found.push({ ...best, score: predictions.score[row]! });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** Area under the envelope of the curve. A prediction whose best label is taken is false. */
function averagePrecision(predictions: readonly BestLabel[], labels: number, iou: number): number {
  if (labels === 0) return 0;
  const taken = new Set<number>();
  const hits: boolean[] = predictions.map((prediction) => {
    if (prediction.label < 0 || prediction.iou < iou || taken.has(prediction.label)) return false;
    taken.add(prediction.label);
    return true;
  });
  let area = 0;
  let envelope = 0;
  let found = taken.size;
  for (let place = hits.length - 1; place >= 0; place--) {
    envelope = Math.max(envelope, found / (place + 1));
    if (!hits[place]) continue;
    area += envelope / labels;
    found--;
  }
  return area;
}
