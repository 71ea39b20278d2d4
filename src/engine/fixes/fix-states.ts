/** What has become of the suspects of a fix queue: whoever changed a label or gave a verdict, and wherever. */
import type { DismissalTarget, FixState, FixView } from '../../contract/fix-view';
import type { Box } from '../../contract/view-types';
import { boxIou } from '../../core/matching/overlap';
import type { ProjectSession } from '../project/session';

/** Two boxes of one class that overlap by so much are about one object. */
const SAME_OBJECT = 0.5;

interface Place {
  readonly image: number;
  readonly category: number;
  readonly box: Box;
}

/** A prediction, of any run, that somebody said is of nothing. */
interface DismissedPrediction extends Place {
  readonly run: number;
  readonly prediction: number;
}

type DismissedByImage = ReadonlyMap<number, readonly DismissedPrediction[]>;

export interface QueueOfFixes {
  readonly run: number;
  readonly fixes: readonly FixView[];
  readonly lastAnnotation: number;
}

export function fixStates(session: ProjectSession, { run, fixes, lastAnnotation }: QueueOfFixes): FixState[] {
  const dismissed = dismissedPredictions(session);
  return fixes.map((fix): FixState => {
    const isDone = fix.annotation === null ? isAdded(session, fix, lastAnnotation) : !isAsItWas(session, fix);
    if (isDone) return 'done';
    return dismissals(session, run, fix, dismissed).length > 0 ? 'dismissed' : 'open';
  });
}

/**
 * The verdicts that hold a suspect dismissed. What is no object to one model is none to another: a missing label is
 * dismissed by a verdict on any run's prediction of its place.
 */
export function dismissalsOf(session: ProjectSession, run: number, fix: FixView): DismissalTarget[] {
  return dismissals(session, run, fix, dismissedPredictions(session));
}

function dismissals(
  { data }: ProjectSession,
  run: number,
  fix: FixView,
  dismissed: DismissedByImage,
): DismissalTarget[] {
  const { annotation, image, seen } = fix;
  if (annotation !== null)
    return data.verdicts.get(`a:${annotation}`) === 'dismissed' ? [{ annotation }] : [];
  return (dismissed.get(image) ?? [])
    .filter((one) => (one.run === run && one.prediction === seen!.prediction) || isSamePlace(fix, one))
    .map((one) => ({ run: one.run, prediction: one.prediction }));
}

function isAsItWas({ data }: ProjectSession, { annotation, image, category, box }: FixView): boolean {
  const record = data.annotation(annotation!);
  return (
    record !== null &&
    record.image === image &&
    record.category === category &&
    record.box.every((value, at) => value === box[at])
  );
}

function isAdded({ data }: ProjectSession, fix: FixView, lastAnnotation: number): boolean {
  const index = data.indexOfImage.get(fix.image);
  const records = index === undefined ? [] : data.annotations[index]!;
  return records.some((record) => record.id > lastAnnotation && isSamePlace(fix, record));
}

function dismissedPredictions({ data, runs }: ProjectSession): DismissedByImage {
  const places = new Map<number, DismissedPrediction[]>();
  for (const [target, status] of data.verdicts) {
    const named = /^p:(\d+):(\d+)$/.exec(target);
    if (status !== 'dismissed' || !named) continue;
    const [run, prediction] = [Number(named[1]), Number(named[2])];
    const row = runs.some(({ id }) => id === run) ? data.predictionRow(run, prediction) : -1;
    if (row < 0) continue;
    const { columns } = data.predictions(run);
    const image = data.images[columns.image[row]!]!.key;
    const category = data.categories[columns.category[row]!]!.id;
    const [x, y, width, height] = columns.box.subarray(row * 4, row * 4 + 4);
    const own = places.get(image) ?? [];
    own.push({ run, prediction, image, category, box: [x!, y!, width!, height!] });
    places.set(image, own);
  }
  return places;
}

function isSamePlace(one: Place, other: Place): boolean {
  if (one.image !== other.image || one.category !== other.category) return false;
  return boxIou(Float64Array.from(one.box), 0, Float64Array.from(other.box), 0) >= SAME_OBJECT;
}
