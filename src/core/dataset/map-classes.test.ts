import { describe, expect, it } from 'vitest';
import { truthOf } from '../formats/coco/coco.fixture';
import type { PredictionColumns } from './dataset';
import { mapClasses, orderClasses } from './map-classes';

const { truth } = truthOf({
  images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 100 }],
  categories: [
    { id: 2, name: 'car' },
    { id: 5, name: 'Car' },
    { id: 7, name: 'junk' },
  ],
  annotations: [2, 5, 7, 2].map((category_id, at) => ({
    id: at + 1,
    image_id: 1,
    category_id,
    bbox: [at, 0, 10, 10],
    area: 100,
    iscrowd: 0,
  })),
});
const predictions: PredictionColumns = {
  count: 3,
  image: Int32Array.of(0, 0, 0),
  category: Int32Array.of(1, 2, 0),
  box: new Float64Array(12).fill(1),
  score: Float64Array.of(0.9, 0.8, 0.7),
  fileIndex: Uint32Array.of(0, 1, 2),
};
const namesOf = (mapped: typeof truth): string[] =>
  [...mapped.annotations.category].map((index) => mapped.categories[index]!.name);

describe('a map of classes', () => {
  it('puts classes together, and leaves one out with its boxes and predictions', () => {
    const mapped = mapClasses(truth, predictions, { Car: 'car', junk: null });
    expect(mapped.truth.categories).toMatchObject([{ id: 2, name: 'car' }]);
    expect(namesOf(mapped.truth)).toEqual(['car', 'car', 'car']);
    expect([...mapped.truth.annotations.id]).toEqual([1, 2, 4]);
    expect([...mapped.predictions!.fileIndex]).toEqual([0, 2]);
    expect([...mapped.predictions!.category]).toEqual([0, 0]);
  });

  it('keeps the id of the class that has the name already, whichever comes first', () => {
    const { truth: mapped } = mapClasses(truth, null, { car: 'Car' });
    expect(mapped.categories).toMatchObject([
      { id: 5, name: 'Car' },
      { id: 7, name: 'junk' },
    ]);
    expect(namesOf(mapped)).toEqual(['Car', 'Car', 'junk', 'Car']);
  });

  it('exchanges two names', () => {
    const { truth: mapped } = mapClasses(truth, null, { car: 'junk', junk: 'car' });
    expect(mapped.categories.map(({ id, name }) => [id, name])).toEqual([
      [2, 'junk'],
      [5, 'Car'],
      [7, 'car'],
    ]);
  });

  it('that says nothing of the classes leaves everything as it is', () => {
    expect(mapClasses(truth, predictions, { other: 'x' }).truth).toBe(truth);
  });
});

it('classes are numbered in the order given, the others after them', () => {
  const ordered = orderClasses(truth, ['junk']);
  expect(ordered.categories.map(({ id, name }) => [id, name])).toEqual([
    [1, 'junk'],
    [2, 'car'],
    [3, 'Car'],
  ]);
  expect(namesOf(ordered)).toEqual(namesOf(truth));
});
