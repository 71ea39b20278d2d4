/** One rule of the Pascal family and of Open Images at a time, on hand-made sets. */
import { describe, expect, it } from 'vitest';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { AnyParameters, ObjectDetectionApiProtocol, ScoringInput } from '../evaluation';
import { defaultParameters } from '../parameters';
import { scene, type Scene, type ScenePrediction } from '../scene.fixture';
import { createScorer } from '../scorer';

const SQUARE = [0, 0, 10, 10] as const;
const FAR = [100, 100, 10, 10] as const;

function apOf(
  set: Scene | ScoringInput,
  protocol: ObjectDetectionApiProtocol = 'tf-pascal',
  parameters: Partial<AnyParameters> = {},
): number | null {
  return createScorer('imageIds' in set ? set : scene(set), protocol, parameters).headline();
}

describe('Pascal family: matching', () => {
  it('drops a prediction whose best box is difficult, again and again', () => {
    const predictions = [
      { box: SQUARE, score: 0.9 },
      { box: SQUARE, score: 0.8 },
      { box: FAR, score: 0.7 },
    ];
    const truth = [
      { box: SQUARE, flags: FLAG_DIFFICULT },
      { box: [0, 0, 10, 9], flags: 0 },
      { box: FAR, flags: 0 },
    ] as const;
    expect(apOf({ truth, predictions })).toBe(0.5);
  });

  it('matches an IoU of exactly the threshold', () => {
    expect(apOf({ truth: [{ box: SQUARE }], predictions: [{ box: [0, 0, 10, 5], score: 1 }] })).toBe(1);
  });

  it('never finds the second of two identical boxes', () => {
    const predictions = [
      { box: SQUARE, score: 0.9 },
      { box: SQUARE, score: 0.8 },
    ];
    expect(apOf({ truth: [{ box: SQUARE }, { box: SQUARE }], predictions })).toBe(0.5);
  });

  it('knows neither crowd nor group-of', () => {
    const truth = [{ box: SQUARE, flags: FLAG_CROWD | FLAG_GROUP_OF }, { box: FAR }];
    expect(apOf({ truth, predictions: [{ box: SQUARE, score: 1 }] })).toBe(0.5);
  });

  it('removes predictions without size, and those with a score of -10 or less, which CorLoc still sees', () => {
    const set = scene({
      truth: [{ box: SQUARE }],
      predictions: [
        { box: [0, 0, 0, 10], score: 0.9 },
        { box: SQUARE, score: -10 },
      ],
    });
    const scorer = createScorer(set, 'tf-pascal');
    expect(scorer.result().metrics).toEqual({
      'PascalBoxes_Precision/mAP@0.5IOU': 0,
      'PascalBoxes_Precision/meanCorLoc@0.5IOU': 1,
      'PascalBoxes_PerformanceByCategory/AP@0.5IOU/class 0': 0,
      'PascalBoxes_PerformanceByCategory/CorLoc@0.5IOU/class 0': 1,
    });
    expect(scorer.counts({ iou: 0.5, score: -Infinity })).toMatchObject({
      truePositives: 0,
      falsePositives: 0,
      misses: 1,
    });
    expect([...scorer.outcomes(0, { iou: 0.5, score: -Infinity }).prediction]).toEqual([6, 6]);
  });

  it('matches the later of equal scores first, and ranks the last image first', () => {
    const good: ScenePrediction = { box: SQUARE, score: 0.5 };
    const bad: ScenePrediction = { box: FAR, score: 0.5 };
    const twoImages = (first: ScenePrediction, second: ScenePrediction) => ({
      images: [2, 1],
      truth: [{ box: SQUARE }, { image: 1, box: SQUARE }],
      predictions: [first, { ...second, image: 1 }],
    });
    expect(apOf(twoImages(bad, good))).toBe(0.5);
    expect(apOf(twoImages(good, bad))).toBe(0.25);
    const set = scene({ truth: [{ box: SQUARE }], predictions: [good, good] });
    expect([...createScorer(set, 'tf-pascal').outcomes(0, { iou: 0.5, score: 0 }).prediction]).toEqual([
      4, 0,
    ]);
  });
});

