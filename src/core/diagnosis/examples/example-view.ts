/**
 * What to look at in an image that shows a cause: the boxes that are wrong in its way, a part of the image about them, and
 * words for it. Boxes are matched as people look at them: confidence from 0.3, the best overlap of at least 0.5.
 */
import { boxIou } from '../../matching/overlap';
import type { CauseCode } from '../cause';

export type ExampleRectangle = readonly [x: number, y: number, width: number, height: number];

export interface ExampleBox {
  readonly isTruth: boolean;
  readonly box: ExampleRectangle;
  /** Name of its class. */
  readonly category: string;
  /** Null of a label. */
  readonly score: number | null;
}

export interface ExampleView {
  /** What is wrong there, in a few words. */
  readonly words: string;
  /** The part of the image. */
  readonly view: ExampleRectangle;
  /** Those that the words are about. */
  readonly focus: readonly ExampleBox[];
  /** What else lies in the part. */
  readonly others: readonly ExampleBox[];
}

/** What can be seen to be wrong with one box or two. */
type Sight = 'unlabelled' | 'unseen' | 'other-class' | 'loose' | 'repeated-label' | 'repeated' | 'any';

const SIGHTS: Readonly<Partial<Record<CauseCode, Sight>>> = {
  'labels-missing': 'unlabelled',
  'training-labels-missing': 'unlabelled',
  'class-without-truth': 'unlabelled',
  'no-background-images': 'unlabelled',
  'ground-truth-clipped': 'unlabelled',
  'labels-extra': 'unseen',
  'class-never-predicted': 'unseen',
  'objects-too-small': 'unseen',
  'anchors-do-not-cover': 'unseen',
  'position-bias': 'unseen',
  'detections-capped': 'unseen',
  'class-imbalance': 'unseen',
  'labels-wrong-class': 'other-class',
  'asymmetric-classes-flipped': 'other-class',
  'label-map-shifted': 'other-class',
  'label-map-permuted': 'other-class',
  'category-names-differ': 'other-class',
  'labels-badly-placed': 'loose',
  'aspect-squashed': 'loose',
  'labels-duplicated': 'repeated-label',
  'duplicates-not-suppressed': 'repeated',
};

const LEAST_SCORE = 0.3;
/** Of what lies nearby, only what the model is fairly sure of. */
const LEAST_OTHER_SCORE = 0.5;
const SAME_OBJECT = 0.5;
const SAME_LABEL = 0.9;
/** A loose box: it means the object, and does not fit it. */
const LOOSE = [0.2, 0.75] as const;
/** Boxes of a whole image: more would hide what they lie on. */
const MOST_OF_WHOLE = 8;
const MOST_OTHERS = 30;
/** Surroundings on each side, in parts of the longer side of what is shown. */
const SURROUNDINGS = 0.6;
/** A part is at least so wide and high, in pixels and in parts of the image. */
const LEAST_SIDE = 48;
const LEAST_PART = 0.12;

interface Found {
  readonly focus: readonly ExampleBox[];
  readonly words: string;
}

/** `boxes`: all of the image. Where nothing of the cause's own kind is seen, the whole image with its surest boxes. */
export function exampleView(
  code: CauseCode,
  boxes: readonly ExampleBox[],
  size: readonly [width: number, height: number],
): ExampleView {
  const labels = boxes.filter(({ isTruth }) => isTruth);
  const seen = boxes
    .filter(({ isTruth, score }) => !isTruth && score! >= LEAST_SCORE)
    .sort((a, b) => b.score! - a.score!);
  const found = look(SIGHTS[code] ?? 'any', labels, seen);
  if (!found) return wholeView(labels, seen, size);
  const view = viewAbout(
    found.focus.map(({ box }) => box),
    size,
  );
  const sure = seen.filter(({ score }) => score! >= LEAST_OTHER_SCORE);
  const others = [...labels, ...sure].filter((one) => !found.focus.includes(one) && meets(one.box, view));
  return { ...found, view, others: others.slice(0, MOST_OTHERS) };
}

function wholeView(
  labels: readonly ExampleBox[],
  seen: readonly ExampleBox[],
  [width, height]: readonly [number, number],
): ExampleView {
  const focus = [...labels.slice(0, MOST_OF_WHOLE), ...seen.slice(0, MOST_OF_WHOLE)];
  const words = `${labels.length} labels, ${seen.length} predictions of at least ${LEAST_SCORE}`;
  return { words, view: [0, 0, width, height], focus, others: [] };
}

