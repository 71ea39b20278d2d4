/** The annotations of one image after one change, for previews of what the change would do to the score. */
import type { LabelEdit } from '../diagnosis/repair';
import type { ImageTruth } from '../metrics/evaluation';

/**
 * `row`: of the edited annotation within the image; not read where one is added. An added one has no flags and the
 * highest id of the image + 1; a moved one has the area of its box.
 */
export function editedTruth(truth: ImageTruth, edit: LabelEdit, row: number): ImageTruth {
  if ('delete' in edit) return withoutRow(truth, row);
  if ('add' in edit) return withRow(truth, edit.add.category, edit.add.box);
  const { category, box } = edit.change;
  const changed = {
    ...truth,
    category: truth.category.slice(),
    box: truth.box.slice(),
    area: truth.area.slice(),
  };
  if (category !== undefined) changed.category[row] = category;
  if (box) {
    changed.box.set(box, row * 4);
    changed.area[row] = box[2] * box[3];
  }
  return changed;
}

function withoutRow(truth: ImageTruth, row: number): ImageTruth {
  const isKept = (_: number, at: number): boolean => at !== row;
  return {
    count: truth.count - 1,
    id: truth.id.filter(isKept),
    category: truth.category.filter(isKept),
    box: truth.box.filter((_, at) => at >> 2 !== row),
    area: truth.area.filter(isKept),
    flags: truth.flags.filter(isKept),
  };
}

function withRow(
  truth: ImageTruth,
  category: number,
  box: readonly [number, number, number, number],
): ImageTruth {
  const id = truth.id.reduce((highest, other) => Math.max(highest, other), 0) + 1;
  return {
    count: truth.count + 1,
    id: Float64Array.of(...truth.id, id),
    category: Int32Array.of(...truth.category, category),
    box: Float64Array.of(...truth.box, ...box),
    area: Float64Array.of(...truth.area, box[2] * box[3]),
    flags: Uint8Array.of(...truth.flags, 0),
  };
}
