/** Faults as files show them that no repair of a box or an id undoes: images that were never run, a label map that is off. */
import { describe, expect, it } from 'vitest';
import { cleanSet } from '../clean-set.fixture';
import type { DataFiles } from '../data-files.fixture';
import { copyOf, randomOf, situationOf } from '../data-files.fixture';
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

describe('with a weak model', () => {
  const weak = cleanSet(31, {
    images: 90,
    classes: 4,
    objects: 6,
    clutter: 8,
    looseness: 0.17,
    found: 0.55,
  });
  const clean = scoreOf(weak);

  it('its score is low, and nothing is at fault', () => {
    expect(clean).toBeLessThan(0.2);
    expect(diagnoseFiles(weak).causes).toEqual([]);
  });

  it('boxes mirrored in images that have nothing in common are named at their price', () => {
    const random = randomOf(5);
    const files = copyOf(weak);
    const widths = new Map(files.truth.images.map(({ id, width }) => [id, width]));
    const chosen = new Set(files.truth.images.filter(() => random() < 1 / 3).map(({ id }) => id));
    for (const { image_id, bbox } of files.predictions)
      if (chosen.has(Number(image_id))) bbox[0] = widths.get(Number(image_id))! - bbox[0] - bbox[2];
    const [first] = diagnoseFiles(files).causes;
    expect(first).toMatchObject({ code: 'coordinates-flipped', evidence: { transform: 'flip-x' } });
    expect(Math.abs(first!.gain! - (clean - scoreOf(files)))).toBeLessThan(0.005);
  });

  it.each([1, 3, 5])('a cap at %i an image is estimated at about what it costs', (limit) => {
    const files = copyOf(weak);
    files.predictions = files.truth.images.flatMap(({ id }) =>
      files.predictions
        .filter(({ image_id }) => image_id === id)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit),
    );
    const loss = clean - scoreOf(files);
    const cause = diagnoseFiles(files).causes.find(({ code }) => code === 'detections-capped');
    const gain = cause?.gain ?? 0;
    expect(gain).toBeLessThan(Math.max(2.5 * loss, loss + 0.01));
    expect(gain).toBeGreaterThan(Math.min(loss / 2.5, loss - 0.01));
  });
});

describe('boxes in parts of images whose sizes are not known', () => {
  const inParts = (isChosen: (image: number) => boolean): DataFiles =>
    planted((one) => {
      const sizes = new Map(one.truth.images.map(({ id, width, height }) => [id, { width, height }]));
      for (const image of one.truth.images) Object.assign(image, { width: undefined, height: undefined });
      for (const { image_id, bbox } of one.predictions) {
        if (!isChosen(Number(image_id))) continue;
        const { width, height } = sizes.get(Number(image_id))!;
        for (const at of [0, 2]) bbox[at]! /= width;
        for (const at of [1, 3]) bbox[at]! /= height;
      }
    });

  it('are named first, without a price where no other image tells one', () => {
    const [first] = diagnoseFiles(inParts(() => true)).causes;
    expect(first).toMatchObject({ code: 'coordinates-normalised', gain: null, repair: null });
  });

  it('are priced by the other images where there are some', () => {
    const files = inParts((image) => ((image - 1000) / 7) % 3 === 0);
    const [first] = diagnoseFiles(files).causes;
    expect(first).toMatchObject({ code: 'coordinates-normalised', confidence: 'estimated' });
    const loss = CLEAN - scoreOf(files);
    expect(first!.gainInterval![0]).toBeLessThan(loss);
    expect(first!.gainInterval![1]).toBeGreaterThan(loss);
  });

  it('are none where sizes are only missing', () => {
    expect(diagnoseFiles(inParts(() => false)).causes).toEqual([]);
  });
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
