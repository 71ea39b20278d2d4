/**
 * COCO's boxes are `[x, y, width, height]`. Files in which they are two corners, or stand about their centres, are met all
 * the same: their numbers give it away, and the user may have them read so. What goes out is COCO's own order again.
 */
import { annotationRows } from '../../dataset/rows';
import type { BoxConvention, ConventionChoice } from '../conventions/box-convention';
import type { ConventionReading } from '../conventions/convention';
import { conventionFor } from '../conventions/convention';
import { conventionReading } from '../conventions/witness';
import type { TruthReading } from '../reading';
import { withConventions } from '../reading';
import type { RawPredictions } from './read-results';

/** That all of so many boxes lie right of and below their own width and height by chance is not to be believed. */
const ENOUGH = 20;

/** Whether the third number is above the first and the fourth above the second, always. */
function couldBeCorners(box: Float64Array): boolean {
  for (let at = 0; at < box.length; at += 4)
    if (!(box[at + 2]! > box[at]! && box[at + 3]! > box[at + 1]!)) return false;
  return box.length >= ENOUGH * 4;
}

function layoutReading(
  name: 'coco' | 'coco-results',
  box: Float64Array,
  choice: ConventionChoice,
): ConventionReading {
  const convention = conventionFor(name, choice);
  if (couldBeCorners(box))
    return conventionReading(
      name,
      convention,
      choice,
      {},
      {
        choice: { layout: 'xyxy' },
        why: `In all ${box.length / 4} boxes the last two numbers are larger than the first two, as those of two corners are.`,
      },
    );
  const told = {
    layout: {
      how: 'found',
      why: 'Some boxes are narrower or lower than they are far from the corner, as two corners cannot be.',
    },
  } as const;
  return conventionReading(name, convention, choice, box.length === 0 ? {} : told);
}

/** The boxes in the format's own order; rows whose corners are swapped are not among them. */
function inOwnOrder(
  box: Float64Array,
  layout: BoxConvention['layout'],
): { readonly box: Float64Array; readonly rows: number[] } {
  const own = new Float64Array(box.length);
  const rows: number[] = [];
  for (let row = 0; row < box.length / 4; row++) {
    const [a, b, c, d] = box.subarray(row * 4, row * 4 + 4) as unknown as [number, number, number, number];
    const [x, y, width, height] =
      layout === 'xyxy'
        ? [a, b, c - a, d - b]
        : layout === 'yxyx'
          ? [b, a, d - b, c - a]
          : layout === 'cxcywh'
            ? [a - c / 2, b - d / 2, c, d]
            : [a, b, c, d];
    own.set([x, y, width, height], row * 4);
    if (width >= 0 && height >= 0) rows.push(row);
  }
  return { box: own, rows };
}

const swapped = (file: string, count: number) =>
  count === 0
    ? []
    : [
        {
          code: 'box-negative',
          severity: 'error' as const,
          message: 'Read in the chosen order, boxes have their corners swapped; they were left out.',
          where: { file },
          count,
        },
      ];

/** What was said of boxes in the other order is no longer true of them. */
const OF_THE_ORDER = new Set(['box-outside-image', 'box-without-area']);

export function truthInLayout(reading: TruthReading, choice: ConventionChoice, file: string): TruthReading {
  const { truth, findings } = reading;
  const { annotations } = truth;
  const conventions = layoutReading('coco', annotations.box, choice);
  const { convention } = conventions;
  const { layout } = convention;
  if (layout === 'xywh') return withConventions(reading, conventions);
  const { box, rows } = inOwnOrder(annotations.box, layout);
  const area = annotations.area.map((value, row) => {
    const written = annotations.box[row * 4 + 2]! * annotations.box[row * 4 + 3]!;
    return value === written ? box[row * 4 + 2]! * box[row * 4 + 3]! : value;
  });
  const own = {
    truth: { ...truth, annotations: annotationRows({ ...annotations, box, area }, rows) },
    findings: [
      ...findings.filter(({ code }) => !OF_THE_ORDER.has(code)),
      ...swapped(file, annotations.count - rows.length),
    ],
  };
  // What the truth keeps is how it is written: in COCO's own order.
  const kept = withConventions(own, { ...conventions, convention: { ...convention, layout: 'xywh' } });
  return { ...kept, conventions };
}

export function resultsInLayout(raw: RawPredictions, choice: ConventionChoice, file: string): RawPredictions {
  const conventions = layoutReading('coco-results', raw.box, choice);
  const { layout } = conventions.convention;
  if (layout === 'xywh') return { ...raw, conventions };
  const { box, rows } = inOwnOrder(raw.box, layout);
  return {
    ...raw,
    count: rows.length,
    image: Int32Array.from(rows, (row) => raw.image[row]!),
    category: Int32Array.from(rows, (row) => raw.category[row]!),
    box: Float64Array.from({ length: rows.length * 4 }, (_, at) => box[rows[at >> 2]! * 4 + (at & 3)]!),
    score: Float64Array.from(rows, (row) => raw.score[row]!),
    fileIndex: Int32Array.from(rows, (row) => raw.fileIndex[row]!),
    findings: [
      ...raw.findings.filter(({ code }) => !OF_THE_ORDER.has(code)),
      ...swapped(file, raw.count - rows.length),
    ],
    conventions,
  };
}
