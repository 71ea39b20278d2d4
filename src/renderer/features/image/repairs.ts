/** What single edits of this image would bring: the failures an edit can repair, surest first. Pure. */
import type { Operation } from '../../../contract/engine-calls';
import type { RunId } from '../../../contract/view-types';
import type { Scene, SceneBox } from '../../editor/scene';
import { listFailures } from '../../editor/scene';

export interface Repair {
  readonly box: SceneBox;
  readonly verb: 'Accept' | 'Replace';
  readonly operations: Operation[];
}

/** At most `limit` repairs: replace a truth by its loose box or the prediction of another class, accept a false positive. */
export function possibleRepairs(scene: Scene, run: RunId, limit: number): readonly Repair[] {
  return listFailures(scene)
    .flatMap((box) => repairOf(scene, box, run) ?? [])
    .sort((a, b) => (b.box.score ?? 0) - (a.box.score ?? 0))
    .slice(0, limit);
}

function repairOf(scene: Scene, box: SceneBox, run: RunId): Repair | null {
  if (box.kind !== 'prediction') return null;
  if (box.outcome === 'false-positive')
    return { box, verb: 'Accept', operations: [{ accept: { run, prediction: box.id } }] };
  const truth = box.partner === null ? undefined : scene.byKey.get(box.partner);
  if (!truth || (box.outcome !== 'loose-box' && box.outcome !== 'wrong-class')) return null;
  return {
    box,
    verb: 'Replace',
    operations: [{ replace: { annotation: truth.id, run, prediction: box.id } }],
  };
}
