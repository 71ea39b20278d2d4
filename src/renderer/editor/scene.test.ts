import { describe, expect, it } from 'vitest';
import { detailOf, predictionView, truthView } from './detail.fixture';
import { createScene, listBoxes, listedKey, listFailures } from './scene';

const detail = detailOf(
  [
    truthView(1, [0, 0, 10, 10], { outcome: 'matched', partner: 1, iou: 0.9 }),
    truthView(2, [20, 0, 10, 10], { outcome: 'miss', partner: 2, iou: 0.3 }),
    truthView(3, [40, 0, 10, 10], { outcome: 'miss' }),
    truthView(4, [60, 0, 10, 10], { outcome: 'ignored', crowd: true }),
  ],
  [
    predictionView(10, [90, 0, 5, 5], { score: 0.1, outcome: 'cut' }),
    predictionView(11, [0, 0, 10, 9], { score: 0.95, outcome: 'true-positive', annotation: 1, iou: 0.9 }),
    predictionView(12, [22, 0, 10, 20], { score: 0.7, outcome: 'loose-box', annotation: 2, iou: 0.3 }),
    predictionView(13, [80, 0, 10, 10], { score: 0.6 }),
    predictionView(14, [81, 0, 10, 10], { score: 0.9 }),
  ],
);

describe('scene', () => {
  it('leaves out cut predictions and finds partners by the index in the file', () => {
    const scene = createScene(detail);
    expect(scene.byKey.has('prediction:10')).toBe(false);
    expect(scene.byKey.get('truth:1')).toMatchObject({
      outcome: 'true-positive',
      score: 0.95,
      partner: 'prediction:11',
    });
    expect(scene.byKey.get('prediction:11')?.partner).toBe('truth:1');
  });

  it('gives a missed truth the colour of the loose box that points at it', () => {
    const scene = createScene(detail);
    expect(scene.byKey.get('truth:2')).toMatchObject({ outcome: 'loose-box', score: 0.7 });
    expect(scene.byKey.get('truth:3')?.outcome).toBe('miss');
  });

  it('draws failures last', () => {
    const outcomes = createScene(detail).boxes.map((box) => box.outcome);
    expect(outcomes.slice(0, 3)).toEqual(['true-positive', 'true-positive', 'ignored']);
  });

  it('lists failures first by falling confidence, a true positive once', () => {
    expect(listBoxes(createScene(detail)).map((box) => box.key)).toEqual([
      'prediction:14',
      'prediction:13',
      'prediction:12',
      'truth:2',
      'truth:3',
      'truth:1',
      'truth:4',
    ]);
    expect(listedKey(createScene(detail), 'prediction:11')).toBe('truth:1');
  });

  it('counts a loose box and its truth as one failure', () => {
    expect(listFailures(createScene(detail)).map((box) => box.key)).toEqual([
      'prediction:14',
      'prediction:13',
      'prediction:12',
      'truth:3',
    ]);
  });
});