describe('Pascal family: numbers', () => {
  const truth = [
    { box: SQUARE },
    { box: FAR },
    { box: [200, 0, 10, 10] as const },
    { box: [0, 200, 9, 9] as const },
  ];
  const predictions = [
    { box: SQUARE, score: 0.9 },
    { box: [50, 0, 10, 10] as const, score: 0.8 },
    { box: FAR, score: 0.7 },
  ];

  it('integrates the part of the curve within the recall bounds, both inclusive, over a width of 1', () => {
    const within = (lower: number, upper: number) =>
      apOf({ truth, predictions }, 'tf-precision-at-recall', { recallBounds: [lower, upper] });
    expect(within(0, 1)).toBeCloseTo(0.25 + (0.25 * 2) / 3, 15);
    expect(within(0, 0.25)).toBe(0.25);
    expect(within(0.5, 1)).toBeCloseTo((0.5 * 2) / 3, 15);
    expect(within(0.6, 1)).toBe(0);
  });

  it('prints bounds with one decimal as Python rounds, and none for 0 to 1', () => {
    const key = (bounds: [number, number]) =>
      Object.keys(
        createScorer(scene({ truth, predictions }), 'tf-precision-at-recall', {
          recallBounds: bounds,
          iou: [1],
        }).result().metrics,
      )[0];
    expect(key([0, 1])).toBe('PrecisionAtRecallBoxes_Precision/mAP@1.0IOU');
    expect(key([0.25, 0.75])).toBe('PrecisionAtRecallBoxes_Precision/mAP@1.0IOU@[0.2,0.8]Recall');
  });

  it('is null for a class with difficult boxes alone, which has a CorLoc all the same', () => {
    const set = scene({
      categories: 2,
      truth: [{ box: SQUARE, flags: FLAG_DIFFICULT }],
      predictions: [{ box: SQUARE, score: 1 }],
    });
    const { metrics, classes } = createScorer(set, 'tf-pascal').result();
    expect(metrics['PascalBoxes_Precision/mAP@0.5IOU']).toBeNull();
    expect(classes.map(({ AP, CorLoc }) => [AP, CorLoc])).toEqual([
      [null, 1],
      [null, null],
    ]);
  });

  it('counts unlisted classes below the highest listed id without a key, and those above not at all', () => {
    const set = scene({
      categories: 3,
      truth: [
        { category: 0, box: SQUARE },
        { category: 1, box: SQUARE },
        { category: 2, box: SQUARE },
      ],
      predictions: [{ category: 0, box: SQUARE, score: 1 }],
    });
    const withUnlisted = (unlisted: number[]) => ({
      ...set,
      categories: set.categories.map((category, index) =>
        unlisted.includes(index) ? { ...category, isUnlisted: true } : category,
      ),
    });
    expect(apOf(withUnlisted([1]))).toBeCloseTo(1 / 3, 15);
    expect(apOf(withUnlisted([2]))).toBe(0.5);
    const scorer = createScorer(withUnlisted([2]), 'tf-pascal');
    expect(Object.keys(scorer.result().metrics)).toHaveLength(6);
    expect(scorer.counts({ iou: 0.5, score: 0 }).misses).toBe(1);
    expect(apOf(withUnlisted([1]), 'tf-weighted-pascal')).toBeCloseTo(1 / 3, 15);
    expect(apOf(withUnlisted([1]), 'tf-coco')).toBeCloseTo(0.5, 12);
  });

  it('gives bounds where scores tie, and none where they do not', () => {
    const tied = predictions.map(({ box }) => ({ box, score: 0.5 }));
    const { ties } = createScorer(scene({ truth, predictions: tied }), 'tf-pascal').result();
    expect(ties!['PascalBoxes_Precision/mAP@0.5IOU']).toEqual([
      expect.closeTo((0.5 * 2) / 3, 15),
      expect.closeTo(0.5, 15),
    ]);
    expect(ties!['PascalBoxes_Precision/meanCorLoc@0.5IOU']).toEqual([0, 1]);
    expect(createScorer(scene({ truth, predictions }), 'tf-pascal').result().ties).toBeUndefined();
  });
});

