/** How numbers of images that join none, or the wrong ones, may be meant: where boxes agree, the numbering is right. */
import { stemOf } from '../../formats/names';
import { applyRepair } from '../apply-repair';
import type { FoundCause } from '../cause';
import { fixedAttempts } from '../geometry/attempts';
import { resizeOf } from '../geometry/change-boxes';
import type { Attempt } from '../geometry/overlap-screen';
import { OverlapScreen } from '../geometry/overlap-screen';
import type { Situation } from '../situation';
import { frameOf } from '../situation';
import { joinCause, joinedImages } from './join-cause';

/** Ids join by chance: numbering from 0 for 1, or places in a list for ids. Overlap tells. */
const LEAST_GAIN = 0.15;
/** Predictions that agree this well with their images are of them. */
const GOOD_OVERLAP = 0.6;
/** Share of the predictions' images that a numbering has to place. */
const LEAST_PLACED = 0.9;
/** A later numbering has to agree that much better than an earlier one. */
const BETTER = 0.01;

export function findNumbering(situation: Situation): FoundCause | null {
  const { truth, predictions } = situation;
  const { images } = predictions;
  if (images.length < 2 || !images.every(({ id, fileName }) => typeof id === 'number' && fileName === null))
    return null;
  const joined = joinedImages(situation);
  const before = meanOverlap(situation);
  if (before > GOOD_OVERLAP) return null;
  let best: { overlap: number; cause: FoundCause } | null = null;
  for (const { words, indexOf } of numberings(situation)) {
    const pairs = images.flatMap(({ id }, named) => {
      const image = indexOf(Number(id));
      return image !== undefined && image >= 0 && image < truth.images.length
        ? [[named, image] as const]
        : [];
    });
    if (
      pairs.length < images.length * LEAST_PLACED ||
      pairs.every(([named, image]) => joined[named] === image)
    )
      continue;
    const cause = joinCause(situation, joined, pairs, 'digits', {
      title: `Images are not joined to their predictions: they are ${words}`,
      example: { predictions: images[pairs[0]![0]]!.id, truth: truth.images[pairs[0]![1]]!.fileName },
    });
    const overlap = meanOverlap(applyRepair(situation, cause.repair!));
    if (overlap > before + LEAST_GAIN && (!best || overlap > best.overlap + BETTER))
      best = { overlap, cause };
  }
  return best?.cause ?? null;
}

interface Numbering {
  readonly words: string;
  /** Index into the truth's images. */
  readonly indexOf: (id: number) => number | undefined;
}

function numberings({ truth, predictions }: Situation): readonly Numbering[] {
  const { images } = truth;
  const places = [...images.keys()];
  const byName = places.toSorted((a, b) => (images[a]!.fileName < images[b]!.fileName ? -1 : 1));
  const idOf = (place: number): number => Number(images[place]!.id);
  const byId = places.toSorted((a, b) => idOf(a) - idOf(b));
  const indexOfId = new Map(images.map(({ id }, index) => [id, index]));
  const ids = predictions.images.map(({ id }) => Number(id));
  const offset = ids.reduce((least, id) => Math.min(least, id)) - idOf(byId[0]!);
  const placeOfId = new Map([...new Set(ids)].sort((a, b) => a - b).map((id, place) => [id, place]));
  const indexOfNumber = lastNumbers(images.map(({ fileName }) => fileName));
  return [
    { words: 'numbered one less than the ground truth’s ids', indexOf: (id) => indexOfId.get(id + 1) },
    { words: 'numbered one more than the ground truth’s ids', indexOf: (id) => indexOfId.get(id - 1) },
    { words: 'numbered by the numbers in the names', indexOf: (id) => indexOfNumber.get(id) },
    { words: 'numbered from 0 in the order of the list', indexOf: (id) => id },
    { words: 'numbered from 1 in the order of the list', indexOf: (id) => id - 1 },
    { words: 'numbered from 0 in the order of names', indexOf: (id) => byName[id] },
    { words: 'numbered from 1 in the order of names', indexOf: (id) => byName[id - 1] },
    {
      words: `numbered ${Math.abs(offset)} ${offset < 0 ? 'less' : 'more'} than the ground truth’s ids`,
      indexOf: (id) => indexOfId.get(id - offset),
    },
    ...(placeOfId.size === images.length
      ? [
          {
            words: 'numbered otherwise, in the same order',
            indexOf: (id: number) => byId[placeOfId.get(id)!],
          },
        ]
      : []),
  ];
}

