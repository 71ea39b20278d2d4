import { expect, it } from 'vitest';
import { results } from './coco.fixture';
import { joinParts } from './join-parts';

it('parts of one set of predictions are as one file', () => {
  const record = (image: number | string, category: number, score: number): object => ({
    image_id: image,
    category_id: category,
    bbox: [1, 2, 3, score],
    score,
  });
  const first = [record(1, 5, 0.1), { image_id: 1 }, record('a', 6, 0.2)];
  const second = [record('a', 7, 0.3), record(1, 5, 0.4)];
  const { findings, ...joined } = joinParts([results(first), results(second)]);
  const { findings: ofWhole, ...whole } = results([...first, ...second]);
  expect(joined).toEqual(whole);
  expect(findings).toEqual(ofWhole);
  const only = results(second);
  expect(joinParts([only])).toBe(only);
});
