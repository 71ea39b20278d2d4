/** What the editor asks to be written: operations of the contract with a name for the history and what to draw meanwhile. */
import type { Operation } from '../../contract/engine-calls';
import type { AnnotationId, Box, CategoryId, ImageKey, ReviewStatus, RunId } from '../../contract/view-types';
import type { BoxKey, Scene, SceneBox } from './scene';
import { truthKey, withBoxes } from './scene';

/** How the scene looks until the engine has answered. */
export type Overlay =
  | { readonly kind: 'box'; readonly key: BoxKey; readonly box: Box }
  | { readonly kind: 'category'; readonly key: BoxKey; readonly category: CategoryId }
  | { readonly kind: 'flags'; readonly key: BoxKey; readonly crowd: boolean; readonly difficult: boolean }
  | { readonly kind: 'status'; readonly key: BoxKey; readonly status: ReviewStatus }
  | { readonly kind: 'add'; readonly category: CategoryId; readonly box: Box }
  | { readonly kind: 'remove'; readonly key: BoxKey };

/**
 * What is selected once the edit is saved. An `accepted` box is selected as the walk through the failures selects, so
 * that walking on does not nudge it.
 */
export type SelectAfter = 'added' | 'accepted' | 'nothing' | 'same';

export interface Edit {
  readonly operations: Operation[];
  readonly label: string;
  readonly overlays: readonly Overlay[];
  readonly selects: SelectAfter;
}

export function addEdit(image: ImageKey, category: CategoryId, box: Box, className: string): Edit {
  return {
    operations: [{ add: { image, category, box: [...box] } }],
    label: `Add ${className}`,
    overlays: [{ kind: 'add', category, box }],
    selects: 'added',
  };
}

/** Another truth of the same class and flags, somewhere else. */
export function duplicateEdit(image: ImageKey, truth: SceneBox, box: Box, className: string): Edit {
  const { category, difficult, crowd } = truth;
  return {
    operations: [{ add: { image, category, box: [...box], difficult, crowd } }],
    label: `Duplicate ${className}`,
    overlays: [{ kind: 'add', category, box }],
    selects: 'added',
  };
}

/** Truths of `from` that `to` lacks and has pixels for, cut to its edges. */
export function copyable(from: Scene, to: Scene): SceneBox[] {
  const nameOf = ({ category, box }: SceneBox): string => JSON.stringify([category, box]);
  const known = new Set(to.boxes.filter(({ kind }) => kind === 'truth').map(nameOf));
  return from.boxes.flatMap((truth) => {
    if (truth.kind !== 'truth') return [];
    const [x, y, width, height] = truth.box;
    const left = Math.max(0, x);
    const top = Math.max(0, y);
    const right = Math.min(to.size.width, x + width);
    const bottom = Math.min(to.size.height, y + height);
    const isWhole = left === x && top === y && right === x + width && bottom === y + height;
    const cut: SceneBox = isWhole ? truth : { ...truth, box: [left, top, right - left, bottom - top] };
    return right > left && bottom > top && !known.has(nameOf(cut)) ? [cut] : [];
  });
}

/** Truths of another image, at the same places. */
export function copyEdit(image: ImageKey, truths: readonly SceneBox[], from: string): Edit {
  return {
    operations: truths.map(({ category, box, difficult, crowd }) => ({
      add: { image, category, box: [...box], difficult, crowd },
    })),
    label: `Copy ${truths.length === 1 ? '1 box' : `${truths.length} boxes`} of ${from}`,
    overlays: truths.map(({ category, box }) => ({ kind: 'add', category, box })),
    selects: 'nothing',
  };
}

export function changeBoxEdit(annotation: AnnotationId, box: Box, label: string): Edit {
  return {
    operations: [{ change: { annotation, box: [...box] } }],
    label,
    overlays: [{ kind: 'box', key: truthKey(annotation), box }],
    selects: 'same',
  };
}

export function relabelEdit(annotation: AnnotationId, category: CategoryId, from: string, to: string): Edit {
  return {
    operations: [{ change: { annotation, category } }],
    label: `Change ${from} to ${to}`,
    overlays: [{ kind: 'category', key: truthKey(annotation), category }],
    selects: 'same',
  };
}

