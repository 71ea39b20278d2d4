/** Faults of label maps and class names. */
import type { DataFiles } from './data-files.fixture';
import type { Planting, Where } from './planting.fixture';
import { chosenIds } from './planting.fixture';

const mapIds =
  (to: (id: number, ids: readonly number[]) => number): Planting['plant'] =>
  (files, where) => {
    const chosen = chosenIds(files, where);
    const ids = files.truth.categories.map(({ id }) => id);
    for (const record of files.predictions)
      if (chosen.has(Number(record.image_id))) record.category_id = to(Number(record.category_id), ids);
  };

/** The two classes with most truth change places. */
function exchange(files: DataFiles, where: Where): void {
  const counts = new Map<number, number>();
  for (const { category_id } of files.truth.annotations)
    counts.set(category_id, (counts.get(category_id) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  mapIds((id) => (id === first ? second! : id === second ? first! : id))(files, where, Math.random);
}

export const CLASS_PLANTINGS: readonly Planting[] = [
  {
    name: 'ids one less',
    code: 'label-map-shifted',
    kind: 'classes',
    plant: mapIds((id) => id - 1),
    evidence: { offset: -1 },
  },
  {
    name: 'ids one more',
    code: 'label-map-shifted',
    kind: 'classes',
    plant: mapIds((id) => id + 1),
    evidence: { offset: 1 },
  },
  {
    name: 'truth ids one less',
    code: 'label-map-shifted',
    kind: 'classes',
    evidence: { offset: 1 },
    plant: (files, where) => {
      const chosen = chosenIds(files, where);
      for (const one of files.truth.annotations) if (chosen.has(one.image_id)) one.category_id -= 1;
    },
  },
  { name: 'two classes exchanged', code: 'label-map-permuted', kind: 'classes', plant: exchange },
  {
    name: 'classes turned round',
    code: 'label-map-permuted',
    kind: 'classes',
    plant: mapIds((id, ids) => ids[(ids.indexOf(id) + 1) % ids.length]!),
  },
  {
    name: 'names in another case',
    code: 'category-names-differ',
    kind: 'classes',
    isWhole: true,
    plant: (files) => {
      const nameOf = new Map(files.truth.categories.map(({ id, name }) => [id, name]));
      for (const record of files.predictions) {
        const name = nameOf.get(Number(record.category_id)) ?? String(record.category_id);
        record.category_id = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
      }
    },
  },
  {
    name: 'names with a space',
    code: 'category-names-differ',
    kind: 'classes',
    isWhole: true,
    plant: (files) => {
      const nameOf = new Map(files.truth.categories.map(({ id, name }) => [id, name]));
      for (const record of files.predictions)
        record.category_id = `${nameOf.get(Number(record.category_id)) ?? record.category_id} `;
    },
  },
  {
    name: 'names in the plural',
    code: 'category-names-differ',
    kind: 'classes',
    isWhole: true,
    plant: (files) => {
      const nameOf = new Map(files.truth.categories.map(({ id, name }) => [id, name]));
      for (const record of files.predictions)
        record.category_id = `${nameOf.get(Number(record.category_id)) ?? record.category_id}s`;
    },
  },
  {
    name: 'names in another language',
    code: 'category-names-differ',
    kind: 'classes',
    isWhole: true,
    plant: (files) => {
      for (const record of files.predictions) record.category_id = `Gegenstand ${record.category_id}`;
    },
  },
];
