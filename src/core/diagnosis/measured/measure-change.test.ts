/** Detectors that see only a part of the frame, and none that does: told apart by moving the objects. */
import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import type { ModelChange } from '../../inference/change/model-change';
import { PLACE_CHANGES, pictureOf } from '../../inference/change/model-change';
import type { Box } from '../../inference/change/picture-change';
import { changedFrame } from '../../inference/change/picture-change';
import type { DataFiles } from '../data-files.fixture';
import { randomOf, situationOf } from '../data-files.fixture';
import type { MeasuredChange } from './measure-change';
import { allMoved, measureChange } from './measure-change';
import { placeExperiment } from './place-experiment';

const WIDTH = 640;
const HEIGHT = 480;
const SIDE = 40;
const SIZE = [WIDTH, HEIGHT] as const;

/** Objects all over the images. */
function labels(): DataFiles['truth'] {
  const random = randomOf(5);
  const images = Array.from({ length: 20 }, (_, at) => ({
    ...{ id: at + 1, file_name: `${at}.jpg`, width: WIDTH, height: HEIGHT },
  }));
  const annotations = images.flatMap(({ id }) =>
    Array.from({ length: 8 }, (_, at) => ({
      id: id * 100 + at,
      image_id: id,
      category_id: 1,
      bbox: [4 + random() * (WIDTH - SIDE - 8), 4 + random() * (HEIGHT - SIDE - 8), SIDE, SIDE] as Box,
    })),
  );
  return { images, annotations, categories: [{ id: 1, name: 'cell' }] } as DataFiles['truth'];
}

type Sees = (place: readonly [across: number, down: number]) => boolean;

/** What a detector finds that sees only some places of the frame. */
function predicted(truth: DataFiles['truth'], change: ModelChange, sees: Sees): DataFiles {
  const picture = pictureOf(change) ?? { flip: null, shift: { x: 0, y: 0 }, pad: 0 };
  const frame = changedFrame(picture, WIDTH, HEIGHT);
  const predictions = truth.annotations
    .filter(({ bbox }) => {
      const [x, y, width, height] = frame.toChanged(bbox);
      return sees([(x + width / 2) / frame.width, (y + height / 2) / frame.height]);
    })
    .map(({ image_id, category_id, bbox }) => ({ image_id, category_id, bbox, score: 0.9 }));
  return { truth, predictions };
}

function measured(sees: Sees, changes: readonly ModelChange[] = PLACE_CHANGES): MeasuredChange[] {
  const truth = labels();
  const before = situationOf(predicted(truth, {}, sees));
  const sizes = truth.images.map(() => SIZE);
  return changes.map((change) => {
    const { predictions } = situationOf(predicted(truth, change, sees));
    return measureChange(before, predictions, change, sizes, noProgress);
  });
}

const isCentral: Sees = ([across, down]) => 2 * Math.max(Math.abs(across - 0.5), Math.abs(down - 0.5)) < 0.6;

describe('a model that ran again with the objects in other places', () => {
  it('finds at the centre what it did not find at the edge', () => {
    const inwards = allMoved(measured(isCentral), 'edge', 'centre');
    expect(inwards.labels).toBeGreaterThan(100);
    expect(inwards).toMatchObject({
      foundBefore: 0,
      foundAfter: inwards.labels,
      won: inwards.labels,
      lost: 0,
    });
    const outwards = allMoved(measured(isCentral), 'centre', 'edge');
    expect(outwards).toMatchObject({ foundBefore: outwards.labels, foundAfter: 0, lost: outwards.labels });
  });

  it('settles whether the place is to blame', () => {
    expect(placeExperiment({ changes: measured(isCentral) })).toMatchObject({
      recallAtEdge: 0,
      recallAtCentre: 1,
      difference: 1,
    });
    const fair = placeExperiment({ changes: measured(() => true) });
    expect(fair).toMatchObject({ difference: 0 });
    expect(fair!.standardError).toBeLessThan(0.02);
    expect(placeExperiment({ changes: measured(isCentral, [{ flip: 'horizontal' }]) })).toBeNull();
  });

  it('finds after a flip what lay in the blind half', () => {
    const [flip] = measured(([across]) => across < 0.5, [{ flip: 'horizontal' }]);
    expect(flip!.moved.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(['left right', 'right left']);
    expect(allMoved([flip!], 'right', 'left')).toMatchObject({ foundBefore: 0, lost: 0 });
    expect(allMoved([flip!], 'right', 'left').won).toBe(allMoved([flip!], 'right', 'left').labels);
  });

  it('loses nothing but what left the frame, where places do not matter', () => {
    for (const { scoreBefore, scoreAfter, gain, recallBefore, recallAfter } of measured(() => true))
      expect([scoreBefore, scoreAfter, gain, recallBefore, recallAfter]).toEqual([1, 1, 0, 1, 1]);
  });

  it('has a gain with an interval where the input was wrong', () => {
    const truth = labels();
    const before = situationOf(predicted(truth, {}, ([across]) => across < 0.6));
    const { predictions } = situationOf(predicted(truth, {}, () => true));
    const sizes = truth.images.map(() => SIZE);
    const { gain, gainInterval, moved } = measureChange(
      before,
      predictions,
      { channels: 'bgr' },
      sizes,
      noProgress,
    );
    expect(gain).toBeGreaterThan(0.3);
    expect(gainInterval![0]).toBeGreaterThan(0.2);
    expect(moved).toEqual([]);
  });
});
