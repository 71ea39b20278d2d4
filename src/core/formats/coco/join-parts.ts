import type { RecordId } from '../../dataset/dataset';
import type { RawImage, RawPredictions } from './read-results';

/** Predictions of several files as one set: in that order, their places counted on from file to file. */
export function joinParts(parts: readonly RawPredictions[]): RawPredictions {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const images: RawImage[] = [];
  const categories: RecordId[] = [];
  const whole = {
    count,
    image: new Int32Array(count),
    images,
    category: new Int32Array(count),
    categories,
    box: new Float64Array(count * 4),
    score: new Float64Array(count),
    fileIndex: new Int32Array(count),
    recordsInFile: parts.reduce((sum, part) => sum + part.recordsInFile, 0),
    findings: parts.flatMap(({ findings }) => findings),
    ...(only?.conventions ? { conventions: only.conventions } : {}),
  };
  const imageIndex = new Map<string, number>();
  const categoryIndex = new Map<RecordId, number>();
  let row = 0;
  let records = 0;
  for (const part of parts) {
    const imageOf = part.images.map((image) =>
      indexOf(imageIndex, images, JSON.stringify([image.id, image.fileName]), image),
    );
    const categoryOf = part.categories.map((id) => indexOf(categoryIndex, categories, id, id));
    for (let from = 0; from < part.count; from++) {
      whole.image[row + from] = imageOf[part.image[from]!]!;
      whole.category[row + from] = categoryOf[part.category[from]!]!;
      whole.fileIndex[row + from] = records + part.fileIndex[from]!;
    }
    whole.box.set(part.box, row * 4);
    whole.score.set(part.score, row);
    row += part.count;
    records += part.recordsInFile;
  }
  return whole;
}

function indexOf<K, V>(index: Map<K, number>, values: V[], key: K, value: V): number {
  const known = index.get(key);
  if (known !== undefined) return known;
  index.set(key, values.length);
  return values.push(value) - 1;
}
