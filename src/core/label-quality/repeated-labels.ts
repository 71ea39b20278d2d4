/**
 * Objects labelled twice: labels of one class that overlap by more than 0.9. The model can match only one of the two, so
 * the other is a miss for ever. Labels that lie within another of their class and fill most of it are counted beside.
 */
import { type AnnotationColumns, FLAG_CROWD, FLAG_GROUP_OF } from '../dataset/dataset';
import { boxCover, boxIou } from '../matching/overlap';
import { rowsByImage } from './by-image';

const SAME_OBJECT = 0.9;
/** A nested label lies in the other by this much of its area, and fills this much of it. */
const NESTED_COVER = 0.97;
const NESTED_FILL = 0.5;

export interface RepeatedLabel {
  readonly row: number;
  /** The row of the earlier label on the same object. */
  readonly of: number;
}

export interface RepeatedLabels {
  readonly repeated: readonly RepeatedLabel[];
  /** Rows within another label of their class. */
  readonly nested: readonly number[];
}

/** Of two labels on one object the later one in the file is the repeated one. Crowds and groups take no part. */
export function repeatedLabels(annotations: AnnotationColumns, images: number): RepeatedLabels {
  const { box, category, flags } = annotations;
  const rows = rowsByImage(annotations, images);
  const repeated: RepeatedLabel[] = [];
  const nested: number[] = [];
  for (let image = 0; image < images; image++) {
    const own = [...rows.of(image)].filter((row) => !(flags[row]! & (FLAG_CROWD | FLAG_GROUP_OF)));
    const kept: number[] = [];
    for (const row of own) {
      const rivals = kept.filter((other) => category[other] === category[row]);
      const of = rivals.find((other) => boxIou(box, other * 4, box, row * 4) > SAME_OBJECT);
      if (of !== undefined) {
        repeated.push({ row, of });
        continue;
      }
      if (rivals.some((other) => isNested(box, row, other) || isNested(box, other, row))) nested.push(row);
      kept.push(row);
    }
  }
  return { repeated, nested };
}

function isNested(box: Float64Array, inner: number, outer: number): boolean {
  const fill = (box[inner * 4 + 2]! * box[inner * 4 + 3]!) / (box[outer * 4 + 2]! * box[outer * 4 + 3]!);
  return fill >= NESTED_FILL && fill <= 1 && boxCover(box, inner * 4, box, outer * 4) >= NESTED_COVER;
}
