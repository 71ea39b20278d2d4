/** What became of every box: outcomes, error types and the rows of `--matches`. */
import { describe, expect, it } from 'vitest';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../dataset/dataset';
import { PREDICTION_OUTCOMES, type TableProtocol, TRUTH_OUTCOMES } from '../metrics/evaluation';
import { type Scene, scene } from '../metrics/scene.fixture';
import { createScorer } from '../metrics/scorer';
import { matchRows } from './match-rows';
import { tideError, TIDE_ERRORS } from './tide-error';

const A = [0, 0, 40, 40] as const;
const LOOSE = [16, 0, 40, 40] as const;
const FAR = [200, 200, 40, 40] as const;
const POINT = { iou: 0.5, score: 0.3 };

function outcomesOf(given: Scene, protocol: TableProtocol = 'coco', point = POINT) {
  const outcomes = createScorer(scene(given), protocol).outcomes(0, point);
  return {
    predictions: [...outcomes.prediction].map((outcome) => PREDICTION_OUTCOMES[outcome]),
    predictionTruth: [...outcomes.predictionTruth],
    predictionIou: [...outcomes.predictionIou],
    truths: [...outcomes.truth].map((outcome) => TRUTH_OUTCOMES[outcome]),
    truthPrediction: [...outcomes.truthPrediction],
  };
}

describe('Outcomes', () => {
  it('a match is a true positive and its annotation matched', () => {
    expect(outcomesOf({ truth: [{ box: A }], predictions: [{ box: A, score: 0.9 }] })).toEqual({
      predictions: ['true-positive'],
      predictionTruth: [0],
      predictionIou: [1],
      truths: ['matched'],
      truthPrediction: [0],
    });
  });

  it('a loose box points at the miss, and the miss at the loose box of the highest score', () => {
    const found = outcomesOf({
      truth: [{ box: A }],
      predictions: [
        { box: [18, 0, 40, 40], score: 0.6 },
        { box: LOOSE, score: 0.9 },
      ],
    });
    expect(found.predictions).toEqual(['loose-box', 'loose-box']);
    expect(found.predictionTruth).toEqual([0, 0]);
    expect(found.truths).toEqual(['miss']);
    expect(found.truthPrediction).toEqual([1]);
  });

  it('a wrong class points at the annotation of the other class', () => {
    const found = outcomesOf({
      categories: 2,
      truth: [{ box: FAR, category: 1 }, { box: A }],
      predictions: [{ box: A, category: 1, score: 0.9 }],
    });
    expect(found.predictions).toEqual(['wrong-class']);
    expect(found.predictionTruth).toEqual([1]);
    expect(found.truths).toEqual(['miss', 'miss']);
    expect(found.truthPrediction).toEqual([-1, -1]);
  });

  it('a duplicate points at the annotation that another prediction took', () => {
    const found = outcomesOf({
      truth: [{ box: FAR }, { box: A }],
      predictions: [
        { box: [2, 0, 40, 40], score: 0.8 },
        { box: A, score: 0.9 },
      ],
    });
    expect(found.predictions).toEqual(['duplicate', 'true-positive']);
    expect(found.predictionTruth).toEqual([1, 1]);
    expect(found.predictionIou[0]).toBeCloseTo(38 / 42, 12);
  });

  it('a false positive on background has the best IoU with anything', () => {
    const found = outcomesOf({
      truth: [{ box: A }],
      predictions: [
        { box: FAR, score: 0.9 },
        { box: [36, 0, 40, 40], score: 0.8 },
      ],
    });
    expect(found.predictions).toEqual(['false-positive', 'false-positive']);
    expect(found.predictionTruth).toEqual([-1, -1]);
    expect(found.predictionIou).toEqual([0, expect.closeTo(4 / 76, 12)]);
  });

  it('below the confidence a prediction is cut and matches nothing', () => {
    const found = outcomesOf({ truth: [{ box: A }], predictions: [{ box: A, score: 0.29 }] });
    expect(found.predictions).toEqual(['cut']);
    expect(found.truths).toEqual(['miss']);
  });

  it('over the limit on detections a prediction is cut', () => {
    const many = Array.from({ length: 101 }, () => ({ box: FAR, score: 0.9 }));
    expect(outcomesOf({ truth: [{ box: A }], predictions: many }).predictions.lastIndexOf('cut')).toBe(100);
  });

  it("COCO's crowds and VOC's difficult annotations are ignored, and so is what matches them", () => {
    const given = (flags: number): Scene => ({
      truth: [{ box: A, flags }],
      predictions: [{ box: A, score: 0.9 }],
    });
    for (const [protocol, flags] of [
      ['coco', FLAG_CROWD],
      ['voc2012', FLAG_DIFFICULT],
    ] as const) {
      const found = outcomesOf(given(flags), protocol);
      expect(found.predictions).toEqual(['ignored']);
      expect(found.predictionTruth).toEqual([-1]);
      expect(found.predictionIou).toEqual([1]);
      expect(found.truths).toEqual(['ignored']);
    }
  });

  it('ignored annotations make no error types', () => {
    const found = outcomesOf({
      categories: 2,
      truth: [{ box: A, flags: FLAG_CROWD }],
      predictions: [{ box: A, category: 1, score: 0.9 }],
    });
    expect(found.predictions).toEqual(['false-positive']);
  });

  it('rows are those within the image', () => {
    const given: Scene = {
      images: [1, 2],
      truth: [
        { box: A, image: 0 },
        { box: FAR, image: 1 },
        { box: A, image: 1 },
      ],
      predictions: [
        { box: A, image: 1, score: 0.9 },
        { box: A, image: 0, score: 0.9 },
        { box: FAR, image: 1, score: 0.8 },
      ],
    };
    const scorer = createScorer(scene(given), 'coco');
    expect([...scorer.predictionRows(1)]).toEqual([0, 2]);
    expect(scorer.annotationRows(1)).toEqual([1, 3]);
    expect([...scorer.outcomes(1, POINT).predictionTruth]).toEqual([1, 0]);
    expect([...scorer.outcomes(1, POINT).truthPrediction]).toEqual([1, 0]);
    expect([...scorer.allOutcomes(POINT).predictionTruth]).toEqual([2, 0, 1]);
    expect([...scorer.allOutcomes(POINT).truthPrediction]).toEqual([1, 2, 0]);
  });
});

