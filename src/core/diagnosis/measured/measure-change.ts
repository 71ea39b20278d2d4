/**
 * What a change of the model's input does, measured: the model ran over the same images before and after. Labels and
 * predictions that the change pushed out of the frame count in neither.
 */
import type { PredictionColumns } from '../../dataset/dataset';
import { annotationRows } from '../../dataset/rows';
import type { Progress } from '../../foundation/cancellation';
import type { ModelChange } from '../../inference/change/model-change';
import { pictureOf } from '../../inference/change/model-change';
import type { Box, ChangedFrame } from '../../inference/change/picture-change';
import { changedFrame } from '../../inference/change/picture-change';
import { rowsByImage } from '../../label-quality/by-image';
import { boxCover, boxIou } from '../../matching/overlap';
import { foundLabels, shareOf } from '../found-labels';
import type { Interval } from '../price';
import { gainIntervals, Scores } from '../price';
import { choosePredictions } from '../selection';
import type { LoosePredictions, Situation } from '../situation';
import { scoringInputOf } from '../situation';

/** Places of the frame: near its edge or its centre, or one of its halves. */
export type FramePlace = 'edge' | 'centre' | 'left' | 'right' | 'top' | 'bottom';

/** Whole labels that lay in one place of the frame and lie in another after the change. */
export interface MovedLabels {
  readonly from: FramePlace;
  readonly to: FramePlace;
  readonly labels: number;
  readonly foundBefore: number;
  readonly foundAfter: number;
  /** Found only before, found only after: what a paired test counts. */
  readonly lost: number;
  readonly won: number;
}

export interface MeasuredChange {
  readonly change: ModelChange;
  /** The protocol's first number on these images, under the same rules; null where it is undefined. */
  readonly scoreBefore: number | null;
  readonly scoreAfter: number | null;
  readonly gain: number;
  /** 95 %, paired bootstrap over images. */
  readonly gainInterval: Interval | null;
  /** Share of the labels that a confident prediction lies on. */
  readonly recallBefore: number;
  readonly recallAfter: number;
  readonly moved: readonly MovedLabels[];
}

/** The predictions under diagnosis beside what the model gives on the same images. */
export interface OwnRun {
  readonly scoreGiven: number | null;
  readonly scoreOwn: number | null;
  /** Own less given. */
  readonly gain: number;
  readonly gainInterval: Interval | null;
  /** Share of the given confident boxes that the model gives too. */
  readonly agreement: number;
  /** The same under each change of the input, in the order of `Measurement.changes`; null where the picture changed. */
  readonly agreements: readonly (number | null)[];
}

/** What a model showed when it was run over some images with changes. */
export interface Measurement {
  /** Images that ran. */
  readonly images: number;
  /** Of those the set has. */
  readonly total: number;
  readonly changes: readonly MeasuredChange[];
  /** Null where no predictions were given, and where the model made them here. */
  readonly ownRun: OwnRun | null;
}

/** From here on (0: the centre, 1: the edge) a label is at the edge. */
export const EDGE = 0.6;
/** A box this near the frame's edge (pixels) is cut off by it. */
export const MARGIN = 2;

/** Predictions of a model over the images of a truth. */
export function looseOf(columns: PredictionColumns, { truth }: Pick<Situation, 'truth'>): LoosePredictions {
  return {
    ...columns,
    namedImage: columns.image,
    namedCategory: columns.category,
    images: truth.images.map(({ id, fileName }) => ({ id, fileName })),
    categories: truth.categories.map(({ id }) => id),
  };
}

/**
 * `before` holds the predictions of the model as it is, `after` those under the change, in pixels of the unchanged
 * images. `sizes`: width and height by image.
 */
