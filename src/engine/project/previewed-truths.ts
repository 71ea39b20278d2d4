import type { ImageTruth } from '../../core/metrics/evaluation';
import type { AnnotationRecord, RecordChange } from '../store/records';
import type { ProjectData } from './project-data';

/** What changes would make of the annotations of each image that they touch, by image index. Nothing is kept. */
export function previewedTruths(
  data: ProjectData,
  changes: readonly RecordChange[],
): { readonly image: number; readonly truth: ImageTruth }[] {
  const byImage = new Map<number, Map<number, AnnotationRecord | null>>();
  for (const change of changes) {
    if (change.table !== 'annotations') continue;
    const image = data.indexOfImage.get((change.after ?? change.before)!.image)!;
    const known = byImage.get(image) ?? new Map<number, AnnotationRecord | null>();
    byImage.set(image, known.set(change.key, change.after));
  }
  return [...byImage].map(([image, changed]) => {
    const kept = data.annotations[image]!.map((record) =>
      changed.has(record.id) ? changed.get(record.id)! : record,
    );
    const there = new Set(data.annotations[image]!.map(({ id }) => id));
    const added = [...changed].flatMap(([id, record]) => (there.has(id) ? [] : [record]));
    const records = [...kept, ...added].filter((record) => record !== null);
    return { image, truth: data.imageTruth(image, records) };
  });
}