describe('tideError', () => {
  const name = (...facts: [number, number, number, number]) => TIDE_ERRORS[tideError(...facts)];

  it.each([
    ['Loc', 0.5, 0.1, 0, 0],
    ['Loc', 0.5, 0.5, 0.9, 0.5],
    ['Cls', 0.5, 0.09, 0.5, 0],
    ['Cls', 0.5, 0.8, 0.6, 0.8],
    ['Dupe', 0.5, 0.8, 0.4, 0.8],
    ['Bkg', 0.5, 0.05, 0.1, 0],
    ['Both', 0.5, 0.05, 0.4, 0],
    ['Loc', 0.75, 0.74, 0, 0],
  ] as const)('is %s at %d with same %d, other %d, used %d', (error, foreground, same, other, used) => {
    expect(name(foreground, same, other, used)).toBe(error);
  });
});

describe('matchRows', () => {
  const given: Scene = {
    categories: 2,
    truth: [
      { box: A, id: 11 },
      { box: FAR, id: 0 },
      { box: [400, 0, 40, 40], id: 13 },
      { box: [400, 300, 40, 40], id: 14, flags: FLAG_CROWD },
    ],
    predictions: [
      { box: A, score: 0.9 },
      { box: A, score: 0.8 },
      { box: [216, 200, 40, 40], score: 0.01 },
      { box: A, category: 1, score: 0.5 },
      { box: [600, 600, 9, 9], score: 0.5 },
      { box: [400, 300, 40, 40], score: 0.5 },
    ],
  };

  it('gives state, error, truth by id and IoU, at any confidence, in file order', () => {
    const input = scene(given);
    const rows = matchRows(createScorer(input, 'coco'), input, 0.5);
    const iou = expect.closeTo(24 / 56, 12) as number;
    expect(rows.predictions).toEqual([
      { state: 'true', error: null, truth: 11, iou: 1 },
      { state: 'false', error: 'Dupe', truth: null, iou: 1 },
      { state: 'false', error: 'Loc', truth: 0, iou },
      { state: 'false', error: 'Cls', truth: 11, iou: 1 },
      { state: 'false', error: 'Bkg', truth: null, iou: 0 },
      { state: 'ignored', error: null, truth: null, iou: 1 },
    ]);
    expect(rows.missed).toEqual([13]);
    expect(rows.unmatched).toEqual([0, 13]);
  });

  it('records left out on reading are cut', () => {
    const input = scene(given);
    const predictions = { ...input.predictions, fileIndex: Uint32Array.of(1, 2, 4, 5, 6, 7) };
    const rows = matchRows(
      createScorer({ ...input, predictions }, 'coco'),
      { ...input, predictions },
      0.5,
      9,
    );
    expect(rows.predictions).toHaveLength(9);
    const cut = { state: 'cut', error: null, truth: null, iou: null };
    expect([0, 3, 8].map((index) => rows.predictions[index])).toEqual([cut, cut, cut]);
    expect(rows.predictions[1]!.truth).toBe(11);
  });

  it('an image without annotations gives no IoU', () => {
    const input = scene({ truth: [], predictions: [{ box: A, score: 0.9 }] });
    expect(matchRows(createScorer(input, 'coco'), input, 0.5).predictions).toEqual([
      { state: 'false', error: 'Bkg', truth: null, iou: null },
    ]);
  });

  it('follows the matching of VOC under VOC', () => {
    const input = scene({
      truth: [{ box: A }, { box: [8, 0, 40, 40] }],
      predictions: [
        { box: A, score: 0.9 },
        { box: A, score: 0.8 },
      ],
    });
    const states = (protocol: TableProtocol) =>
      matchRows(createScorer(input, protocol), input, 0.5).predictions.map(({ state }) => state);
    expect(states('coco')).toEqual(['true', 'true']);
    expect(states('voc2012')).toEqual(['true', 'false']);
  });
});
