import { describe, expect, it } from 'vitest';
import { detailOf, predictionView, truthView } from '../../editor/detail.fixture';
import { createScene } from '../../editor/scene';
import { possibleRepairs } from './repairs';

describe('possible repairs', () => {
  it('accepts false positives and replaces truths that are pointed at, surest first', () => {
    const scene = createScene(
      detailOf(
        [truthView(1, [0, 0, 9, 9], { partner: 1 }), truthView(2, [40, 0, 9, 9])],
        [
          predictionView(0, [80, 0, 9, 9], { score: 0.4 }),
          predictionView(1, [2, 0, 19, 9], { score: 0.6, outcome: 'loose-box', annotation: 1 }),
          predictionView(2, [0, 0, 9, 9], { score: 0.9, outcome: 'duplicate', annotation: 1 }),
          predictionView(3, [40, 0, 9, 9], {
            score: 0.5,
            outcome: 'wrong-class',
            annotation: 2,
            category: 2,
          }),
        ],
      ),
    );
    expect(possibleRepairs(scene, 4, 5).map(({ verb, operations }) => [verb, operations[0]])).toEqual([
      ['Replace', { replace: { annotation: 1, run: 4, prediction: 1 } }],
      ['Replace', { replace: { annotation: 2, run: 4, prediction: 3 } }],
      ['Accept', { accept: { run: 4, prediction: 0 } }],
    ]);
    expect(possibleRepairs(scene, 4, 1)).toHaveLength(1);
  });
});
