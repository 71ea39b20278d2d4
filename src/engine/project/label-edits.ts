/** What the user did to labels since they came in: the log says it, step by step. */
import type { LabelEdits } from '../../core/dataset/update-truth';
import type { LabelledBox } from '../../core/dataset/match-boxes';
import type { AnnotationRecord } from '../store/records';
import type { ProjectSession } from './session';

/** Of the steps that stand: an import of other labels begins anew, unless it kept what had been done. */
export function labelEdits(session: ProjectSession): LabelEdits {
  const { data, log } = session;
  const first = new Map<number, AnnotationRecord | null>();
  for (const step of log.undoable) {
    for (const change of log.entry(step).changes) {
      if (change.table === 'truth' && !change.keepsEdits) first.clear();
      if (change.table === 'annotations' && !first.has(change.key)) first.set(change.key, change.before);
    }
  }
  const drawn = new Set<number>();
  const before = new Map<number, LabelledBox & { image: number }>();
  for (const [id, record] of first) {
    if (record === null) {
      drawn.add(id);
      continue;
    }
    const image = data.indexOfImage.get(record.image);
    const category = data.categories[data.indexOfCategory.get(record.category) ?? -1];
    if (image === undefined || !category) continue;
    before.set(id, { image, name: category.name, box: record.box, flags: record.flags });
  }
  return { drawn, before };
}
