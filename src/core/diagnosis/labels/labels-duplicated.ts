/**
 * Objects labelled twice: labels of one class that overlap by more than 0.9. The model can match only one of the two, so
 * the other is a miss for ever. Labels that lie within another of their class and fill most of it are counted beside.
 */
import { boxCover, boxIou } from '../../matching/overlap';
import { FLAG_CROWD, FLAG_GROUP_OF, type Truth } from '../../dataset/dataset';
import { rowsByImage } from '../../label-quality/by-image';
import type { Rule } from '../rule';

const SAME_OBJECT = 0.9;
/** A nested label lies in the other by this much of its area, and fills this much of it. */
const NESTED_COVER = 0.97;
const NESTED_FILL = 0.5;

export interface RepeatedLabels {
  /** Rows that repeat an earlier label. */
  readonly repeated: readonly number[];
  /** Rows within another label of their class. */
  readonly nested: readonly number[];
}

export const labelsDuplicated: Rule = {
  codes: ['labels-duplicated'],
  group: 'B',
  looksFor: 'objects labelled twice',
  find({ repaired, truth }) {
    const looked = repaired?.truth ?? truth;
    if (!looked) return [];
    const { repeated, nested } = repeatedLabels(looked);
    if (repeated.length === 0) return [];
    const { annotations } = looked;
    return [
      {
        code: 'labels-duplicated',
        title: `Objects labelled twice: ${repeated.length} labels repeat another of their class`,
        evidence: { labels: repeated.length, nested: nested.length, annotations: annotations.count },
        images: [...new Set(repeated.map((row) => annotations.image[row]!))],
        action: 'Delete one of each two labels of a class that overlap by more than 0.9 IoU',
        repair: { kind: 'change-labels', edits: repeated.map((row) => ({ delete: { row } })) },
      },
    ];
  },
};

/** Of two labels on one object the later one in the file is the repeated one. Crowds and groups take no part. */
export function repeatedLabels({ images, annotations }: Truth): RepeatedLabels {
  const { box, category, flags } = annotations;
  const rows = rowsByImage(annotations, images.length);
  const repeated: number[] = [];
  const nested: number[] = [];
  for (let image = 0; image < images.length; image++) {
    const own = [...rows.of(image)].filter((row) => !(flags[row]! & (FLAG_CROWD | FLAG_GROUP_OF)));
    const kept: number[] = [];
    for (const row of own) {
      const rivals = kept.filter((other) => category[other] === category[row]);
      if (rivals.some((other) => boxIou(box, other * 4, box, row * 4) > SAME_OBJECT)) {
        repeated.push(row);
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
