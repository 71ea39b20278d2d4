/** One rule a test, over hand-made boxes. */
import { describe, expect, it } from 'vitest';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { scene, type Scene, type ScenePrediction } from '../scene.fixture';
import { evaluateTide } from './tide-evaluation';
import type { TideParameters } from './tide-parameters';

const BOX = [0, 0, 10, 10] as const;
const FAR = [500, 500, 10, 10] as const;
/** IoU with BOX: 0.5. */
const HALF = [0, 0, 10, 5] as const;
/** IoU with BOX: 0.4. */
const LOOSE = [0, 0, 10, 4] as const;

const asPackage = (set: Scene, parameters: Partial<TideParameters> = {}) =>
  evaluateTide(scene(set), parameters);
const asCoco = (set: Scene, parameters: Partial<TideParameters> = {}) =>
  evaluateTide(scene(set), { mode: 'coco', ...parameters });

function first(set: Scene, prediction: number, parameters: Partial<TideParameters> = {}) {
  return asPackage(set, parameters).matchRows().predictions[prediction]!;
}

describe('Matching', () => {
  it('limits the detections of an image over all classes; in the mode of COCO by class', () => {
    const set: Scene = {
      categories: 2,
      truth: [{ box: BOX }],
      predictions: [
        { category: 1, box: FAR, score: 0.9 },
        { box: BOX, score: 0.8 },
      ],
    };
    const limit = { maxDetections: [1] };
    expect(states(asPackage(set, limit))).toEqual(['false', 'cut']);
    expect(states(asCoco(set, limit))).toEqual(['false', 'true']);
  });

  it('of equal scores keeps the first of the file below the limit', () => {
    const predictions: ScenePrediction[] = [
      { box: FAR, score: 0.5 },
      { box: BOX, score: 0.5 },
    ];
    expect(states(asPackage({ truth: [{ box: BOX }], predictions }, { maxDetections: [1] }))).toEqual([
      'false',
      'cut',
    ]);
  });

  it('takes the first of two annotations with equal IoU; in the mode of COCO the later', () => {
    const set: Scene = {
      truth: [
        { box: BOX, id: 7 },
        { box: BOX, id: 8 },
      ],
      predictions: [{ box: BOX, score: 0.9 }],
    };
    expect(first(set, 0).truth).toBe(7);
    expect(asCoco(set).matchRows().predictions[0]!.truth).toBe(8);
  });

  it('matches at an IoU of exactly the threshold', () => {
    expect(first({ truth: [{ box: BOX }], predictions: [{ box: HALF, score: 0.9 }] }, 0)).toMatchObject({
      state: 'true',
      iou: 0.5,
    });
  });

  it('knows nothing of difficult annotations', () => {
    const set: Scene = {
      truth: [{ box: BOX, flags: FLAG_DIFFICULT }],
      predictions: [{ box: BOX, score: 0.9 }],
    };
    expect(states(asPackage(set))).toEqual(['true']);
  });

  it('ignores what lies in a crowd by more than the threshold; in the mode of COCO by as much', () => {
    const within = { box: [0, 0, 20, 10] as const, score: 0.9 };
    const set: Scene = { truth: [{ box: BOX, flags: FLAG_CROWD }], predictions: [within] };
    expect(states(asPackage(set))).toEqual(['false']);
    expect(states(asPackage(set, { iou: [0.4] }))).toEqual(['ignored']);
    expect(states(asCoco(set))).toEqual(['ignored']);
  });

  it('ignores nothing for a crowd of another class', () => {
    const set: Scene = {
      categories: 2,
      truth: [{ box: BOX, category: 1, flags: FLAG_CROWD }],
      predictions: [{ box: BOX, score: 0.9 }],
    };
    expect(states(asPackage(set))).toEqual(['false']);
  });
});