describe('As TensorFlow 2 reports it', () => {
  it('turns padding into label 1: AP * n / (n + padding)', () => {
    const set = scene({
      images: [1, 2],
      categories: 2,
      truth: [{ box: SQUARE }, { category: 1, box: SQUARE }, { image: 1, box: FAR }],
      predictions: [
        { box: SQUARE, score: 0.9 },
        { image: 1, box: FAR, score: 0.8 },
        { category: 1, box: SQUARE, score: 0.9 },
      ],
    });
    const { classes, metrics } = createScorer(set, 'tf-pascal', {
      asTensorflow2ReportsIt: true,
      maxNumberOfBoxes: 5,
    }).result();
    expect(classes.map(({ truth, AP, CorLoc }) => [truth, AP, CorLoc])).toEqual([
      [9, 2 / 9, 1],
      [1, 1, 1],
    ]);
    expect(metrics['PascalBoxes_Precision/mAP@0.5IOU']).toBeCloseTo(11 / 18, 15);
  });

  it('pads a label 1 that no class has', () => {
    const set = scene({
      categories: 2,
      truth: [{ category: 1, box: SQUARE }],
      predictions: [{ category: 1, box: SQUARE, score: 1 }],
    });
    const shifted = {
      ...set,
      categories: set.categories.map((category) => ({ ...category, id: category.id + 1 })),
    };
    const { classes, metrics } = createScorer(shifted, 'tf-pascal', {
      asTensorflow2ReportsIt: true,
    }).result();
    expect(metrics['PascalBoxes_Precision/mAP@0.5IOU']).toBe(0.5);
    expect(classes).toHaveLength(2);
  });

  it('keeps the first boxes of an image alone, in the COCO flavour too', () => {
    const set = { truth: [{ box: SQUARE }, { box: FAR }], predictions: [{ box: FAR, score: 1 }] };
    const options = { asTensorflow2ReportsIt: true, maxNumberOfBoxes: 1 };
    expect(apOf(set)).toBe(0.5);
    expect(apOf(set, 'tf-pascal', options)).toBe(0);
    expect(apOf(set, 'tf-coco', options)).toBe(0);
    const scorer = createScorer(scene(set), 'tf-pascal', options);
    expect([...scorer.outcomes(0, { iou: 0.5, score: 0 }).truth]).toEqual([1, 2]);
  });
});

describe('Open Images', () => {
  const group = { box: [0, 0, 100, 100] as const, flags: FLAG_GROUP_OF };
  const inside = (score: number) => ({ box: [20, 20, 5, 5] as const, score });
  const plain = { box: [300, 0, 10, 10] as const };
  const found = { box: plain.box, score: 0.9 };

  it('swallows what lies half in a group-of box; a weight turns that into one found box', () => {
    const set = { truth: [group, plain], predictions: [inside(0.95), inside(0.8), found] };
    expect(apOf(set, 'open-images-v2')).toBe(1);
    expect(apOf({ ...set, truth: [plain] }, 'open-images-v2')).toBe(0.5);
    const scorer = createScorer(scene(set), 'open-images-challenge');
    expect(scorer.result().classes[0]).toMatchObject({ truth: 2, AP: 1 });
    expect(scorer.curves()[0]).toMatchObject({ score: [0.95, 0.9], recall: [0.5, 1] });
    expect(scorer.counts({ iou: 0.5, score: 0 })).toMatchObject({
      truePositives: 1,
      falsePositives: 0,
      misses: 0,
    });
  });

  it('adds nothing for a group-of box hit by a score of 0, which is swallowed all the same', () => {
    const set = { truth: [group, plain], predictions: [found, inside(0)] };
    expect(apOf(set, 'open-images-challenge')).toBe(0.5);
    expect(createScorer(scene(set), 'open-images-challenge').curves()[0]!.score).toEqual([0.9]);
  });

  it('gives what lies in two group-of boxes to the first in file order', () => {
    const left = { ...group, box: [0, 0, 50, 100] as const };
    const alone = { box: [80, 20, 5, 5] as const, score: 0.5 };
    const set = (truth: (typeof group | typeof left)[]) => ({ truth, predictions: [inside(0.8), alone] });
    expect(apOf(set([group, left]), 'open-images-challenge')).toBe(0.5);
    expect(apOf(set([left, group]), 'open-images-challenge')).toBe(1);
  });

  it('is null for a class with group-of boxes alone in V2, a number in the challenge', () => {
    const set = { truth: [group], predictions: [inside(0.5)] };
    expect(apOf(set, 'open-images-v2')).toBeNull();
    expect(apOf(set, 'open-images-challenge')).toBe(1);
  });

  it('drops predictions of classes that an image was not checked for, in the challenge alone', () => {
    const set = scene({
      images: [1, 2, 3],
      truth: [plain],
      predictions: [found, { ...found, image: 1, score: 1 }, { ...found, image: 2, score: 0.95 }],
    });
    const labelled = (image: number, confidence: number) => ({
      ...set,
      imageLabels: {
        image: Int32Array.of(image),
        category: Int32Array.of(0),
        confidence: Float64Array.of(confidence),
      },
    });
    expect(apOf(set, 'open-images-v2')).toBeCloseTo(1 / 3, 15);
    expect(apOf(set, 'open-images-challenge')).toBe(1);
    expect(apOf(labelled(1, 0), 'open-images-challenge')).toBe(0.5);
    expect(apOf(labelled(1, 1), 'open-images-challenge')).toBe(0.5);
    const scorer = createScorer(labelled(1, 0), 'open-images-challenge');
    expect(scorer.counts({ iou: 0.5, score: 0 })).toMatchObject({ truePositives: 1, falsePositives: 1 });
  });
});

