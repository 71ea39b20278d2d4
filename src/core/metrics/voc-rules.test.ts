/** VOC's rules one by one. */
import { describe, expect, it } from 'vitest';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../dataset/dataset';
import { evaluateVoc } from './evaluate';
import type { VocParameters } from './evaluation';
import { type Scene, scene } from './scene.fixture';
import { createScorer } from './scorer';

const A = [0, 0, 39, 39] as const;
const FAR = [200, 200, 39, 39] as const;

function averagePrecision(
  given: Scene,
  edition: 'voc2007' | 'voc2012',
  parameters: Partial<VocParameters> = {},
) {
  return evaluateVoc(scene(given), edition, parameters).result.metrics.mAP;
}

function countsAt(given: Scene, parameters: Partial<VocParameters> = {}, iou = 0.5) {
  const { truePositives, falsePositives, misses } = createScorer(scene(given), 'voc2012', parameters).counts({
    iou,
    score: 0,
  });
  return [truePositives, falsePositives, misses];
}

describe('Matching', () => {
  it('counts pixels (+1) where box sizes are inclusive, plain widths with edges', () => {
    // Inclusive: 10 of 20 pixels in each row, 0.5. Edges: 9 of 19.
    const given: Scene = {
      truth: [{ box: [0, 0, 19, 9] }],
      predictions: [{ box: [0, 0, 9, 9], score: 0.9 }],
    };
    expect(countsAt(given, { iouRule: 'at-least' })).toEqual([1, 0, 0]);
    expect(countsAt(given, { iouRule: 'at-least', boxSize: 'edge' })).toEqual([0, 1, 1]);
  });

  it('an IoU of exactly 0.5 is no match above, but one at least', () => {
    const given: Scene = {
      truth: [{ box: [0, 0, 19, 9] }],
      predictions: [{ box: [0, 0, 9, 9], score: 0.9 }],
    };
    expect(countsAt(given, { iouRule: 'above' })).toEqual([0, 1, 1]);
    expect(countsAt(given, { iouRule: 'at-least' })).toEqual([1, 0, 0]);
    const edges: Scene = {
      truth: [{ box: [0, 0, 20, 10] }],
      predictions: [{ box: [0, 0, 10, 10], score: 0.9 }],
    };
    expect(countsAt(edges, { iouRule: 'above', boxSize: 'edge' })).toEqual([0, 1, 1]);
    expect(countsAt(edges, { iouRule: 'at-least', boxSize: 'edge' })).toEqual([1, 0, 0]);
  });

  it('boxes that only touch share pixels where sizes are inclusive', () => {
    const given: Scene = { truth: [{ box: [0, 0, 1, 0] }], predictions: [{ box: [1, 0, 0, 0], score: 0.9 }] };
    expect(countsAt(given, { iouRule: 'at-least' })).toEqual([1, 0, 0]);
  });

  it('looks at the annotation with the highest IoU alone: no second choice', () => {
    const given: Scene = {
      truth: [{ box: A }, { box: [8, 0, 39, 39] }],
      predictions: [
        { box: A, score: 0.9 },
        { box: A, score: 0.8 },
      ],
    };
    expect(countsAt(given)).toEqual([1, 1, 1]);
  });

  it('takes the first of two annotations with equal IoU', () => {
    const given: Scene = {
      truth: [{ box: [0, 0, 31, 31] }, { box: [16, 0, 31, 31] }],
      predictions: [{ box: [8, 0, 31, 31], score: 0.9 }],
    };
    const outcomes = createScorer(scene(given), 'voc2012').outcomes(0, { iou: 0.5, score: 0 });
    expect([...outcomes.predictionTruth]).toEqual([0]);
  });

  it('a difficult best match makes the prediction neither true nor false, though a normal one is second', () => {
    const given: Scene = {
      truth: [{ box: A, flags: FLAG_DIFFICULT }, { box: [6, 0, 39, 39] }],
      predictions: [{ box: A, score: 0.9 }],
    };
    expect(countsAt(given)).toEqual([0, 0, 1]);
  });

  it('a difficult annotation takes any number of predictions', () => {
    const given: Scene = {
      truth: [{ box: A, flags: FLAG_DIFFICULT }],
      predictions: [
        { box: A, score: 0.9 },
        { box: A, score: 0.8 },
      ],
    };
    expect(countsAt(given)).toEqual([0, 0, 0]);
  });

  it('a crowd is an ordinary annotation', () => {
    const given: Scene = { truth: [{ box: A, flags: FLAG_CROWD }], predictions: [{ box: A, score: 0.9 }] };
    expect(countsAt(given)).toEqual([1, 0, 0]);
  });

  it('has no limit on detections', () => {
    const many = Array.from({ length: 150 }, (_, index) => ({ box: FAR, score: 0.9 - index * 1e-4 }));
    expect(countsAt({ truth: [{ box: A }], predictions: [...many, { box: A, score: 0.1 }] })).toEqual([
      1, 150, 0,
    ]);
  });
});

