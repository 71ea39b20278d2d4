/** From what readers give to the situation that diagnosis starts with. */
import type { Join, RecordId, Truth } from '../dataset/dataset';
import type { Finding } from '../foundation/finding';
import type { RawPredictions } from '../formats/coco/read-results';
import type { JoinOptions } from '../formats/join';
import { joinLoosely } from '../formats/join';
import type { Protocol } from '../metrics/evaluation';
import type { ProtocolParameters } from '../metrics/protocol-evaluation';
import type { ImageFacts, LoosePredictions, Situation } from './situation';

export interface Scoring {
  readonly protocol: Protocol;
  readonly parameters: ProtocolParameters;
}

export interface LoadedSituation {
  readonly situation: Situation;
  readonly join: Join;
  readonly findings: readonly Finding[];
}

/** `truth`: read with classes that annotations use and the list lacks. Throws `BadInput` where only a guess would join. */
export function loadSituation(
  truth: Truth,
  raw: RawPredictions,
  options: JoinOptions,
  scoring: Scoring,
  facts: readonly (ImageFacts | null)[] | null,
): LoadedSituation {
  const { by, images, categories, findings } = joinLoosely(truth, raw, options);
  const predictions = looseColumns(raw, images, categories, options.labelMap ?? null);
  const seen = new Set<number>();
  let joined = 0;
  for (let row = 0; row < predictions.count; row++) {
    if (predictions.image[row]! < 0 || predictions.category[row]! < 0) continue;
    seen.add(predictions.image[row]!);
    joined++;
  }
  return {
    situation: { truth, predictions, facts, ...scoring },
    join: {
      by,
      images: seen.size,
      total: truth.images.length,
      predictions: joined,
      left: raw.recordsInFile - joined,
    },
    findings,
  };
}

function looseColumns(
  raw: RawPredictions,
  images: Int32Array,
  categories: Int32Array,
  labelMap: JoinOptions['labelMap'],
): LoosePredictions {
  const nameOf = new Map((labelMap ?? []).map(({ id, name }) => [id, name]));
  const named = (id: RecordId): RecordId => (typeof id === 'number' ? (nameOf.get(id) ?? id) : id);
  return {
    count: raw.count,
    image: raw.image.map((index) => images[index]!),
    category: raw.category.map((index) => categories[index]!),
    box: raw.box,
    score: raw.score,
    fileIndex: Uint32Array.from(raw.fileIndex),
    namedImage: raw.image,
    namedCategory: raw.category,
    images: raw.images,
    categories: raw.categories.map(named),
  };
}