/** By the last number of a name that no other name ends with. */
function lastNumbers(names: readonly string[]): Map<number, number> {
  const indexOf = new Map<number, number>();
  const repeated = new Set<number>();
  names.forEach((name, index) => {
    const text = stemOf(name).match(/\d+/g)?.at(-1);
    if (text === undefined) return;
    const number = Number(text);
    if (indexOf.has(number)) repeated.add(number);
    indexOf.set(number, index);
  });
  for (const number of repeated) indexOf.delete(number);
  return indexOf;
}

/** The best that predictions and truth agree under any change of coordinates: another fault may hide the right joining. */
function meanOverlap(situation: Situation): number {
  const sample = { images: 30, objects: 10 };
  const screen = new OverlapScreen(situation, sample);
  if (screen.images.length === 0) return 0;
  const attempts = [NO_CHANGE, ...fixedAttempts(situation).filter(({ other }) => !other)];
  const measured = attempts.map((attempt) => screen.measure(attempt));
  measured.push(new OverlapScreen(withinTruth(situation), sample).measure(NO_CHANGE));
  measured.push(...fittedSquares(situation).map((attempt) => screen.measure(attempt)));
  return Math.max(...measured.map(({ iou }) => iou.reduce((sum, value) => sum + value, 0) / iou.length));
}

const SQUARE_FITS = ['letterbox', 'longest-side', 'shortest-side'] as const;

/** Images of many shapes fitted into one square: its side is where the predictions reach, in parts of where the truth does. */
function fittedSquares(situation: Situation): Attempt[] {
  const { truth, predictions } = situation;
  const { annotations } = truth;
  const frames = truth.images.map((_, image) => frameOf(situation, image));
  const reached = farthest(surestOf(situation).map((row) => endOf(predictions.box, row, UNCHANGED)));
  return SQUARE_FITS.flatMap((fit): Attempt[] => {
    const square = { change: 'undo-resize', fit, width: 1, height: 1, factor: 1 } as const;
    const placings = frames.map((frame) => resizeOf(square, frame));
    const ends = [...annotations.image].flatMap((image, row) => {
      const placing = placings[image];
      return placing ? endOf(annotations.box, row, placing) : [];
    });
    const side = reached / farthest(ends);
    if (!(side > 0 && Number.isFinite(side))) return [];
    return [{ side: 'predictions', changes: [{ ...square, width: side, height: side }] }];
  });
}

type Placing = NonNullable<ReturnType<typeof resizeOf>>;
const UNCHANGED: Placing = { x: 1, y: 1, left: 0, top: 0 };

/** The larger of a box's right and lower edge, where `placing` puts it. */
function endOf(box: Float64Array, row: number, { x, y, left, top }: Placing): number {
  const at = row * 4;
  return Math.max(left + (box[at]! + box[at + 2]!) * x, top + (box[at + 1]! + box[at + 3]!) * y);
}

/** All but the last few; NaN of none. */
const farthest = (ends: readonly number[]): number => highOf(Float64Array.from(ends).sort()) ?? NaN;

const NO_CHANGE: Attempt = { side: 'predictions', changes: [] };
/** Where boxes of a set begin and end: this share of their edges lies beyond. */
const BEYOND = 0.02;

/** The predictions stretched so that the best of them reach as far as the truth does: whatever size they are of. */
function withinTruth(situation: Situation): Situation {
  const { truth, predictions } = situation;
  const { annotations } = truth;
  const best = surestOf(situation);
  const box = predictions.box.slice();
  for (const axis of [0, 1]) {
    const [low, high] = reach(predictions.box, best, axis);
    const [least, most] = reach(annotations.box, [...annotations.image.keys()], axis);
    const scale = (most - least) / (high - low);
    if (!Number.isFinite(scale)) return situation;
    for (let offset = axis; offset < box.length; offset += 4) {
      box[offset] = (box[offset]! - low) * scale + least;
      box[offset + 2]! *= scale;
    }
  }
  return { ...situation, predictions: { ...predictions, box } };
}

/** As many of the surest predictions as there are objects. */
function surestOf({ truth, predictions }: Situation): readonly number[] {
  return [...predictions.score.keys()]
    .sort((a, b) => predictions.score[b]! - predictions.score[a]!)
    .slice(0, truth.annotations.count);
}

function reach(
  box: Float64Array,
  rows: readonly number[],
  axis: number,
): readonly [low: number, high: number] {
  const starts = Float64Array.from(rows, (row) => box[row * 4 + axis]!).sort();
  const ends = Float64Array.from(rows, (row) => box[row * 4 + axis]! + box[row * 4 + axis + 2]!).sort();
  return [starts[Math.floor(BEYOND * Math.max(0, rows.length - 1))] ?? 0, highOf(ends) ?? 0];
}

const highOf = (rising: Float64Array): number | undefined =>
  rising[Math.ceil((1 - BEYOND) * Math.max(0, rising.length - 1))];
