import type { Category } from '../../dataset/dataset';

/** Text of a `label_map.pbtxt`. */
export const writeLabelMap = (categories: readonly Pick<Category, 'id' | 'name'>[]): string =>
  categories.map(({ id, name }) => `item {\n  id: ${id}\n  name: ${JSON.stringify(name)}\n}\n`).join('');
