/** A repair applied to a copy: the situation given is left as it is. */
import type { AnnotationColumns, Truth } from '../dataset/dataset';
import { annotationRows } from '../dataset/rows';
import { changeBox } from './geometry/change-boxes';
import { groupMask } from './image-groups';
import type { BoxChange, LabelEdit, Repair } from './repair';
import type { LoosePredictions, Situation } from './situation';
import { frameOf } from './situation';
import { suppressOverlaps } from './suppression';

export function applyRepair(situation: Situation, repair: Repair): Situation {
  switch (repair.kind) {
    case 'transform-predictions': {
      const { predictions } = situation;
      const box = changed(situation, repair, predictions);
      return { ...situation, predictions: { ...predictions, box } };
    }
    case 'transform-truth': {
      const { annotations } = situation.truth;
      const box = changed(situation, repair, annotations);
      return withAnnotations(situation, { ...annotations, box, area: areasAfter(annotations, box) });
    }
    case 'map-classes':
      return repair.side === 'predictions'
        ? { ...situation, predictions: mapPredictions(situation, repair) }
        : { ...situation, truth: mapTruth(situation, repair) };
    case 'join-images':
      return { ...situation, predictions: joinAnew(situation, repair.map) };
    case 'change-scoring':
      return 'parameters' in repair
        ? { ...situation, parameters: { ...situation.parameters, ...repair.parameters } }
        : { ...situation, predictions: suppressOverlaps(situation.predictions, repair.suppressAbove) };
    case 'change-labels':
      return changeLabels(situation, repair);
  }
}

export const applyRepairs = (situation: Situation, repairs: readonly Repair[]): Situation =>
  repairs.reduce(applyRepair, situation);

const withAnnotations = (situation: Situation, annotations: AnnotationColumns): Situation => ({
  ...situation,
  truth: { ...situation.truth, annotations },
});

function changed(
  situation: Situation,
  repair: BoxChange & Extract<Repair, { kind: 'transform-predictions' | 'transform-truth' }>,
  source: Pick<AnnotationColumns, 'box' | 'image' | 'category'>,
): Float64Array {
  const box = source.box.slice();
  const mask = groupMask(situation, repair.group);
  const isOfClass = situation.truth.categories.map(({ id }) => repair.classes?.includes(id));
  const frames = situation.truth.images.map((_, image) => frameOf(situation, image));
  source.image.forEach((image, row) => {
    const isConcerned = repair.classes === undefined || isOfClass[source.category[row]!];
    if (image >= 0 && mask[image] && isConcerned) changeBox(repair, box, row * 4, frames[image]!);
  });
  return box;
}

/** An area that was the box's own stays the box's own; a mask's is kept. */
function areasAfter({ area, box }: AnnotationColumns, changedBox: Float64Array): Float64Array {
  return area.map((value, row) => {
    const own = box[row * 4 + 2]! * box[row * 4 + 3]!;
    const isOwn = Math.abs(value - own) <= 1e-6 * Math.max(1, Math.abs(own));
    return isOwn ? changedBox[row * 4 + 2]! * changedBox[row * 4 + 3]! : value;
  });
}

type ClassMap = Extract<Repair, { kind: 'map-classes' }>;

function mapPredictions(situation: Situation, { map, group }: ClassMap): LoosePredictions {
  const { truth, predictions } = situation;
  const indexOfId = new Map(truth.categories.map(({ id }, index) => [id, index]));
  const mask = groupMask(situation, group);
  const byName = predictions.categories.map((name) => {
    const id = map[String(name)];
    return id === undefined ? null : (indexOfId.get(id) ?? -1);
  });
  const category = predictions.category.map((old, row) => {
    const image = predictions.image[row]!;
    if (group && (image < 0 || !mask[image])) return old;
    return byName[predictions.namedCategory[row]!] ?? old;
  });
  return { ...predictions, category };
}

