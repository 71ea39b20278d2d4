/** What stands on an image: every box with its outcome, made from the engine's detail. Framework-free. */
import type {
  Box,
  CategoryId,
  ImageDetail,
  ImageKey,
  ReviewStatus,
  TileOutcome,
} from '../../contract/view-types';
import type { Size } from './geometry';

/** Names a box of the present image: a ground truth by annotation id, a prediction by its index in the file. */
export type BoxKey = `truth:${number}` | `prediction:${number}`;

export const truthKey = (annotation: number): BoxKey => `truth:${annotation}`;
export const predictionKey = (index: number): BoxKey => `prediction:${index}`;

export interface SceneBox {
  readonly key: BoxKey;
  readonly kind: 'truth' | 'prediction';
  /** Annotation id, or index of the prediction in its file. */
  readonly id: number;
  readonly category: CategoryId;
  readonly box: Box;
  readonly outcome: TileOutcome;
  /** Confidence of the prediction; of a truth, that of the prediction that matches or points at it. */
  readonly score: number | null;
  readonly iou: number | null;
  /** The box that it matches, points at or is pointed at by. */
  readonly partner: BoxKey | null;
  readonly crowd: boolean;
  readonly difficult: boolean;
  /** The verdict on the failure. */
  readonly status: ReviewStatus;
}

export interface Scene {
  readonly image: ImageKey;
  readonly size: Size;
  /** In drawing order: what asks for no attention first, failures last. */
  readonly boxes: readonly SceneBox[];
  readonly byKey: ReadonlyMap<BoxKey, SceneBox>;
}

export interface Layers {
  readonly groundTruth: boolean;
  readonly predictions: boolean;
}

/** Drawn thin, with a label only on hover or selection. */
export function isQuiet(outcome: TileOutcome): boolean {
  return outcome === 'true-positive' || outcome === 'ignored';
}

/** Predictions under the confidence threshold (`cut`) are not on the scene. */
export function createScene(detail: ImageDetail): Scene {
  const boxes = [...truths(detail), ...predictions(detail)];
  const rank = (box: SceneBox): number =>
    box.outcome === 'true-positive' ? 0 : box.outcome === 'ignored' ? 1 : 2;
  boxes.sort((a, b) => rank(a) - rank(b));
  return {
    image: detail.image,
    size: { width: detail.width, height: detail.height },
    boxes,
    byKey: new Map(boxes.map((box) => [box.key, box])),
  };
}

/** The same scene with other boxes at the same places in the order (edits that are not acknowledged yet). */
export function withBoxes(scene: Scene, boxes: readonly SceneBox[]): Scene {
  return { ...scene, boxes, byKey: new Map(boxes.map((box) => [box.key, box])) };
}

function truths(detail: ImageDetail): SceneBox[] {
  return detail.annotations.map((annotation) => {
    const partner = annotation.partner === null ? undefined : detail.predictions[annotation.partner];
    const shown = partner && partner.outcome !== 'cut' ? partner : undefined;
    return {
      key: truthKey(annotation.id),
      kind: 'truth',
      id: annotation.id,
      category: annotation.category,
      box: annotation.box,
      outcome: truthOutcome(annotation.outcome, shown?.outcome === 'loose-box'),
      score: shown?.score ?? null,
      iou: annotation.iou,
      partner: shown ? predictionKey(shown.index) : null,
      crowd: annotation.crowd,
      difficult: annotation.difficult,
      status: annotation.status ?? 'to-do',
    };
  });
}

/** A missed truth that a loose box points at is one failure with it, so it wears the loose box's colour. */
function truthOutcome(
  outcome: ImageDetail['annotations'][number]['outcome'],
  isPointedAt: boolean,
): TileOutcome {
  if (outcome === 'matched') return 'true-positive';
  if (outcome === 'ignored') return 'ignored';
  return isPointedAt ? 'loose-box' : 'miss';
}

function predictions(detail: ImageDetail): SceneBox[] {
  const boxes: SceneBox[] = [];
  for (const prediction of detail.predictions) {
    if (prediction.outcome === 'cut') continue;
    boxes.push({
      key: predictionKey(prediction.index),
      kind: 'prediction',
      id: prediction.index,
      category: prediction.category,
      box: prediction.box,
      outcome: prediction.outcome,
      score: prediction.score,
      iou: prediction.iou > 0 ? prediction.iou : null,
      partner: prediction.annotation === null ? null : truthKey(prediction.annotation),
      crowd: false,
      difficult: false,
      status: prediction.status ?? 'to-do',
    });
  }
  return boxes;
}

const LIST_ORDER: readonly TileOutcome[] = [
  'false-positive',
  'wrong-class',
  'loose-box',
  'duplicate',
  'miss',
  'true-positive',
  'ignored',
];

/**
 * The boxes as a list reads them, failures first, each kind by falling confidence. A true positive is one entry (its
 * truth), for its prediction says the same again.
 */
export function listBoxes(scene: Scene): readonly SceneBox[] {
  const listed = scene.boxes.filter(
    (box) =>
      box.kind === 'truth' ||
      box.outcome !== 'true-positive' ||
      !box.partner ||
      !scene.byKey.has(box.partner),
  );
  return listed.sort(
    (a, b) =>
      LIST_ORDER.indexOf(a.outcome) - LIST_ORDER.indexOf(b.outcome) ||
      (b.score ?? -1) - (a.score ?? -1) ||
      (a.kind === b.kind ? 0 : a.kind === 'prediction' ? -1 : 1) ||
      a.id - b.id,
  );
}

/** The failures in list order; a loose box and the truth it points at are one (the loose box). */
export function listFailures(scene: Scene): readonly SceneBox[] {
  return listBoxes(scene).filter(
    (box) => !isQuiet(box.outcome) && !(box.kind === 'truth' && box.outcome === 'loose-box'),
  );
}

/** The entry of the list that stands for a box (the truth of a true positive's prediction). */
export function listedKey(scene: Scene, key: BoxKey): BoxKey {
  const box = scene.byKey.get(key);
  if (
    box?.kind === 'prediction' &&
    box.outcome === 'true-positive' &&
    box.partner &&
    scene.byKey.has(box.partner)
  )
    return box.partner;
  return key;
}
