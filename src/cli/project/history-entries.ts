/** The edit log as the command line prints it: names in place of keys. */
import { FLAG_CROWD, FLAG_DIFFICULT } from '../../core/dataset/dataset';
import type { ProjectSession } from '../../engine/project/session';
import type { LogEntry } from '../../engine/store/edit-log';
import type { AnnotationRecord, RecordChange } from '../../engine/store/records';

export interface PrintedEntry extends Omit<LogEntry, 'changes' | 'label'> {
  readonly changes: readonly object[];
}

/** Oldest first. */
export function historyEntries(session: ProjectSession): PrintedEntry[] {
  const { data, log } = session;
  const nameOf = (key: number): string | null =>
    data.images[data.indexOfImage.get(key) ?? -1]?.fileName ?? null;
  const shown = (record: AnnotationRecord | null): object | null =>
    record && {
      image: nameOf(record.image),
      category: data.categories[data.indexOfCategory.get(record.category) ?? -1]?.name ?? null,
      bbox: record.box,
      area: record.area,
      difficult: (record.flags & FLAG_DIFFICULT) !== 0,
      crowd: (record.flags & FLAG_CROWD) !== 0,
    };
  const describe = (change: RecordChange): object[] => {
    const { before, after, key } = change;
    if (change.table === 'truth') return [];
    if (change.table === 'annotations') {
      const image = nameOf((change.after ?? change.before)!.image);
      return [{ annotation: key, image, before: shown(change.before), after: shown(change.after) }];
    }
    if (change.table === 'review') return [{ review: key, image: nameOf(change.key), before, after }];
    return [{ [change.table]: key, before, after }];
  };
  return log.all().map(({ step, time, author, action, of, changes, scores }) => ({
    step,
    time,
    author,
    action,
    of,
    changes: changes.flatMap(describe),
    scores,
  }));
}