function look(sight: Sight, labels: readonly ExampleBox[], seen: readonly ExampleBox[]): Found | null {
  switch (sight) {
    case 'unlabelled': {
      const one = seen.find((box) => overlapWith(box, labels) < SAME_OBJECT);
      return one ? { focus: [one], words: `The model sees ${said(one)}; there is no label` } : null;
    }
    case 'unseen': {
      const one = [...labels]
        .sort((a, b) => overlapWith(a, seen) - overlapWith(b, seen))
        .find((box) => overlapWith(box, sameClass(box, seen)) < SAME_OBJECT);
      return one ? { focus: [one], words: `Labelled ${one.category}; the model sees none there` } : null;
    }
    case 'other-class':
      return pairOf(
        labels,
        seen,
        (label, box, overlap) => label.category !== box.category && overlap >= SAME_OBJECT,
        (label, box) => `Labelled ${label.category}; the model sees ${said(box)}`,
      );
    case 'loose':
      return pairOf(
        labels,
        seen,
        (label, box, overlap) => label.category === box.category && overlap >= LOOSE[0] && overlap < LOOSE[1],
        (label, box) =>
          `The label and the model’s ${said(box)} overlap by ${iou(label, box).toFixed(2)} (IoU)`,
      );
    case 'repeated-label':
      return pairOf(
        labels,
        labels,
        (label, other, overlap) =>
          label !== other && label.category === other.category && overlap >= SAME_LABEL,
        (label) => `${label.category} labelled twice`,
      );
    case 'repeated':
      return pairOf(
        seen,
        seen,
        (box, other, overlap) => box !== other && box.category === other.category && overlap >= SAME_OBJECT,
        (box, other) => `${said(box)} and ${other.score!.toFixed(2)} on one object`,
      );
    case 'any':
      return null;
  }
}

function pairOf(
  first: readonly ExampleBox[],
  second: readonly ExampleBox[],
  isPair: (a: ExampleBox, b: ExampleBox, overlap: number) => boolean,
  words: (a: ExampleBox, b: ExampleBox) => string,
): Found | null {
  // The surest, and of equally sure ones what overlaps least.
  const pairs = second.flatMap((b) =>
    first
      .map((a) => ({ a, b, overlap: iou(a, b) }))
      .filter(({ a, overlap }) => isPair(a, b, overlap))
      .map((pair) => ({ ...pair, weight: (b.score ?? 1) * (1 - pair.overlap / 2) })),
  );
  const [best] = pairs.sort((one, other) => other.weight - one.weight);
  return best ? { focus: [best.a, best.b], words: words(best.a, best.b) } : null;
}

const said = ({ category, score }: ExampleBox): string => `${category} ${score!.toFixed(2)}`;

const sameClass = ({ category }: ExampleBox, boxes: readonly ExampleBox[]): ExampleBox[] =>
  boxes.filter((other) => other.category === category);

const iou = (a: ExampleBox, b: ExampleBox): number =>
  boxIou(Float64Array.from(a.box), 0, Float64Array.from(b.box), 0);

const overlapWith = (one: ExampleBox, others: readonly ExampleBox[]): number =>
  Math.max(0, ...others.map((other) => iou(one, other)));

const meets = ([x, y, w, h]: ExampleRectangle, [left, top, wide, high]: ExampleRectangle): boolean =>
  x < left + wide && y < top + high && x + w > left && y + h > top;

/** A square about the boxes, within the image as far as that goes. Whole pixels. */
export function viewAbout(
  boxes: readonly ExampleRectangle[],
  [width, height]: readonly [number, number],
): ExampleRectangle {
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , w]) => x + w));
  const bottom = Math.max(...boxes.map(([, y, , h]) => y + h));
  const own = Math.max(right - left, bottom - top) * (1 + 2 * SURROUNDINGS);
  const side = Math.max(LEAST_SIDE, LEAST_PART * Math.max(width, height), own);
  const [x, wide] = span((left + right) / 2, side, width);
  const [y, high] = span((top + bottom) / 2, side, height);
  return [x, y, wide, high];
}

/** So much of a line of `length` about a place, moved to lie within. */
function span(centre: number, wanted: number, length: number): [from: number, size: number] {
  const size = Math.max(1, Math.round(Math.min(wanted, length)));
  const from = Math.round(Math.min(Math.max(0, centre - size / 2), length - size));
  return [Math.max(0, from), size];
}
