/** COCO's rules one by one, and the traps in them. */
import { describe, expect, it } from 'vitest';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_IGNORE } from '../dataset/dataset';
import { evaluateCoco } from './evaluate';
import type { CocoParameters } from './evaluation';
import { type Scene, scene } from './scene.fixture';
import { createScorer } from './scorer';

const A = [0, 0, 40, 40] as const;
const FAR = [200, 200, 40, 40] as const;

function metrics(given: Scene, parameters: Partial<CocoParameters> = {}) {
  return evaluateCoco(scene(given), parameters).result.metrics;
}

function countsAt(given: Scene, iou = 0.5, parameters: Partial<CocoParameters> = {}) {
  const { truePositives, falsePositives, misses } = createScorer(scene(given), 'coco', parameters).counts({
    iou,
    score: 0,
  });
  return [truePositives, falsePositives, misses];
}

describe('Matching', () => {
  it('reaches a threshold with an IoU of exactly that threshold', () => {
    const given: Scene = {
      truth: [{ box: [0, 0, 20, 10] }],
      predictions: [{ box: [0, 0, 10, 10], score: 0.9 }],
    };
    expect(countsAt(given, 0.5)).toEqual([1, 0, 0]);
    expect(countsAt(given, 0.5000001)).toEqual([0, 1, 1]);
  });

  it('meets a threshold of 1 with an IoU that rounding left just below 1', () => {
    // 0.1 + 0.2 reaches a last bit beyond 0.3: the same box written twice, IoU 0.9999999999999998.
    const given: Scene = {
      truth: [{ box: [0.1, 0, 0.2, 1] }],
      predictions: [{ box: [0.1, 0, 0.2 + 4e-17, 1 - 2 ** -52], score: 0.9 }],
    };
    expect(countsAt(given, 1, { iou: [1] })).toEqual([1, 0, 0]);
  });

  it('takes the later of two annotations with equal IoU', () => {
    const left = { box: [0, 0, 32, 32], id: 5 } as const;
    const right = { box: [16, 0, 32, 32], id: 6 } as const;
    const predictions = [{ box: [8, 0, 32, 32], score: 0.9 }] as const;
    const outcomes = (truth: Scene['truth']) =>
      createScorer(scene({ truth, predictions }), 'coco').outcomes(0, { iou: 0.5, score: 0 });
    expect([...outcomes([left, right]).predictionTruth]).toEqual([1]);
    expect([...outcomes([right, left]).predictionTruth]).toEqual([1]);
  });

  it('takes the second-best annotation where the best is taken', () => {
    expect(
      countsAt({
        truth: [{ box: A }, { box: [8, 0, 40, 40] }],
        predictions: [
          { box: A, score: 0.9 },
          { box: A, score: 0.8 },
        ],
      }),
    ).toEqual([2, 0, 0]);
  });

  it('counts a second prediction of one annotation as false', () => {
    const twice = [
      { box: A, score: 0.9 },
      { box: A, score: 0.8 },
    ];
    expect(countsAt({ truth: [{ box: A }], predictions: twice })).toEqual([1, 1, 0]);
  });

  it('never gives up a counted match for an ignored annotation with a higher IoU', () => {
    expect(
      countsAt({
        truth: [{ box: [4, 0, 40, 40] }, { box: A, flags: FLAG_CROWD }],
        predictions: [{ box: A, score: 0.9 }],
      }),
    ).toEqual([1, 0, 0]);
  });

  it('does not match across classes, but does when class-agnostic', () => {
    const given: Scene = {
      categories: 2,
      truth: [{ box: A, category: 0 }],
      predictions: [{ box: A, category: 1, score: 0.9 }],
    };
    expect(countsAt(given)).toEqual([0, 1, 1]);
    expect(countsAt(given, 0.5, { classAgnostic: true })).toEqual([1, 0, 0]);
  });

  it('does not match across images', () => {
    const given: Scene = {
      images: [1, 2],
      truth: [{ box: A, image: 0 }],
      predictions: [{ box: A, image: 1, score: 0.9 }],
    };
    expect(countsAt(given)).toEqual([0, 1, 1]);
  });
});

describe('Annotation ids', () => {
  it('id 0 counts as a box like any other', () => {
    const given: Scene = { truth: [{ box: A, id: 0 }], predictions: [{ box: A, score: 0.9 }] };
    expect(countsAt(given)).toEqual([1, 0, 0]);
    expect(metrics(given).AR100).toBe(1);
  });

  it('repeated ids are boxes of their own', () => {
    const given: Scene = {
      truth: [
        { box: A, id: 3 },
        { box: FAR, id: 3 },
      ],
      predictions: [
        { box: A, score: 0.9 },
        { box: FAR, score: 0.8 },
      ],
    };
    expect(countsAt(given)).toEqual([2, 0, 0]);
    expect(metrics(given).AP).toBe(1);
  });
});

