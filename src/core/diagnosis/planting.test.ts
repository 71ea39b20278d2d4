/** A sample of the plantings of `planting.slow.test.ts`. */
import { describe, expect, it } from 'vitest';
import type { Cause } from './cause';
import { CLEAN_SHAPES, cleanSet } from './clean-set.fixture';
import { diagnoseFiles, EVERYWHERE, scoreOf, tryPlanting } from './planting-trial.fixture';
import { PLANTINGS } from './plantings.fixture';

const SHAPE = { images: 24, classes: 4, objects: 6, clutter: 4, looseness: 0.05, found: 0.85 };
const FILES = cleanSet(5, SHAPE);
const CLEAN = scoreOf(FILES);
const CROWDED = cleanSet(6, { ...SHAPE, images: 60, objects: 16 });
const named = (name: string) => PLANTINGS.find((planting) => planting.name === name)!;

const ALONE = [
  'x and y swapped, predictions',
  'normalised, truth',
  'letterbox 640, predictions',
  'ids one less',
  'only the numbers',
  'every box twice, moved',
  'a class never predicted',
  'ids repeated',
  'areas a quarter',
  'images numbered by the numbers in their names',
  'image ids 100000 more',
  'names in the plural',
  'names in another language',
];

const PAIRS = [
  ['xyxy, predictions', 'normalised, predictions'],
  ['letterbox 320, truth', 'names in capitals'],
  ['half size, predictions', 'images numbered from 0'],
] as const;
/** With the second the first has to be seen by few predictions. */
const BOUNDED_PAIR = ['flip x, predictions', 'one detection'] as const;

describe('planted bookkeeping faults', () => {
  it.each(ALONE)('%s: named first, at the price of what it costs', (name) => {
    const trial = tryPlanting(FILES, CLEAN, [named(name)], EVERYWHERE, 0.003)!;
    expect(trial).not.toBeNull();
    expect(trial.diagnosis.causes.map(({ code }) => code)[0]).toBe(named(name).code);
    expect(trial.isNamed).toBe(true);
    if (trial.priceError !== null) expect(Math.abs(trial.priceError)).toBeLessThan(0.005);
  });

  it.each(PAIRS)('%s and %s: both named', (...names) => {
    const trial = tryPlanting(FILES, CLEAN, names.map(named), EVERYWHERE, 0.003)!;
    expect(trial.isNamed).toBe(true);
    expect(Math.abs(trial.priceError!)).toBeLessThan(0.005);
  });

  it('turned boxes, one an image: both named', () => {
    const trial = tryPlanting(FILES, CLEAN, BOUNDED_PAIR.map(named), EVERYWHERE, 0.003)!;
    expect(trial.isNamed).toBe(true);
  });

  it.each([['every third annotation a crowd'], ['flip x, truth', 'one pixel right and down, truth']])(
    'seen only by many objects: %s',
    (...names) => {
      const trial = tryPlanting(CROWDED, scoreOf(CROWDED), names.map(named), EVERYWHERE, 0.003)!;
      expect(trial.isNamed).toBe(true);
      expect(Math.abs(trial.priceError!)).toBeLessThan(0.005);
    },
  );

  it.each(['truth clipped at 12', 'truth clipped at 10', 'ten detections', 'one detection'])(
    '%s: named, at about its price',
    (name) => {
      const files = cleanSet(6, { ...SHAPE, images: 60, objects: 16 });
      const trial = tryPlanting(files, scoreOf(files), [named(name)], EVERYWHERE, 0.003)!;
      expect(trial.isNamed).toBe(true);
      const [{ gain, gainInterval }] = trial.diagnosis.causes as [Cause];
      expect(Math.abs(gain! - trial.trueLoss)).toBeLessThan(0.3 * trial.trueLoss);
      expect(gainInterval![0]).toBeLessThan(trial.trueLoss);
      expect(gainInterval![1]).toBeGreaterThan(trial.trueLoss);
    },
  );

  it('in one folder: named with the folder', () => {
    const place = {
      name: 'north',
      where: (image: { file_name: string }) => image.file_name.startsWith('north'),
    };
    const trial = tryPlanting(FILES, CLEAN, [named('flip x, predictions')], place, 0.003)!;
    expect(trial.diagnosis.causes[0]).toMatchObject({
      code: 'coordinates-flipped',
      evidence: { transform: 'flip-x', group: { by: 'folder', values: ['north/'] } },
    });
    expect(Math.abs(trial.priceError!)).toBeLessThan(0.005);
  });
});

/** Of this draw few predictions score low, and the lowest near a usual threshold. */
const FADING = { seed: 19, shape: CLEAN_SHAPES[5]! };

const SMALL = CLEAN_SHAPES.filter(({ images }) => images <= 60);

describe('clean data', () => {
  it('with scores that fade out has no cause', () => {
    expect(diagnoseFiles(cleanSet(FADING.seed, FADING.shape)).causes).toEqual([]);
  });

  it.each(SMALL.map((shape, index) => [index, shape] as const))(
    'of shape %i has no cause',
    (index, shape) => {
      expect(diagnoseFiles(cleanSet(100 + index, shape)).causes).toEqual([]);
    },
  );
});