/** Keys are the ids or the names of the truth's classes. */
function mapTruth(situation: Situation, { map, group }: ClassMap): Truth {
  const { truth } = situation;
  const { annotations, categories } = truth;
  const indexOfId = new Map(categories.map(({ id }, index) => [id, index]));
  const to = categories.map(({ id, name }, index) => {
    const wanted = map[String(id)] ?? map[name];
    return wanted === undefined ? index : (indexOfId.get(wanted) ?? index);
  });
  const mask = groupMask(situation, group);
  const category = annotations.category.map((old, row) => (mask[annotations.image[row]!] ? to[old]! : old));
  return { ...truth, annotations: { ...annotations, category } };
}

function joinAnew(situation: Situation, map: Readonly<Record<string, string>>): LoosePredictions {
  const { truth, predictions } = situation;
  const indexOf = new Map(truth.images.map(({ fileName }, index) => [fileName, index]));
  const byName = predictions.images.map(({ id, fileName }) => {
    const wanted = map[fileName ?? String(id)];
    return wanted === undefined ? null : (indexOf.get(wanted) ?? null);
  });
  const image = predictions.image.map((old, row) => byName[predictions.namedImage[row]!] ?? old);
  return { ...predictions, image };
}

function changeLabels(situation: Situation, repair: Extract<Repair, { kind: 'change-labels' }>): Situation {
  const { annotations } = situation.truth;
  if ('clearFlag' in repair) {
    const mask = groupMask(situation, repair.group);
    const flags = annotations.flags.map((old, row) =>
      mask[annotations.image[row]!] ? old & ~repair.clearFlag : old,
    );
    return withAnnotations(situation, { ...annotations, flags });
  }
  if ('removeEmptyBoxes' in repair) {
    const rows = [...annotations.image.keys()].filter(
      (row) => annotations.box[row * 4 + 2]! > 0 || annotations.box[row * 4 + 3]! > 0,
    );
    return withAnnotations(situation, annotationRows(annotations, rows));
  }
  return withAnnotations(situation, editAnnotations(annotations, repair.edits));
}

/** Rows are those before any of the edits; what is added stands after all, in order. */
function editAnnotations(annotations: AnnotationColumns, edits: readonly LabelEdit[]): AnnotationColumns {
  const removed = new Set(edits.flatMap((edit) => ('delete' in edit ? [edit.delete.row] : [])));
  const added = edits.flatMap((edit) => ('add' in edit ? [edit.add] : []));
  const box = annotations.box.slice();
  const category = annotations.category.slice();
  for (const edit of edits) {
    if (!('change' in edit)) continue;
    if (edit.change.category !== undefined) category[edit.change.row] = edit.change.category;
    if (edit.change.box) box.set(edit.change.box, edit.change.row * 4);
  }
  const moved = { ...annotations, box, category, area: areasAfter(annotations, box) };
  const rows = [...annotations.image.keys()].filter((row) => !removed.has(row));
  const kept = removed.size > 0 ? annotationRows(moved, rows) : moved;
  if (added.length === 0) return kept;
  const highest = annotations.id.reduce((most, id) => Math.max(most, id), 0);
  const count = kept.count + added.length;
  return {
    count,
    id: extended(
      Float64Array,
      count,
      kept.id,
      added.map((_, index) => highest + 1 + index),
    ),
    image: extended(
      Int32Array,
      count,
      kept.image,
      added.map(({ image }) => image),
    ),
    category: extended(
      Int32Array,
      count,
      kept.category,
      added.map((one) => one.category),
    ),
    box: extended(
      Float64Array,
      count * 4,
      kept.box,
      added.flatMap((one) => [...one.box]),
    ),
    area: extended(
      Float64Array,
      count,
      kept.area,
      added.map((one) => one.box[2] * one.box[3]),
    ),
    flags: extended(Uint8Array, count, kept.flags, []),
    extra: kept.extra,
  };
}

function extended<Column extends Float64Array | Int32Array | Uint8Array>(
  type: new (length: number) => Column,
  length: number,
  kept: Column,
  added: readonly number[],
): Column {
  const column = new type(length);
  column.set(kept);
  column.set(added, kept.length);
  return column;
}