describe('Crowds', () => {
  const crowd = { box: [0, 0, 100, 100], flags: FLAG_CROWD } as const;

  it('absorb any number of predictions, by overlap over the prediction alone', () => {
    const predictions = [
      { box: [0, 0, 20, 20], score: 0.9 },
      { box: [30, 30, 20, 20], score: 0.8 },
      { box: [70, 70, 60, 20], score: 0.7 },
    ] as const;
    const given: Scene = { truth: [crowd, { box: FAR }], predictions };
    expect(countsAt(given)).toEqual([0, 0, 1]);
  });

  it('are not counted as annotations', () => {
    expect(metrics({ truth: [crowd], predictions: [{ box: A, score: 0.9 }] }).AP).toBeNull();
  });

  it("a user's own ignore or difficult flag has no effect", () => {
    for (const flags of [FLAG_IGNORE, FLAG_DIFFICULT]) {
      expect(countsAt({ truth: [{ box: A, flags }], predictions: [] })).toEqual([0, 0, 1]);
    }
  });
});

describe('Area ranges', () => {
  it.each([
    [1024, ['APsmall', 'APmedium']],
    [9216, ['APmedium', 'APlarge']],
    [1025, ['APmedium']],
  ])('an annotation with an area of exactly %d lies in %s', (area, expected) => {
    const found = metrics({ truth: [{ box: A, area }], predictions: [{ box: A, score: 0.9 }] });
    const defined = ['APsmall', 'APmedium', 'APlarge'].filter((key) => found[key] !== null);
    expect(defined).toEqual(expected);
  });

  it("go by the file's area, or by the box where asked", () => {
    const given: Scene = { truth: [{ box: A, area: 100 }], predictions: [{ box: A, score: 0.9 }] };
    expect(metrics(given).APsmall).not.toBeNull();
    expect(metrics(given, { area: 'box' }).APsmall).toBeNull();
    expect(metrics(given, { area: 'box' }).APmedium).not.toBeNull();
  });

  it('an unmatched prediction outside the range is ignored there', () => {
    const found = metrics({
      truth: [{ box: [0, 0, 20, 20] }],
      predictions: [
        { box: [200, 200, 90, 90], score: 0.95 },
        { box: [0, 0, 20, 20], score: 0.9 },
      ],
    });
    expect(found.AP).toBeCloseTo(0.5, 12);
    expect(found.APsmall).toBeCloseTo(1, 12);
  });

  it('own ranges give AP and AR by their names, and AP stays over all sizes', () => {
    const given: Scene = { truth: [{ box: A }], predictions: [{ box: A, score: 0.9 }] };
    const areaRanges = { tiny: [0, 256], rest: [256, 1e10] } as const;
    const { result, arrays } = evaluateCoco(scene(given), { areaRanges });
    expect(Object.keys(result.metrics)).toEqual([
      ...['AP', 'AP50', 'AP75', 'APtiny', 'APrest', 'AR1', 'AR10', 'AR100', 'ARtiny', 'ARrest'],
    ]);
    expect(result.metrics.AP).not.toBeNull();
    expect(result.metrics.APtiny).toBeNull();
    expect(arrays.shapes.precision).toEqual([10, 101, 1, 2, 3]);
  });
});

describe('Limits on detections', () => {
  it('hold per image and class, by score', () => {
    const many = Array.from({ length: 150 }, (_, index) => ({ box: FAR, score: 0.9 - index * 1e-4 }));
    const late = { box: A, score: 0.5 };
    const given: Scene = {
      images: [1, 2],
      categories: 2,
      truth: [{ box: A, image: 0 }],
      predictions: [...many, late],
    };
    expect(countsAt(given)).toEqual([0, 100, 1]);
    expect(
      countsAt({ ...given, predictions: [...many.map((box) => ({ ...box, category: 1 })), late] }),
    ).toEqual([1, 100, 0]);
    expect(countsAt({ ...given, predictions: [...many.map((box) => ({ ...box, image: 1 })), late] })).toEqual(
      [1, 100, 0],
    );
  });

  it('own limits give AR by their number, and everything else goes by the largest', () => {
    const given: Scene = {
      truth: [{ box: A }],
      predictions: [
        { box: FAR, score: 0.9 },
        { box: A, score: 0.8 },
      ],
    };
    const { result } = evaluateCoco(scene(given), { maxDetections: [5, 1] });
    expect(result.metrics.AR1).toBe(0);
    expect(result.metrics.AR5).toBe(1);
    expect(result.metrics.AP).toBeCloseTo(0.5, 12);
    expect(result.metrics).not.toHaveProperty('AR100');
    expect(result.classes[0]!.AR100).toBeNull();
    expect(result.classes[0]!.AR5).toBe(1);
  });
});