describe('Errors', () => {
  const types: readonly [type: string, prediction: ScenePrediction][] = [
    ['Loc', { box: LOOSE, score: 0.9 }],
    ['Cls', { category: 1, box: BOX, score: 0.9 }],
    ['Both', { category: 1, box: LOOSE, score: 0.9 }],
    ['Bkg', { box: FAR, score: 0.9 }],
  ];
  it.each(types)('%s by its rule', (type, prediction) => {
    expect(first({ categories: 2, truth: [{ box: BOX }], predictions: [prediction] }, 0).error).toBe(type);
  });

  it('Dupe above the threshold on a matched annotation, Loc at exactly the threshold', () => {
    const predictions: ScenePrediction[] = [
      { box: BOX, score: 0.9 },
      { box: [0, 0, 10, 6], score: 0.8 },
      { box: HALF, score: 0.7 },
    ];
    const rows = asPackage({ truth: [{ box: BOX }], predictions }).matchRows().predictions;
    expect(rows.map(({ error }) => error)).toEqual([null, 'Dupe', 'Loc']);
    expect(rows.map(({ truth }) => truth)).toEqual([1, null, 1]);
  });

  it('Loc, not Bkg, at exactly the background IoU', () => {
    const set: Scene = { truth: [{ box: BOX }], predictions: [{ box: [0, 0, 10, 1], score: 0.9 }] };
    expect(first(set, 0).error).toBe('Loc');
    expect(first(set, 0, { background: 0.2 }).error).toBe('Bkg');
  });

  it('types ignored detections too; in the mode of COCO not', () => {
    const set: Scene = {
      truth: [{ box: BOX, flags: FLAG_CROWD }],
      predictions: [{ box: [1, 1, 5, 5], score: 0.9 }],
    };
    expect(asPackage(set).matchRows().predictions[0]).toMatchObject({ state: 'ignored', error: 'Bkg' });
    expect(asCoco(set).matchRows().predictions[0]).toMatchObject({ state: 'ignored', error: null });
  });

  it('Miss is an annotation that no Loc and no Cls points to', () => {
    const set: Scene = {
      truth: [{ box: BOX }, { box: FAR }],
      predictions: [{ box: LOOSE, score: 0.9 }],
    };
    expect(asPackage(set).matchRows()).toMatchObject({ missed: [2], unmatched: [1, 2] });
    expect(asPackage(set).errorCounts).toEqual({ Cls: 0, Loc: 1, Both: 0, Dupe: 0, Bkg: 0, Miss: 1 });
  });
});

describe('Average precision', () => {
  it('counts a class with predictions alone as 0; in the mode of COCO not at all', () => {
    const set: Scene = {
      categories: 3,
      truth: [{ box: BOX }],
      predictions: [
        { box: BOX, score: 0.9 },
        { category: 1, box: FAR, score: 0.8 },
      ],
    };
    expect(asPackage(set).classes.map(({ AP }) => AP)).toEqual([100, 0, null]);
    expect(asPackage(set).metrics.mAP50).toBe(50);
    expect(asCoco(set).classes.map(({ AP }) => AP)).toEqual([expect.closeTo(100, 9), null, null]);
  });

  it('does not count a class whose predictions are all ignored', () => {
    const set: Scene = {
      truth: [{ box: BOX, flags: FLAG_CROWD }],
      predictions: [{ box: [1, 1, 5, 5], score: 0.9 }],
    };
    expect(asPackage(set).metrics.mAP50).toBeNull();
  });

  it('gives equal scores the order of the file; in the mode of COCO that of image ids', () => {
    const set: Scene = {
      images: [2, 1],
      truth: [{ box: BOX, image: 0 }],
      predictions: [
        { box: FAR, image: 1, score: 0.9 },
        { box: BOX, image: 0, score: 0.9 },
      ],
    };
    expect(asPackage(set).metrics.mAP50).toBe(100);
    expect(asCoco(set).metrics.mAP50).toBeCloseTo(50, 9);
  });

  it('reaches recall 0.35 with 7 of 20; in the mode of COCO not', () => {
    const box = (index: number) => [index * 20, 0, 10, 10] as const;
    const set: Scene = {
      truth: Array.from({ length: 20 }, (_, index) => ({ box: box(index) })),
      predictions: Array.from({ length: 7 }, (_, index) => ({ box: box(index), score: 0.9 })),
    };
    expect(asPackage(set).metrics.mAP50).toBeCloseTo((36 / 101) * 100, 9);
    expect(asCoco(set).metrics.mAP50).toBeCloseTo((35 / 101) * 100, 9);
  });

  it('has no 2^-52 in its denominator; in the mode of COCO it has', () => {
    const set: Scene = { truth: [{ box: BOX }], predictions: [{ box: BOX, score: 0.9 }] };
    expect(asPackage(set).arrays().curves.data[0]).toBe(1);
    expect(asCoco(set).arrays().curves.data[0]).toBe(1 - 2 ** -52);
  });

  it('is null, never NaN, where there is nothing', () => {
    const evaluation = asPackage({ categories: 2, truth: [], predictions: [] });
    expect(Object.values(evaluation.metrics)).toEqual(Array.from({ length: 9 }, () => null));
    expect(evaluation.arrays().curves.shape).toEqual([0, 101]);
    expect(evaluation.curves()[0]).toEqual({ id: 1, recall: [], precision: [], score: [] });
  });

  it('curves give the score that reaches each recall', () => {
    const set: Scene = {
      truth: [{ box: BOX }, { box: FAR }],
      predictions: [{ box: BOX, score: 0.9 }],
    };
    const [curve] = asPackage(set).curves();
    expect([curve!.recall[50], curve!.precision[50], curve!.score[50]]).toEqual([0.5, 1, 0.9]);
    expect([curve!.recall[51], curve!.precision[51], curve!.score[51]]).toEqual([0.51, 0, null]);
  });
});