export function measureChange(
  before: Situation,
  after: LoosePredictions,
  change: ModelChange,
  sizes: readonly (readonly [width: number, height: number])[],
  progress: Progress,
): MeasuredChange {
  const picture = pictureOf(change);
  const frames = picture && sizes.map(([width, height]) => changedFrame(picture, width, height));
  const [now, then] = [before, { ...before, predictions: after }].map((one) =>
    frames ? withinFrame(one, frames) : one,
  ) as [Situation, Situation];
  const scores = new Scores();
  const [gainInterval] = gainIntervals(scores, [now, then], progress);
  const foundBefore = foundLabels(scoringInputOf(now), 'own-class');
  const foundAfter = foundLabels(scoringInputOf(then), 'own-class');
  const scoreBefore = scores.score(now);
  const scoreAfter = scores.score(then);
  return {
    change,
    scoreBefore,
    scoreAfter,
    gain: (scoreAfter ?? 0) - (scoreBefore ?? 0),
    gainInterval: gainInterval ?? null,
    recallBefore: shareOf(foundBefore),
    recallAfter: shareOf(foundAfter),
    moved: frames ? movedLabels(now, frames, sizes, foundBefore, foundAfter) : [],
  };
}

const CONFIDENT = 0.3;
const SAME_IOU = 0.75;
const SAME_SCORE = 0.1;

/** Share of the confident boxes of one set that another has too: IoU from 0.75, same class, scores within 0.1. */
export function agreement(given: LoosePredictions, other: LoosePredictions, images: number): number {
  const rows = rowsByImage(other, images);
  let confident = 0;
  let same = 0;
  for (let row = 0; row < given.count; row++) {
    if (given.score[row]! < CONFIDENT) continue;
    confident++;
    const isSame = (partner: number): boolean =>
      other.category[partner] === given.category[row] &&
      Math.abs(other.score[partner]! - given.score[row]!) <= SAME_SCORE &&
      boxIou(given.box, row * 4, other.box, partner * 4) >= SAME_IOU;
    if (given.image[row]! >= 0 && rows.of(given.image[row]!).some(isSame)) same++;
  }
  return confident === 0 ? 0 : same / confident;
}

/** `given`: the predictions under diagnosis; `own`: what the model gives as it is; `changed`: by change, where comparable. */
export function compareOwnRun(
  given: Situation,
  own: LoosePredictions,
  changed: readonly (LoosePredictions | null)[],
  progress: Progress,
): OwnRun {
  const images = given.truth.images.length;
  const { scoreBefore, scoreAfter, gain, gainInterval } = measureChange(given, own, {}, [], progress);
  const agrees = (other: LoosePredictions): number => agreement(given.predictions, other, images);
  return {
    scoreGiven: scoreBefore,
    scoreOwn: scoreAfter,
    gain,
    gainInterval,
    agreement: agrees(own),
    agreements: changed.map((one) => one && agrees(one)),
  };
}

const boxAt = (box: Float64Array, row: number): Box => [
  box[row * 4]!,
  box[row * 4 + 1]!,
  box[row * 4 + 2]!,
  box[row * 4 + 3]!,
];

const holdsCentre = ([left, top, width, height]: Box, [x, y, w, h]: Box): boolean => {
  const [cx, cy] = [x + w / 2, y + h / 2];
  return cx >= left && cx <= left + width && cy >= top && cy <= top + height;
};

/** Half a pixel of tolerance: labels drawn to the edge of the image are whole. */
const holdsWhole = ([left, top, width, height]: Box, [x, y, w, h]: Box): boolean =>
  x >= left - 0.5 && y >= top - 0.5 && x + w <= left + width + 0.5 && y + h <= top + height + 0.5;

/** Share of a prediction that lies on a label which is out: from here on it means that label. */
const MEANT = 0.5;

/**
 * Labels that are whole in the part that stays, and predictions whose centre lies in it; not those that mean a label cut
 * off by its edge.
 */