describe('Equal scores', () => {
  const hit = { box: A, score: 0.5 };
  const miss = { box: FAR, score: 0.5 };

  it('stand in file order within an image', () => {
    expect(metrics({ truth: [{ box: A }], predictions: [hit, miss] }).AP).toBeCloseTo(1, 12);
    expect(metrics({ truth: [{ box: A }], predictions: [miss, hit] }).AP).toBeCloseTo(0.5, 12);
  });

  it('stand by rising image id, whatever the order of images and records', () => {
    const given = (images: readonly number[]): Scene => ({
      images,
      truth: [{ box: A, image: 0 }],
      predictions: [
        { ...miss, image: 1 },
        { ...hit, image: 0 },
      ],
    });
    expect(metrics(given([7, 9])).AP).toBeCloseTo(1, 12);
    expect(metrics(given([9, 7])).AP).toBeCloseTo(0.5, 12);
  });
});

describe('Undefined numbers', () => {
  it('a class with annotations only scores 0, one with predictions only is null and left out', () => {
    const { result, arrays } = evaluateCoco(
      scene({
        categories: 3,
        truth: [
          { box: A, category: 0 },
          { box: A, category: 1 },
        ],
        predictions: [
          { box: A, category: 0, score: 0.9 },
          { box: A, category: 2, score: 0.9 },
        ],
      }),
    );
    expect(result.classes.map(({ AP }) => AP)).toEqual([expect.closeTo(1, 12), 0, null]);
    expect(result.metrics.AP).toBeCloseTo(0.5, 12);
    expect([...new Set(arrays.recall.filter((_, cell) => Math.floor(cell / 12) % 3 === 2))]).toEqual([-1]);
  });

  it('an empty set has null everywhere and no counts', () => {
    const { result } = evaluateCoco(scene({ images: [], truth: [], predictions: [] }));
    expect(Object.values(result.metrics).every((value) => value === null)).toBe(true);
    expect(result.counts).toMatchObject({ truePositives: 0, falsePositives: 0, misses: 0 });
  });

  it('an image without annotations only adds false positives', () => {
    const given: Scene = {
      images: [1, 2],
      truth: [{ box: A, image: 0 }],
      predictions: [
        { box: A, image: 1, score: 0.95 },
        { box: A, image: 0, score: 0.9 },
      ],
    };
    expect(countsAt(given)).toEqual([1, 1, 0]);
  });

  it('AP50 and AP75 are null where their threshold is not asked for', () => {
    const given: Scene = { truth: [{ box: A }], predictions: [{ box: A, score: 0.9 }] };
    expect(metrics(given, { iou: [0.6] })).toMatchObject({ AP50: null, AP75: null });
    expect(metrics(given, { iou: [0.75] }).AP75).toBeCloseTo(1, 12);
  });
});

describe('The curve', () => {
  const one: Scene = { truth: [{ box: A }], predictions: [{ box: A, score: 0.9 }] };

  it('has 2^-52 in its denominator: a first hit scores 0.9999999999999998', () => {
    expect(evaluateCoco(scene(one)).arrays.precision[0]).toBe(0.9999999999999998);
  });

  it('with 20 annotations, 7 of them found do not reach the point 0.35', () => {
    const boxes = Array.from({ length: 20 }, (_, index) => [index * 50, 0, 40, 40] as const);
    const { arrays } = evaluateCoco(
      scene({
        truth: boxes.map((box) => ({ box })),
        predictions: boxes.slice(0, 7).map((box, index) => ({ box, score: 0.9 - index * 0.01 })),
      }),
    );
    const points = Array.from({ length: 101 }, (_, point) => arrays.precision[point * 12 + 2]!);
    expect(points[34]).toBe(1);
    expect(points[35]).toBe(0);
  });

  it('recall 0 carries the score of the first prediction, whatever became of it', () => {
    const { arrays } = evaluateCoco(
      scene({
        truth: [{ box: A }],
        predictions: [
          { box: FAR, score: 0.95 },
          { box: A, score: 0.9 },
        ],
      }),
    );
    expect(arrays.scores[2]).toBe(0.95);
    expect(arrays.scores[12 + 2]).toBe(0.9);
  });

  it('the one curve of a class has null where a point is not reached', () => {
    const [curve] = createScorer(scene({ ...one, truth: [{ box: A }, { box: FAR }] }), 'coco').curves();
    expect(curve!.score[50]).toBe(0.9);
    expect(curve!.score[51]).toBeNull();
    expect(curve!.precision[51]).toBe(0);
  });
});

describe('Thresholds beyond one word of a mask', () => {
  it('score as each does alone', () => {
    const iou = Array.from({ length: 70 }, (_, index) => 0.25 + index * 0.01);
    const given: Scene = {
      truth: [{ box: A }, { box: [20, 0, 40, 40] }],
      predictions: [
        { box: [4, 0, 40, 40], score: 0.9 },
        { box: [14, 0, 40, 40], score: 0.8 },
      ],
    };
    const { arrays } = evaluateCoco(scene(given), { iou });
    iou.forEach((threshold, index) => {
      const alone = evaluateCoco(scene(given), { iou: [threshold] }).arrays;
      expect([...arrays.recall.subarray(index * 12, index * 12 + 12)]).toEqual([...alone.recall]);
    });
  });
});
