/** Parts of a situation: some of its predictions, some of its images. */
import { chooseImages } from '../dataset/subset';
import type { LoosePredictions, Situation } from './situation';

export function choosePredictions(
  predictions: LoosePredictions,
  isKept: (row: number) => boolean,
): LoosePredictions {
  const rows: number[] = [];
  for (let row = 0; row < predictions.count; row++) if (isKept(row)) rows.push(row);
  const { length } = rows;
  const box = new Float64Array(length * 4);
  rows.forEach((row, to) => box.set(predictions.box.subarray(row * 4, row * 4 + 4), to * 4));
  const pick = (from: ArrayLike<number>) => (_: unknown, to: number) => from[rows[to]!]!;
  return {
    ...predictions,
    count: length,
    image: Int32Array.from({ length }, pick(predictions.image)),
    category: Int32Array.from({ length }, pick(predictions.category)),
    box,
    score: Float64Array.from({ length }, pick(predictions.score)),
    fileIndex: Uint32Array.from({ length }, pick(predictions.fileIndex)),
    namedImage: Int32Array.from({ length }, pick(predictions.namedImage)),
    namedCategory: Int32Array.from({ length }, pick(predictions.namedCategory)),
  };
}

/** The situation of some of its images (indices, in their order), with nothing of the others. */
export function onlyImages(situation: Situation, images: readonly number[]): Situation {
  const { truth, predictions, facts } = situation;
  const indexOf = new Int32Array(truth.images.length).fill(-1);
  images.forEach((image, at) => (indexOf[image] = at));
  const own = choosePredictions(
    predictions,
    (row) => predictions.image[row]! >= 0 && indexOf[predictions.image[row]!]! >= 0,
  );
  return {
    ...situation,
    truth: chooseImages(truth, images),
    predictions: { ...own, image: own.image.map((image) => indexOf[image]!) },
    facts: facts && images.map((image) => facts[image] ?? null),
  };
}