export function flagEdit(
  truth: SceneBox,
  flag: 'difficult' | 'crowd',
  value: boolean,
  className: string,
): Edit {
  const crowd = flag === 'crowd' ? value : truth.crowd;
  const difficult = flag === 'difficult' ? value : truth.difficult;
  const change = flag === 'crowd' ? { annotation: truth.id, crowd } : { annotation: truth.id, difficult };
  return {
    operations: [{ change }],
    label: value ? `Mark ${className} as ${flag}` : `Mark ${className} as not ${flag}`,
    overlays: [{ kind: 'flags', key: truth.key, crowd, difficult }],
    selects: 'same',
  };
}

export function deleteEdit(annotation: AnnotationId, className: string): Edit {
  return {
    operations: [{ delete: { annotation } }],
    label: `Delete ${className}`,
    overlays: [{ kind: 'remove', key: truthKey(annotation) }],
    selects: 'nothing',
  };
}

export function acceptEdit(run: RunId, prediction: SceneBox, className: string): Edit {
  return {
    operations: [{ accept: { run, prediction: prediction.id } }],
    label: `Accept ${className}`,
    overlays: [{ kind: 'add', category: prediction.category, box: prediction.box }],
    selects: 'accepted',
  };
}

/** The ground truth takes the prediction's box and class; its id and flags stay. */
export function replaceEdit(
  annotation: AnnotationId,
  run: RunId,
  prediction: SceneBox,
  className: string,
): Edit {
  const key = truthKey(annotation);
  return {
    operations: [{ replace: { annotation, run, prediction: prediction.id } }],
    label: `Replace ${className} by its prediction`,
    overlays: [
      { kind: 'box', key, box: prediction.box },
      { kind: 'category', key, category: prediction.category },
    ],
    selects: 'same',
  };
}

/** The verdict on a failure; null for a prediction without a run. */
export function judgeEdit(
  box: SceneBox,
  run: RunId | null,
  status: ReviewStatus,
  label: string,
): Edit | null {
  if (box.kind === 'prediction' && run === null) return null;
  const target = box.kind === 'truth' || run === null ? { annotation: box.id } : { run, prediction: box.id };
  return {
    operations: [{ judge: { target, status } }],
    label,
    overlays: [{ kind: 'status', key: box.key, status }],
    selects: 'same',
  };
}

export function reviewEdit(image: ImageKey, status: ReviewStatus, label: string): Edit {
  return withoutOverlay([{ review: { image, status } }], label);
}

export function noteEdit(image: ImageKey, note: string): Edit {
  return withoutOverlay([{ review: { image, note } }], note === '' ? 'Remove the note' : 'Write a note');
}

function withoutOverlay(operations: Operation[], label: string): Edit {
  return { operations, label, overlays: [], selects: 'same' };
}

/** A box that is drawn before it has an id: never selected, gone once the engine has answered. */
const unsavedKey = (index: number): BoxKey => truthKey(-1 - index);
export const isUnsaved = (box: SceneBox): boolean => box.kind === 'truth' && box.id < 0;

/** The scene as it will be when all the overlays are saved. */
export function overlaid(scene: Scene, overlays: readonly Overlay[]): Scene {
  if (overlays.length === 0) return scene;
  let boxes: readonly SceneBox[] = scene.boxes;
  overlays.forEach((overlay, index) => {
    boxes =
      overlay.kind === 'add'
        ? [...boxes, unsavedBox(overlay, index)]
        : boxes.flatMap((box) => changed(box, overlay));
  });
  return withBoxes(scene, boxes);
}

function unsavedBox(overlay: Overlay & { kind: 'add' }, index: number): SceneBox {
  return {
    key: unsavedKey(index),
    kind: 'truth',
    id: -1 - index,
    category: overlay.category,
    box: overlay.box,
    // What it will turn out to be is the engine's to say; a new truth without a match is a miss.
    outcome: 'miss',
    score: null,
    iou: null,
    partner: null,
    crowd: false,
    difficult: false,
    status: 'to-do',
  };
}

function changed(box: SceneBox, overlay: Exclude<Overlay, { kind: 'add' }>): readonly SceneBox[] {
  if (box.key !== overlay.key) return [box];
  switch (overlay.kind) {
    case 'box':
      return [{ ...box, box: overlay.box }];
    case 'category':
      return [{ ...box, category: overlay.category }];
    case 'flags':
      return [{ ...box, crowd: overlay.crowd, difficult: overlay.difficult }];
    case 'status':
      return [{ ...box, status: overlay.status }];
    case 'remove':
      return [];
  }
}
