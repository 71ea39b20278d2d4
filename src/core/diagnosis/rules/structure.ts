/** Faults of the truth's own fields, which have no price of their own: ids, areas, classes without truth. */
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';

export function findStructure(situation: Situation): FoundCause[] {
  return [...findIds(situation), ...findAreas(situation), ...findClassesWithoutTruth(situation)];
}

function findIds({ truth }: Situation): FoundCause[] {
  const { id, image, count } = truth.annotations;
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const rows = rowsOf.get(id[row]!);
    if (rows) rows.push(row);
    else rowsOf.set(id[row]!, [row]);
  }
  const zero = rowsOf.get(0) ?? [];
  const repeated = [...rowsOf.values()].filter((rows) => rows.length > 1).flat();
  const rows = [...new Set([...zero, ...repeated])];
  if (rows.length === 0) return [];
  const parts = [
    ...(repeated.length > 0 ? [`${repeated.length} annotations share ids`] : []),
    ...(zero.length > 0 ? [`${zero.length} ${zero.length === 1 ? 'has' : 'have'} id 0`] : []),
  ];
  return [
    {
      code: 'ids-invalid',
      title: `Annotation ids invalid: ${parts.join(', ')}`,
      evidence: { zero: zero.length, repeated: repeated.length },
      images: [...new Set(rows.map((row) => image[row]!))],
      action:
        'Number annotations from 1, each its own: pycocotools reads id 0 as “no match” and keeps one of equal ids',
      repair: null,
    },
  ];
}

/** A mask fills a part of its box, hardly ever less than a tenth, and never more than all of it. */
const LEAST_FILL = 0.02;
const MOST_FILL = 1.05;
const SHARE_OF_AREAS = 0.1;
const LOW_MEDIAN = 0.12;
/** Areas in one ratio to their boxes, as nearly as this, which is none of 1. */
const ONE_RATIO = 0.01;
const SCALED_BY = 0.05;

function findAreas({ truth }: Situation): FoundCause[] {
  const { area, box, image, count } = truth.annotations;
  const wrong: number[] = [];
  const fills: number[] = [];
  for (let row = 0; row < count; row++) {
    const own = box[row * 4 + 2]! * box[row * 4 + 3]!;
    if (!(own > 0)) continue;
    const fill = area[row]! / own;
    fills.push(fill);
    if (!(fill >= LEAST_FILL && fill <= MOST_FILL)) wrong.push(row);
  }
  if (fills.length === 0) return [];
  fills.sort((a, b) => a - b);
  const median = fills[Math.floor(fills.length / 2)]!;
  // Masks fill their boxes each in its own way: one ratio throughout is a scale.
  const at = (share: number): number => fills[Math.floor(share * (fills.length - 1))]!;
  const isScaled = at(0.9) - at(0.1) <= ONE_RATIO * median && Math.abs(median - 1) > SCALED_BY;
  const isMany = wrong.length >= Math.max(1, SHARE_OF_AREAS * fills.length);
  if (!isMany && !isScaled && median >= LOW_MEDIAN) return [];
  const rows = isMany ? wrong : [...image.keys()];
  return [
    {
      code: 'area-wrong',
      title: `Areas wrong: ${rows.length} of ${fills.length} do not fit their boxes`,
      evidence: {
        annotations: rows.length,
        medianOfBox: median,
        zero: wrong.filter((row) => area[row] === 0).length,
      },
      images: [...new Set(rows.map((row) => image[row]!))],
      action: 'Write area as width × height (or the mask’s pixels): small, medium and large go by it',
      repair: null,
    },
  ];
}

/** A class of which the set shows nothing although it shows dozens of every other: no accident. */
const TYPICAL_COUNT = 20;
const CONFIDENT_PREDICTIONS = 5;

function findClassesWithoutTruth({ truth, predictions }: Situation): FoundCause[] {
  const { categories, annotations } = truth;
  const counts = new Int32Array(categories.length);
  for (const category of annotations.category) counts[category]!++;
  const present = [...counts].filter((count) => count > 0).sort((a, b) => a - b);
  if (present.length === 0) return [];
  const typical = present[Math.floor(present.length / 2)]!;
  const confident = confidentPredictions(predictions, counts);
  const absent = [...categories.keys()].filter(
    (index) => counts[index] === 0 && !categories[index]!.isUnlisted,
  );
  const isFew = absent.length <= Math.max(1, 0.2 * categories.length);
  const missing = absent.filter(
    (index) => confident[index]! >= CONFIDENT_PREDICTIONS || (isFew && typical >= TYPICAL_COUNT),
  );
  if (missing.length === 0) return [];
  const names = missing.map((index) => categories[index]!.name);
  const isOf = new Set(missing);
  const images = new Set(
    [...predictions.image].filter((image, row) => image >= 0 && isOf.has(predictions.category[row]!)),
  );
  return [
    {
      code: 'class-without-truth',
      title: `Without ground truth: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`,
      evidence: { classes: names },
      images: [...images],
      action: 'Check that these classes were labelled; they are in no mean',
      repair: null,
    },
  ];
}

/** By class: predictions with a score that is typical of the best of classes with truth. */
function confidentPredictions(predictions: Situation['predictions'], counts: Int32Array): Int32Array {
  const known = [...predictions.score]
    .filter((_, row) => counts[predictions.category[row]!]! > 0)
    .sort((a, b) => b - a);
  const objects = counts.reduce((sum, count) => sum + count, 0);
  const bar = known[Math.min(known.length - 1, Math.floor(objects / 2))] ?? Infinity;
  const confident = new Int32Array(counts.length);
  for (let row = 0; row < predictions.count; row++) {
    if (predictions.category[row]! >= 0 && predictions.score[row]! >= bar)
      confident[predictions.category[row]!]!++;
  }
  return confident;
}
