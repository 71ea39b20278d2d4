import { describe, expect, it } from 'vitest';
import { detailOf, predictionView, truthView } from '../../editor/detail.fixture';
import { createScene } from '../../editor/scene';
import { enterFailures, stepThroughFailures } from './failure-walk';

const scene = createScene(
  detailOf(
    [
      truthView(1, [0, 0, 9, 9]),
      truthView(2, [20, 0, 9, 9], { partner: 1 }),
      truthView(3, [50, 50, 5, 5], { outcome: 'matched' }),
    ],
    [
      predictionView(0, [50, 0, 9, 9], { score: 0.9 }),
      predictionView(1, [22, 0, 15, 9], { score: 0.4, outcome: 'loose-box', annotation: 2, iou: 0.3 }),
    ],
  ),
);

describe('walking through failures', () => {
  it('goes in list order and ends at the end of the image', () => {
    const first = enterFailures(scene, 1);
    expect(first?.box.key).toBe('prediction:0');
    const second = stepThroughFailures(scene, 'prediction:0', 0, 1);
    expect(second?.box.key).toBe('prediction:1');
    const third = stepThroughFailures(scene, 'prediction:1', 1, 1);
    expect(third?.box.key).toBe('truth:1');
    expect(stepThroughFailures(scene, 'truth:1', 2, 1)).toBeNull();
    expect(stepThroughFailures(scene, 'prediction:0', 0, -1)).toBeNull();
    expect(enterFailures(scene, -1)?.box.key).toBe('truth:1');
  });

  it('takes the truth of a loose box for the loose box', () => {
    expect(stepThroughFailures(scene, 'truth:2', null, 1)?.box.key).toBe('truth:1');
  });

  it('goes on from the place of a failure that was repaired', () => {
    expect(stepThroughFailures(scene, 'truth:3', 1, 1)?.box.key).toBe('prediction:1');
    expect(stepThroughFailures(scene, 'truth:3', 1, -1)?.box.key).toBe('prediction:0');
  });

  it('has nothing to enter on an image without failures', () => {
    expect(enterFailures(createScene(detailOf([])), 1)).toBeNull();
  });
});
