/** Two classes exchanged in images that have nothing in common, and a model that takes one for the other. */
import { describe, expect, it } from 'vitest';
import { CLEAN_SHAPES, cleanSet } from '../clean-set.fixture';
import type { DataFiles } from '../data-files.fixture';
import { copyOf, randomOf, situationOf } from '../data-files.fixture';
import { diagnoseFiles, scoreOf } from '../planting-trial.fixture';
import { findClassMap } from './find-class-map';

const SHAPES = [
  ['twenty classes', { images: 150, classes: 20, objects: 7, clutter: 8, looseness: 0.06, found: 0.8 }],
  ['a weak model', { images: 150, classes: 8, objects: 7, clutter: 8, looseness: 0.15, found: 0.6 }],
] as const;

/** The first two classes exchanged, object by object. */
function exchanged(files: DataFiles, isWrong: (image: number, at: number) => boolean): DataFiles {
  const copy = copyOf(files);
  const place = new Map(copy.truth.images.map(({ id }, at) => [id, at]));
  copy.predictions.forEach((one, at) => {
    if (Number(one.category_id) <= 2 && isWrong(place.get(Number(one.image_id))!, at))
      one.category_id = 3 - Number(one.category_id);
  });
  return copy;
}

describe.each(SHAPES)('with %s', (_, shape) => {
  const files = cleanSet(41, shape);

  it('classes exchanged in every third image are named, at their price', () => {
    const planted = exchanged(files, (image) => image % 3 === 0);
    const [first] = diagnoseFiles(planted).causes;
    expect(first).toMatchObject({ code: 'label-map-permuted', evidence: { map: { 1: 2, 2: 1 } } });
    expect(Math.abs(first!.gain! - (scoreOf(files) - scoreOf(planted)))).toBeLessThan(0.005);
  });

  it('a model that takes one for the other is not at fault', () => {
    const random = randomOf(7);
    const mistaken = exchanged(files, () => random() < 0.33);
    expect(findClassMap(situationOf(mistaken))).toBeNull();
  });
});

it('nothing is exchanged in clean sets', () => {
  for (let seed = 0; seed < 2 * CLEAN_SHAPES.length; seed++) {
    const files = cleanSet(500 + seed, CLEAN_SHAPES[seed % CLEAN_SHAPES.length]!);
    expect(findClassMap(situationOf(files))).toBeNull();
  }
});