describe('skipUnlabeledClasses', () => {
  it('leaves out predictions of classes without a label, boxes or not', () => {
    const set: ScoringInput = {
      ...scene({
        categories: 2,
        truth: [
          { category: 0, box: SQUARE },
          { category: 1, box: SQUARE },
        ],
        predictions: [
          { category: 0, box: SQUARE, score: 1 },
          { category: 1, box: SQUARE, score: 1 },
        ],
      }),
      imageLabels: { image: Int32Array.of(0), category: Int32Array.of(1), confidence: Float64Array.of(0) },
    };
    for (const protocol of ['tf-pascal', 'tf-precision-at-recall', 'tf-coco'] as const) {
      expect(apOf(set, protocol)).toBeCloseTo(1, 12);
      expect(apOf(set, protocol, { skipUnlabeledClasses: true })).toBeCloseTo(0.5, 12);
    }
  });
});

describe('Parameters', () => {
  it('are reported in full, each protocol its own', () => {
    const set = scene({ truth: [], predictions: [] });
    for (const protocol of [
      'tf-coco',
      'tf-pascal',
      'tf-precision-at-recall',
      'open-images-challenge',
    ] as const) {
      const { parameters } = createScorer(set, protocol).result();
      expect(parameters).toEqual({ ...defaultParameters(protocol), score: 0.5 });
    }
    expect(defaultParameters('open-images-challenge').groupOfWeight).toBe(1);
    expect(defaultParameters('open-images-v2').groupOfWeight).toBe(0);
  });

  it.each([
    ['tf-pascal', { iou: [] }],
    ['tf-precision-at-recall', { recallBounds: [0.6, 0.5] }],
    ['tf-precision-at-recall', { recallBounds: [0, 1.1] }],
    ['tf-precision-at-recall', { recallBounds: [NaN, 1] }],
    ['open-images-v2', { groupOfWeight: -1 }],
    ['open-images-v2', { groupOfWeight: Infinity }],
    ['tf-weighted-pascal', { maxNumberOfBoxes: 0 }],
    ['tf-coco', { maxNumberOfBoxes: 1.5 }],
    ['tf-coco', { maxDetections: [] }],
  ] satisfies [ObjectDetectionApiProtocol, Partial<AnyParameters>][])(
    'of %s refuse %j',
    (protocol, wrong) => {
      expect(() => apOf({ truth: [], predictions: [] }, protocol, wrong)).toThrow(BadInput);
    },
  );
});
