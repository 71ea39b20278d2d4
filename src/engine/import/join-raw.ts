import type { RawPredictions } from '../../core/formats/coco/read-results';

/** Predictions given as several files, as one: in that order, their places counted on. */
export function joinRaw(parts: readonly RawPredictions[]): RawPredictions {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const joined = {
    count,
    image: new Int32Array(count),
    images: parts.flatMap(({ images }) => images),
    category: new Int32Array(count),
    categories: parts.flatMap(({ categories }) => categories),
    box: new Float64Array(count * 4),
    score: new Float64Array(count),
    fileIndex: new Int32Array(count),
    recordsInFile: parts.reduce((sum, { recordsInFile }) => sum + recordsInFile, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
  let row = 0;
  let images = 0;
  let categories = 0;
  let records = 0;
  for (const part of parts) {
    const [firstImage, firstCategory, firstRecord] = [images, categories, records];
    joined.image.set(
      part.image.map((image) => image + firstImage),
      row,
    );
    joined.category.set(
      part.category.map((category) => category + firstCategory),
      row,
    );
    joined.fileIndex.set(
      part.fileIndex.map((place) => place + firstRecord),
      row,
    );
    joined.box.set(part.box, row * 4);
    joined.score.set(part.score, row);
    row += part.count;
    images += part.images.length;
    categories += part.categories.length;
    records += part.recordsInFile;
  }
  return joined;
}