describe('Mending', () => {
  it('makes the error with the highest score on an annotation a hit and lets the others vanish', () => {
    const set: Scene = {
      truth: [{ box: BOX }],
      predictions: [
        { box: LOOSE, score: 0.6 },
        { box: [0, 0, 10, 3], score: 0.9 },
      ],
    };
    expect(asPackage(set).fixedAP.Loc).toBe(100);
  });

  it('of Loc loses an annotation whose highest error is a Cls', () => {
    const set: Scene = {
      categories: 2,
      truth: [{ box: BOX }],
      predictions: [
        { box: LOOSE, score: 0.6 },
        { category: 1, box: BOX, score: 0.9 },
      ],
    };
    expect(asPackage(set).metrics.Loc).toBe(0);
  });

  it('of Cls moves the prediction to the class of the annotation', () => {
    const set: Scene = {
      categories: 2,
      truth: [{ box: BOX }, { category: 1, box: FAR }],
      predictions: [{ category: 1, box: BOX, score: 0.9 }],
    };
    expect(asPackage(set).fixedAP.Cls).toBe(50);
    expect(asPackage(set).perClass.map(({ bars }) => bars.Cls)).toEqual([100, 0]);
  });

  it('of an error on a matched annotation takes the prediction away', () => {
    const set: Scene = {
      truth: [{ box: BOX }],
      predictions: [
        { box: HALF, score: 0.8 },
        { box: LOOSE, score: 0.9 },
      ],
    };
    expect(asPackage(set).metrics).toMatchObject({ mAP50: 50, Loc: 50 });
  });

  it('turns an ignored detection into a hit from nowhere', () => {
    const set: Scene = {
      truth: [{ box: BOX }, { box: LOOSE, flags: FLAG_CROWD }],
      predictions: [{ box: LOOSE, score: 0.9 }],
    };
    expect(asPackage(set).metrics).toMatchObject({ mAP50: 0, Loc: 100 });
    expect(asCoco(set).metrics).toMatchObject({ mAP50: 0, Loc: 0 });
  });

  it('puts errors before hits of the same score; in the mode of COCO nothing moves', () => {
    const set: Scene = {
      images: [1, 2],
      truth: [{ box: BOX, image: 0 }],
      predictions: [
        { box: BOX, image: 0, score: 0.9 },
        { box: FAR, image: 1, score: 0.9 },
      ],
    };
    expect(asPackage(set).metrics.mAP50).toBe(100);
    expect(asPackage(set).unfixedAP).toBe(50);
    expect(asCoco(set).unfixedAP).toBe(asCoco(set).metrics.mAP50);
  });

  it('takes a class out of the mean with its last box', () => {
    const set: Scene = {
      categories: 3,
      truth: [{ box: BOX }, { category: 1, box: FAR }],
      predictions: [
        { box: BOX, score: 0.9 },
        { category: 2, box: [100, 100, 10, 10], score: 0.8 },
      ],
    };
    const { metrics } = asPackage(set);
    expect(metrics.mAP50).toBeCloseTo(100 / 3, 9);
    expect(metrics.Bkg).toBeCloseTo(50 - 100 / 3, 9);
    expect(metrics.Miss).toBeCloseTo(50 - 100 / 3, 9);
  });

  it('FalseNeg takes all unmatched annotations away, FalsePos puts all hits first', () => {
    const set: Scene = {
      truth: [{ box: BOX }, { box: FAR }],
      predictions: [
        { box: [100, 100, 10, 10], score: 0.9 },
        { box: BOX, score: 0.8 },
      ],
    };
    const { metrics } = asPackage(set);
    const share = (51 / 101) * 100;
    expect(metrics.mAP50).toBeCloseTo(share / 2, 9);
    expect(metrics.FalsePos).toBeCloseTo(share / 2, 9);
    expect(metrics.FalseNeg).toBeCloseTo(50 - share / 2, 9);
  });
});

