import { describe, expect, it } from 'vitest';
import { noProgress } from '../foundation/cancellation';
import { storedFromUpright } from '../geometry/orientation';
import { cleanSet } from './clean-set.fixture';
import { situationOf } from './data-files.fixture';
import { diagnose } from './diagnose';

const NO_SOURCES = { train: null, training: null, reported: [] };
const files = () =>
  cleanSet(6, { images: 30, classes: 3, objects: 5, clutter: 3, looseness: 0.05, found: 0.9 });

describe('diagnosis', () => {
  it('of labels alone names what they show, without a score or a price', () => {
    const { truth, predictions } = files();
    truth.annotations.forEach((one, index) => Object.assign(one, { id: index, area: 0, iscrowd: 1 }));
    const situation = situationOf({ truth, predictions });
    const { causes, score } = diagnose(null, situation.truth, NO_SOURCES, [], noProgress);
    expect(score).toBeNull();
    expect(causes.map(({ code, gain }) => [code, gain])).toEqual([
      ['flags-wrong', null],
      ['ids-invalid', null],
      ['area-wrong', null],
    ]);
  });

  it('of turned photographs: EXIF was obeyed on one side only', () => {
    const { truth, predictions } = files();
    const orientations = new Map(truth.images.map(({ id }, index) => [id, index % 3 === 0 ? 6 : 1]));
    const sizes = new Map(truth.images.map(({ id, width, height }) => [id, [width, height] as const]));
    // The files hold the turned pixels; the labels are of the upright image, the predictions of the stored one.
    const stored = (id: number): readonly [number, number] => {
      const [width, height] = sizes.get(id)!;
      return orientations.get(id) === 6 ? [height, width] : [width, height];
    };
    for (const record of predictions) {
      const id = Number(record.image_id);
      const [width, height] = stored(id);
      record.bbox = [...storedFromUpright(record.bbox, orientations.get(id)!, width, height)];
    }
    const facts = truth.images.map(({ id }) => {
      const [width, height] = stored(id);
      return { width, height, orientation: orientations.get(id)! };
    });
    const situation = { ...situationOf({ truth, predictions }), facts };
    const { causes } = diagnose(situation, situation.truth, NO_SOURCES, [], noProgress, {
      hasIntervals: false,
    });
    expect(causes.map(({ code }) => code)).toEqual(['exif-orientation']);
  });
});
