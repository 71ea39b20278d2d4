import { describe, expect, it } from 'vitest';
import { cleanSet } from '../clean-set.fixture';
import type { Box, DataFiles } from '../data-files.fixture';
import { copyOf } from '../data-files.fixture';
import { diagnoseFiles, scoreOf } from '../planting-trial.fixture';

const FILES = cleanSet(41, { images: 90, classes: 5, objects: 5, clutter: 8, looseness: 0.06, found: 0.85 });
const CLEAN = scoreOf(FILES);

/** Boxes in pixels of images letterboxed to 640, under ids that count from 0 where the truth's count from 1. */
function planted(): DataFiles {
  const { truth, predictions } = copyOf(FILES);
  const placeOf = new Map(truth.images.map(({ id }, index) => [id, index]));
  for (const one of predictions) {
    const place = placeOf.get(Number(one.image_id))!;
    one.bbox = letterboxed(one.bbox, truth.images[place]!);
    one.image_id = place;
  }
  for (const one of truth.annotations) one.image_id = placeOf.get(one.image_id)! + 1;
  truth.images.forEach((image, index) => Object.assign(image, { id: index + 1 }));
  return { truth, predictions };
}

function letterboxed([x, y, w, h]: Box, { width, height }: { width: number; height: number }): Box {
  const scale = 640 / Math.max(width, height);
  const [left, top] = [(640 - width * scale) / 2, (640 - height * scale) / 2];
  return [x * scale + left, y * scale + top, w * scale, h * scale];
}

describe('numbers of images that are one off', () => {
  it('are found beneath letterboxed coordinates, and both are priced', () => {
    const files = planted();
    const { causes } = diagnoseFiles(files);
    expect(
      causes
        .map(({ code }) => code)
        .slice(0, 2)
        .sort(),
    ).toEqual(['coordinates-letterboxed', 'images-not-joined']);
    const shares = causes.slice(0, 2).reduce((sum, { share }) => sum + share!, 0);
    expect(Math.abs(shares - (CLEAN - scoreOf(files)))).toBeLessThan(0.005);
  });
});
