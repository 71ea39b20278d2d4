/** Walking through the failures of one image after another. Pure. */
import type { BoxKey, Scene, SceneBox } from '../../editor/scene';
import { listedKey, listFailures } from '../../editor/scene';

export type WalkStep = 1 | -1;

export interface WalkTarget {
  readonly box: SceneBox;
  /** Place among the image's failures; handed back with the next step. */
  readonly index: number;
}

/**
 * The failure after (or before) the selected one; null at the end of the image. `lastIndex` is where the walk stood:
 * a failure that was just repaired has left the list, and the walk goes on from its place.
 */
export function stepThroughFailures(
  scene: Scene,
  selection: BoxKey | null,
  lastIndex: number | null,
  step: WalkStep,
): WalkTarget | null {
  const failures = listFailures(scene);
  const selected = selection === null ? null : indexOfFailure(scene, selection);
  const next = selected === null ? beyond(lastIndex, step, failures.length) : selected + step;
  const box = failures[next];
  return box ? { box, index: next } : null;
}

/** Where a box stands among the image's failures; null where it is none. */
export function indexOfFailure(scene: Scene, key: BoxKey): number | null {
  const index = listFailures(scene).findIndex((box) => box.key === standIn(scene, key));
  return index < 0 ? null : index;
}

/** The truth of a loose box is the same failure as the box. */
function standIn(scene: Scene, key: BoxKey): BoxKey {
  const box = scene.byKey.get(key);
  if (box?.kind === 'truth' && box.outcome === 'loose-box' && box.partner) return box.partner;
  return listedKey(scene, key);
}

function beyond(lastIndex: number | null, step: WalkStep, count: number): number {
  if (lastIndex === null) return step > 0 ? 0 : count - 1;
  return step > 0 ? lastIndex : lastIndex - 1;
}

/** The first (or last) failure of an image that the walk enters; null where it has none. */
export function enterFailures(scene: Scene, step: WalkStep): WalkTarget | null {
  return stepThroughFailures(scene, null, null, step);
}
