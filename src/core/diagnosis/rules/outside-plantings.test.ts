/** Faults as files show them that no repair of a box or an id undoes: images that were never run, a label map that is off. */
import { describe, expect, it } from 'vitest';
import { cleanSet } from '../clean-set.fixture';
import type { DataFiles } from '../data-files.fixture';
import { copyOf, situationOf } from '../data-files.fixture';
import { diagnoseFiles, scoreOf } from '../planting-trial.fixture';
import { findShift } from '../geometry/find-shift';

const FILES = cleanSet(21, {
  images: 60,
  classes: 6,
  objects: 7,
  clutter: 14,
  looseness: 0.06,
  found: 0.85,
});
const CLEAN = scoreOf(FILES);

function planted(change: (files: DataFiles) => void): DataFiles {
  const files = copyOf(FILES);
  change(files);
  return files;
}

describe('images without predictions', () => {
  const isLost = (image: number): boolean => ((image - 1000) / 7) % 4 === 0;
  const files = planted((one) => {
    one.predictions = one.predictions.filter(({ image_id }) => !isLost(Number(image_id)));
  });

  it('are named first where the others have many, with a bound that holds what they cost', () => {
    const [first] = diagnoseFiles(files).causes;
    expect(first).toMatchObject({
      code: 'images-not-joined',
      confidence: 'estimated',
      evidence: { joined: 45, total: 60, rule: null },
    });
    const loss = CLEAN - scoreOf(files);
    expect(first!.gainInterval![0]).toBeLessThan(loss);
    expect(first!.gainInterval![1]).toBeGreaterThan(loss);
  });

  it('are no fault where the model writes few boxes', () => {
    const few = copyOf(files);
    few.predictions = few.predictions.filter(({ score }) => score > 0.6);
    expect(diagnoseFiles(few).causes.map(({ code }) => code)).not.toContain('images-not-joined');
  });
});

it('names that each stand one class off were read by a shifted label map', () => {
  const { categories } = FILES.truth;
  const files = planted((one) => {
    for (const record of one.predictions)
      record.category_id =
        categories.find(({ id }) => id === Number(record.category_id) + 1)?.name ?? 'background';
  });
  const [first] = diagnoseFiles(files).causes;
  expect(first).toMatchObject({ code: 'label-map-shifted', evidence: { offset: 1 } });
  expect(first!.gain).toBeCloseTo(CLEAN - scoreOf(files), 2);
});

describe('one pixel in boxes of many sizes, from a loose model', () => {
  const loose = cleanSet(23, {
    images: 200,
    classes: 3,
    objects: 7,
    clutter: 4,
    looseness: 0.1,
    found: 0.9,
  });
  const shifted = copyOf(loose);
  for (const { bbox } of shifted.predictions) {
    bbox[0] += 1;
    bbox[1] += 1;
  }

  it('is told by the small ones', () => {
    expect(findShift(situationOf(shifted), false).map(({ code }) => code)).toEqual([
      'coordinates-off-by-one',
    ]);
    expect(findShift(situationOf(loose), false)).toEqual([]);
  });
});