function withinFrame(situation: Situation, frames: readonly ChangedFrame[]): Situation {
  const { truth, predictions } = situation;
  const { annotations } = truth;
  const isIn = Array.from({ length: annotations.count }, (_, row) =>
    holdsWhole(frames[annotations.image[row]!]!.kept, boxAt(annotations.box, row)),
  );
  const labels = rowsByImage(annotations, truth.images.length);
  const isMeant = (prediction: number): boolean => {
    const own = labels.of(predictions.image[prediction]!);
    const at = prediction * 4;
    const covers = (row: number): boolean => boxCover(predictions.box, at, annotations.box, row * 4) >= MEANT;
    const finds = (row: number): boolean => boxIou(annotations.box, row * 4, predictions.box, at) >= MEANT;
    return own.some((row) => !isIn[row] && covers(row)) && !own.some((row) => isIn[row] && finds(row));
  };
  const rows = [...isIn.keys()].filter((row) => isIn[row]);
  return {
    ...situation,
    truth: { ...truth, annotations: annotationRows(annotations, rows) },
    predictions: choosePredictions(
      predictions,
      (row) =>
        holdsCentre(frames[predictions.image[row]!]!.kept, boxAt(predictions.box, row)) && !isMeant(row),
    ),
  };
}

type Size = readonly [width: number, height: number];

const isWhole = (box: Box, [width, height]: Size): boolean =>
  box[0] > MARGIN && box[1] > MARGIN && box[0] + box[2] < width - MARGIN && box[1] + box[3] < height - MARGIN;

/** Place of a box by distance from the centre, and by halves. */
function placesOf([x, y, w, h]: Box, [width, height]: Size): readonly [FramePlace, FramePlace, FramePlace] {
  const across = (x + w / 2) / width;
  const down = (y + h / 2) / height;
  const distance = 2 * Math.max(Math.abs(across - 0.5), Math.abs(down - 0.5));
  return [
    distance >= EDGE ? 'edge' : 'centre',
    across < 0.5 ? 'left' : 'right',
    down < 0.5 ? 'top' : 'bottom',
  ];
}

function movedLabels(
  { truth: { annotations } }: Situation,
  frames: readonly ChangedFrame[],
  sizes: readonly Size[],
  before: Uint8Array,
  after: Uint8Array,
): MovedLabels[] {
  const moved = new Map<string, { -readonly [K in keyof MovedLabels]: MovedLabels[K] }>();
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    const frame = frames[image]!;
    const box = boxAt(annotations.box, row);
    if (!isWhole(box, sizes[image]!)) continue;
    const from = placesOf(box, sizes[image]!);
    const to = placesOf(frame.toChanged(box), [frame.width, frame.height]);
    for (const [at, place] of from.entries()) {
      if (place === to[at]) continue;
      const key = `${place} ${to[at]!}`;
      const entry = moved.get(key) ?? {
        ...{ from: place, to: to[at]!, labels: 0, foundBefore: 0, foundAfter: 0, lost: 0, won: 0 },
      };
      entry.labels++;
      entry.foundBefore += before[row]!;
      entry.foundAfter += after[row]!;
      if (before[row]! > after[row]!) entry.lost++;
      if (after[row]! > before[row]!) entry.won++;
      moved.set(key, entry);
    }
  }
  return [...moved.values()];
}

/** Labels that moved from one place to another, over several changes of one measurement. */
export function allMoved(changes: readonly MeasuredChange[], from: FramePlace, to: FramePlace): MovedLabels {
  const all = changes.flatMap(({ moved }) => moved.filter((one) => one.from === from && one.to === to));
  const sum = (of: 'labels' | 'foundBefore' | 'foundAfter' | 'lost' | 'won'): number =>
    all.reduce((total, one) => total + one[of], 0);
  return {
    from,
    to,
    labels: sum('labels'),
    foundBefore: sum('foundBefore'),
    foundAfter: sum('foundAfter'),
    lost: sum('lost'),
    won: sum('won'),
  };
}
