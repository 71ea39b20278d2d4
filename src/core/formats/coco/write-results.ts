import type { PredictionColumns, Truth } from '../../dataset/dataset';

/** COCO results, a record a line of the list, each with `file_name` besides. In file order. */
export function* writeCocoResults(
  { images, categories }: Truth,
  predictions: PredictionColumns,
): Generator<string> {
  yield '[';
  for (let row = 0; row < predictions.count; row++) {
    const image = images[predictions.image[row]!]!;
    const record = {
      image_id: image.id,
      category_id: categories[predictions.category[row]!]!.id,
      bbox: [...predictions.box.subarray(row * 4, row * 4 + 4)],
      score: predictions.score[row],
      file_name: image.fileName,
    };
    yield `${row > 0 ? ',' : ''}\n${JSON.stringify(record)}`;
  }
  yield '\n]\n';
}