describe('Evaluation', () => {
  it('counts predictions from a score on, ignored ones in none', () => {
    const set: Scene = {
      truth: [{ box: BOX }, { box: FAR, flags: FLAG_CROWD }],
      predictions: [
        { box: BOX, score: 0.5 },
        { box: FAR, score: 0.9 },
        { box: [100, 100, 10, 10], score: 0.7 },
      ],
    };
    const evaluation = asPackage(set);
    const at = (score: number) => ({ at: { iou: 0.5, score } });
    expect(evaluation.counts()).toEqual({ truePositives: 1, falsePositives: 1, misses: 0, ...at(0.5) });
    expect(evaluation.counts(0.6)).toEqual({ truePositives: 0, falsePositives: 1, misses: 1, ...at(0.6) });
  });

  it('gives every record of the file a row, with the best IoU of its image', () => {
    const input = scene({
      images: [1, 2],
      truth: [{ box: BOX }],
      predictions: [
        { box: LOOSE, score: 0.9 },
        { box: BOX, image: 1, score: 0.8 },
      ],
    });
    const predictions = { ...input.predictions, fileIndex: Uint32Array.of(1, 2) };
    const rows = evaluateTide({ ...input, predictions }, { maxDetections: [1] }).matchRows(4).predictions;
    const leftOut = { state: 'cut', error: null, truth: null, iou: null };
    expect(rows).toEqual([
      leftOut,
      { state: 'false', error: 'Loc', truth: 1, iou: 0.4 },
      { state: 'false', error: 'Bkg', truth: null, iou: null },
      leftOut,
    ]);
  });

  it('names its mean by the threshold', () => {
    const keys = (iou: number) =>
      Object.keys(asPackage({ truth: [], predictions: [] }, { iou: [iou] }).metrics);
    expect(keys(0.55)).toEqual([
      'mAP55',
      'Cls',
      'Loc',
      'Both',
      'Dupe',
      'Bkg',
      'Miss',
      'FalsePos',
      'FalseNeg',
    ]);
    expect(keys(0.625)[0]).toBe('mAP62.5');
  });

  const refused: Partial<TideParameters>[] = [
    { iou: [] },
    { iou: [0] },
    { iou: [0.5, 0.75] },
    { maxDetections: [0] },
    { maxDetections: [10, 100] },
    { background: 0 },
    { background: NaN },
    { mode: 'exact' as 'coco' },
  ];
  it.each(refused)('refuses %o', (parameters) => {
    expect(() => asPackage({ truth: [], predictions: [] }, parameters)).toThrow(BadInput);
  });
});

function states(evaluation: ReturnType<typeof evaluateTide>): string[] {
  return evaluation.matchRows().predictions.map(({ state }) => state);
}
