/** The data under diagnosis: as its files have it, joined as far as it joins. A repair makes another situation of it. */
import { blankPredictions } from '../dataset/blank-columns';
import type { PredictionColumns, RecordId, Truth } from '../dataset/dataset';
import { EMPTY_PREDICTIONS } from '../dataset/dataset';
import type { RawImage } from '../formats/coco/read-results';
import type { Protocol, ScoringInput } from '../metrics/evaluation';
import type { ProtocolParameters } from '../metrics/protocol-evaluation';
import type { ImageFrame } from './geometry/change-boxes';

/** Predictions of which some may have found no image or no class. */
export interface LoosePredictions {
  readonly count: number;
  /** Index into `Truth.images`; -1 where none was found. */
  readonly image: Int32Array;
  /** Index into `Truth.categories`; -1 where none was found. */
  readonly category: Int32Array;
  /** x, y, width, height as the file has them: four entries a record. */
  readonly box: Float64Array;
  readonly score: Float64Array;
  /** The record's place in its file. Rising. */
  readonly fileIndex: Uint32Array;
  /** Index into `images`, of every record. */
  readonly namedImage: Int32Array;
  /** Index into `categories`, of every record. */
  readonly namedCategory: Int32Array;
  /** Images as the file names them. */
  readonly images: readonly RawImage[];
  /** Classes as the file names them. */
  readonly categories: readonly RecordId[];
}

/** Of the decoded pixels, at most 512 a side. */
export interface ImageLook {
  /** Mean luminance, 0 to 1. */
  readonly brightness: number;
  /** Standard deviation of the luminance, 0 to 1. */
  readonly contrast: number;
  /** Standard deviation of the luminance's Laplacian. */
  readonly sharpness: number;
  /** Share of red in the sum of the three channels' means; 1/3 where it is grey. */
  readonly red: number;
  readonly blue: number;
}

/** Luminance (0 to 255) of the image squeezed to 16 × 16, row by row: pictures that look alike have like ones. */
export type ImagePrint = Uint8Array;

/** What is known of an image besides its annotations. */
export interface ImageFacts {
  /** Of the stored pixels; null where the file was not found. */
  readonly width: number | null;
  readonly height: number | null;
  /** EXIF, 1 to 8; 1 where there is none. */
  readonly orientation: number;
  /** Null or absent where the pixels were not looked at: only a part of a large set is. */
  readonly look?: ImageLook | null;
  /** Null or absent as `look`. */
  readonly print?: ImagePrint | null;
}

export interface Situation {
  /** With classes that annotations use and the list lacks (`Category.isUnlisted`). */
  readonly truth: Truth;
  readonly predictions: LoosePredictions;
  readonly protocol: Protocol;
  readonly parameters: ProtocolParameters;
  /** Id of the class whose AP is the score; null or absent: the protocol's first number is. Of live protocols only. */
  readonly scoredCategory?: number | null;
  /** By index of `truth.images`; null where no image was looked at. */
  readonly facts: readonly (ImageFacts | null)[] | null;
}

/** What the scorers take: the predictions that found image and class. */
export function scoringInputOf({ truth, predictions }: Situation): ScoringInput {
  return {
    imageIds: truth.images.map(({ id }) => id),
    categories: truth.categories,
    annotations: truth.annotations,
    predictions: joinedOnly(predictions),
    federation: truth.federation ?? null,
  };
}

function joinedOnly(loose: LoosePredictions): PredictionColumns {
  const { image, category } = loose;
  const isJoined = (row: number): boolean => image[row]! >= 0 && category[row]! >= 0;
  let count = 0;
  for (let row = 0; row < loose.count; row++) if (isJoined(row)) count++;
  if (count === loose.count) {
    const { box, score, fileIndex } = loose;
    return { count, image, category, box, score, fileIndex };
  }
  const columns = blankPredictions(count);
  let to = 0;
  for (let row = 0; row < loose.count; row++) {
    if (!isJoined(row)) continue;
    columns.image[to] = image[row]!;
    columns.category[to] = category[row]!;
    for (let part = 0; part < 4; part++) columns.box[to * 4 + part] = loose.box[row * 4 + part]!;
    columns.score[to] = loose.score[row]!;
    columns.fileIndex[to] = loose.fileIndex[row]!;
    to++;
  }
  return columns;
}

/** Width and height of an image: of its pixels where they were looked at, else as the truth says; null where neither. */
export function sizeOf(
  { truth, facts }: Pick<Situation, 'truth' | 'facts'>,
  image: number,
): readonly [width: number, height: number] | null {
  const seen = facts?.[image];
  const width = seen?.width ?? truth.images[image]!.width;
  const height = seen?.height ?? truth.images[image]!.height;
  return width !== null && height !== null && width > 0 && height > 0 ? [width, height] : null;
}

/** What changes of coordinates need to know of an image; null where its size is not known. */
export function frameOf(situation: Pick<Situation, 'truth' | 'facts'>, image: number): ImageFrame | null {
  const size = sizeOf(situation, image);
  const orientation = situation.facts?.[image]?.orientation ?? 1;
  return size && { width: size[0], height: size[1], orientation };
}

/** A truth that nothing was predicted for. */
export function withoutPredictions(truth: Truth): Situation {
  const predictions: LoosePredictions = {
    ...EMPTY_PREDICTIONS,
    namedImage: EMPTY_PREDICTIONS.image,
    namedCategory: EMPTY_PREDICTIONS.category,
    images: [],
    categories: [],
  };
  return { truth, predictions, protocol: 'coco', parameters: {}, facts: null };
}
