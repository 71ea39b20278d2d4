import type { Truth } from '../../dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../../dataset/dataset';
import { parseExtra } from '../extra';

/**
 * COCO JSON of a truth, in pieces: images, annotations and categories, then what the reader kept. Coordinates keep every
 * digit. COCO can express all that a truth holds but its subsets.
 */
export function* writeCocoTruth(truth: Truth): Generator<string> {
  const { images, categories, annotations: columns } = truth;
  yield '{"images":[';
  for (const [index, { id, fileName, width, height, extra }] of images.entries()) {
    const record = {
      id,
      file_name: fileName,
      ...(width === null ? {} : { width }),
      ...(height === null ? {} : { height }),
      ...parseExtra(extra),
    };
    yield `${index > 0 ? ',' : ''}\n${JSON.stringify(record)}`;
  }
  yield '],\n"annotations":[';
  for (let row = 0; row < columns.count; row++) {
    const flags = columns.flags[row]!;
    const record = {
      id: columns.id[row],
      image_id: images[columns.image[row]!]!.id,
      category_id: categories[columns.category[row]!]!.id,
      bbox: [...columns.box.subarray(row * 4, row * 4 + 4)],
      area: columns.area[row],
      iscrowd: flags & FLAG_CROWD ? 1 : 0,
      ...(flags & FLAG_DIFFICULT ? { difficult: 1 } : {}),
      ...(flags & FLAG_GROUP_OF ? { group_of: 1 } : {}),
      ...(flags & FLAG_IGNORE ? { ignore: 1 } : {}),
      ...parseExtra(columns.extra.get(row) ?? null),
    };
    yield `${row > 0 ? ',' : ''}\n${JSON.stringify(record)}`;
  }
  yield '],\n"categories":[';
  for (const [index, { id, name, extra }] of categories.entries()) {
    yield `${index > 0 ? ',' : ''}\n${JSON.stringify({ id, name, ...parseExtra(extra) })}`;
  }
  yield ']';
  for (const [key, value] of Object.entries(parseExtra(truth.extra))) {
    yield `,\n${JSON.stringify(key)}:${JSON.stringify(value)}`;
  }
  yield '}\n';
}