describe('Average precision', () => {
  const half: Scene = {
    truth: [{ box: A }, { box: FAR }],
    predictions: [{ box: A, score: 0.9 }],
  };

  it('of 2007 is the mean of 11 points', () => {
    expect(averagePrecision(half, 'voc2007')).toBeCloseTo(6 / 11, 12);
  });

  it('of 2012 is the area under the envelope', () => {
    expect(averagePrecision(half, 'voc2012')).toBeCloseTo(0.5, 12);
  });

  it('recall 3/10 does not reach the third point of 2007, which np.arange puts one bit above', () => {
    const boxes = Array.from({ length: 10 }, (_, index) => [index * 50, 0, 39, 39] as const);
    const given: Scene = {
      truth: boxes.map((box) => ({ box })),
      predictions: boxes.slice(0, 3).map((box) => ({ box, score: 0.9 })),
    };
    expect(averagePrecision(given, 'voc2007')).toBeCloseTo(3 / 11, 12);
  });

  it('of a class without countable annotations is null and out of the mean', () => {
    const given: Scene = {
      categories: 3,
      truth: [
        { box: A, category: 0 },
        { box: A, category: 1, flags: FLAG_DIFFICULT },
      ],
      predictions: [
        { box: A, category: 0, score: 0.9 },
        { box: A, category: 2, score: 0.9 },
      ],
    };
    const { result } = evaluateVoc(scene(given), 'voc2012');
    expect(result.classes.map(({ AP, truth }) => [AP, truth])).toEqual([
      [1, 1],
      [null, 0],
      [null, 0],
    ]);
    expect(result.metrics.mAP).toBe(1);
  });

  it('of a class without predictions is 0', () => {
    expect(averagePrecision({ truth: [{ box: A }], predictions: [] }, 'voc2012')).toBe(0);
  });

  it('over several thresholds is their mean', () => {
    const given: Scene = { truth: [{ box: A }], predictions: [{ box: [5, 0, 39, 39], score: 0.9 }] };
    expect(averagePrecision(given, 'voc2012', { iou: [0.5, 0.9] })).toBe(0.5);
  });

  it('gives equal scores the order of image ids, then file order', () => {
    const given = (images: readonly number[]): Scene => ({
      images,
      truth: [{ box: A }],
      predictions: [
        { box: FAR, image: 1, score: 0.5 },
        { box: A, image: 0, score: 0.5 },
      ],
    });
    expect(averagePrecision(given([1, 2]), 'voc2012')).toBe(1);
    expect(averagePrecision(given([2, 1]), 'voc2012')).toBe(0.5);
  });
});

describe('The curve', () => {
  it('has one point for each prediction that counts', () => {
    const [curve] = createScorer(
      scene({
        truth: [{ box: A }, { box: FAR }, { box: [0, 200, 39, 39], flags: FLAG_DIFFICULT }],
        predictions: [
          { box: A, score: 0.9 },
          { box: [0, 200, 39, 39], score: 0.8 },
          { box: A, score: 0.7 },
        ],
      }),
      'voc2012',
    ).curves();
    expect(curve).toEqual({ id: 1, recall: [0.5, 0.5], precision: [1, 0.5], score: [0.9, 0.7] });
  });
});
