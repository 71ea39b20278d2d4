/** The share of a set that one of several machines takes, and the set put together again from all shares. */
import { annotationRows, predictionRows } from '../../dataset/rows';
import type { Category, RecordId } from '../../dataset/dataset';
import { imageOrder } from '../../matching/image-order';
import type { ScoringInput } from '../evaluation';
import type { Column } from './column-file';

/** What is not columns. */
export interface ShareFacts {
  /** Images of the whole set. */
  readonly images: number;
  /** Ids of the share's images, aligned with the column `image`. */
  readonly imageIds: readonly RecordId[];
  readonly categories: readonly Category[];
  /** Aligned with `imageIds`; null where the set has none. */
  readonly federation: ScoringInput['federation'];
  readonly hasImageLabels: boolean;
}

export type ShareColumns = Readonly<Record<(typeof COLUMNS)[number], Column>>;
export interface Share {
  readonly facts: ShareFacts;
  readonly columns: ShareColumns;
}

export const COLUMNS = [
  'image',
  'truthRow',
  'truthId',
  'truthImage',
  'truthCategory',
  'truthBox',
  'truthArea',
  'truthFlags',
  'predictionImage',
  'predictionCategory',
  'predictionBox',
  'predictionScore',
  'predictionFileIndex',
  'labelImage',
  'labelCategory',
  'labelConfidence',
] as const;

/** Images whose place in the order of ids, from 0, is `number - 1` modulo `of`. Images keep their index in the whole set. */
export function takeShare(input: ScoringInput, number: number, of: number): Share {
  const { places } = imageOrder(input.imageIds);
  const isOurs = (image: number): boolean => places[image]! % of === number - 1;
  const rowsOf = (image: Int32Array): number[] => [...image.keys()].filter((row) => isOurs(image[row]!));
  const images = [...input.imageIds.keys()].filter(isOurs);
  const truthRows = rowsOf(input.annotations.image);
  const truth = annotationRows(input.annotations, truthRows);
  const found = predictionRows(input.predictions, rowsOf(input.predictions.image));
  const { federation = null, imageLabels = null } = input;
  const labels = imageLabels ? rowsOf(imageLabels.image) : [];
  return {
    facts: {
      images: input.imageIds.length,
      imageIds: images.map((image) => input.imageIds[image]!),
      categories: input.categories,
      federation: federation && {
        negative: images.map((image) => federation.negative[image]!),
        notExhaustive: images.map((image) => federation.notExhaustive[image]!),
      },
      hasImageLabels: imageLabels !== null,
    },
    columns: {
      image: Int32Array.from(images),
      truthRow: Int32Array.from(truthRows),
      truthId: truth.id,
      truthImage: truth.image,
      truthCategory: truth.category,
      truthBox: truth.box,
      truthArea: truth.area,
      truthFlags: truth.flags,
      predictionImage: found.image,
      predictionCategory: found.category,
      predictionBox: found.box,
      predictionScore: found.score,
      predictionFileIndex: found.fileIndex,
      labelImage: Int32Array.from(labels, (row) => imageLabels!.image[row]!),
      labelCategory: Int32Array.from(labels, (row) => imageLabels!.category[row]!),
      labelConfidence: Float64Array.from(labels, (row) => imageLabels!.confidence[row]!),
    },
  };
}

/** The set as it was before it was shared out: all shares, in any order. */
export function joinShares(shares: readonly Share[]): ScoringInput {
  const { facts } = shares[0]!;
  const imageIds = new Array<RecordId>(facts.images);
  const negative = new Array<readonly number[]>(facts.images);
  const notExhaustive = new Array<readonly number[]>(facts.images);
  for (const share of shares) {
    share.columns.image.forEach((image, at) => {
      imageIds[image] = share.facts.imageIds[at]!;
      negative[image] = share.facts.federation?.negative[at] ?? [];
      notExhaustive[image] = share.facts.federation?.notExhaustive[at] ?? [];
    });
  }
  const all = (name: (typeof COLUMNS)[number]): Float64Array =>
    concatenated(shares.map((share) => share.columns[name]));
  const integers = (name: (typeof COLUMNS)[number]): Int32Array => Int32Array.from(all(name));
  const truthOrder = risingOrder(all('truthRow'));
  const fileOrder = risingOrder(all('predictionFileIndex'));
  return {
    imageIds,
    categories: facts.categories,
    annotations: annotationRows(
      {
        count: truthOrder.length,
        id: all('truthId'),
        image: integers('truthImage'),
        category: integers('truthCategory'),
        box: all('truthBox'),
        area: all('truthArea'),
        flags: Uint8Array.from(all('truthFlags')),
        extra: new Map(),
      },
      truthOrder,
    ),
    predictions: predictionRows(
      {
        count: fileOrder.length,
        image: integers('predictionImage'),
        category: integers('predictionCategory'),
        box: all('predictionBox'),
        score: all('predictionScore'),
        fileIndex: Uint32Array.from(all('predictionFileIndex')),
      },
      fileOrder,
    ),
    federation: facts.federation ? { negative, notExhaustive } : null,
    imageLabels: facts.hasImageLabels
      ? {
          image: integers('labelImage'),
          category: integers('labelCategory'),
          confidence: all('labelConfidence'),
        }
      : null,
  };
}

function concatenated(columns: readonly Column[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const column of columns) {
    all.set(column, offset);
    offset += column.length;
  }
  return all;
}

/** Rows by rising key; keys are distinct. */
function risingOrder(keys: Float64Array): Int32Array {
  return Int32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
}
