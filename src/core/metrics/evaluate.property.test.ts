/** The product's scorers against a naive one, under any parameters: bit for bit, on data full of ties and borders. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCoco, evaluateVoc } from './evaluate';
import { naiveCoco, naiveVoc, VISITED_IDS } from './naive-scorers.fixture';
import { DEFAULT_COCO_PARAMETERS } from './parameters';
import { randomSet, toScoringInput } from './random-sets.fixture';
import { createScorer } from './scorer';

const cocoParameters = fc.record({
  iou: fc.constantFrom(
    DEFAULT_COCO_PARAMETERS.iou,
    [0.5],
    [0.75, 0.5, 1],
    [0.1, 0.3],
    Array.from({ length: 64 }, (_, index) => 0.36 + index * 0.01),
  ),
  maxDetections: fc.constantFrom([1, 10, 100], [2], [1, 3]),
  areaRanges: fc.constantFrom(
    DEFAULT_COCO_PARAMETERS.areaRanges,
    { all: [0, 1e10] as const },
    { tiny: [0, 64] as const, border: [1024, 1024] as const, all: [0, 1e10] as const },
  ),
  classAgnostic: fc.boolean(),
  area: fc.constantFrom('file' as const, 'box' as const),
});

describe('COCO', () => {
  it('equals the naive scorer in every cell, under any parameters', () => {
    fc.assert(
      fc.property(randomSet, cocoParameters, (set, parameters) => {
        const { arrays } = evaluateCoco(toScoringInput(set), parameters);
        const expected = naiveCoco(set, parameters);
        for (const cells of ['precision', 'recall', 'scores'] as const) {
          expect(arrays[cells].length).toBe(expected[cells].length);
          const differing = expected[cells].filter((value, cell) => value !== arrays[cells][cell]);
          expect(differing).toEqual([]);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('counts at an IoU off the grid as an evaluation at that IoU counts', () => {
    fc.assert(
      fc.property(
        randomSet,
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        fc.constantFrom(-1, 0, 0.25, 0.5, 0.9, 2),
        fc.boolean(),
        (set, iou, score, classAgnostic) => {
          const input = toScoringInput(set);
          const point = { iou, score };
          const live = createScorer(input, 'coco', { classAgnostic }).countsByClass(point);
          const alone = createScorer(
            toScoringInput({ ...set, predictions: set.predictions.filter((box) => box.score >= score) }),
            'coco',
            { iou: [iou], classAgnostic },
          );
          const recall = alone.arrays()!.recall!.data;
          const limits = 3;
          const ranges = 4;
          live.forEach((row, klass) => {
            const reached = recall[klass * ranges * limits + limits - 1]!;
            const positives = row.truePositives + row.misses;
            expect(positives === 0 ? -1 : row.truePositives / positives).toBe(reached);
          });
          expect(live).toEqual(alone.countsByClass(point));
        },
      ),
      { numRuns: 300, seed: 8 },
    );
  });
});

describe('VOC', () => {
  const vocParameters = fc.record({
    iou: fc.constantFrom([0.5], [0.75], [0.3]),
    boxSize: fc.constantFrom('inclusive' as const, 'edge' as const),
    iouRule: fc.constantFrom('above' as const, 'at-least' as const),
  });

  it('equals the naive scorer in every class, under any parameters', () => {
    fc.assert(
      fc.property(
        randomSet,
        fc.constantFrom('voc2007', 'voc2012'),
        vocParameters,
        (set, edition, parameters) => {
          const { result } = evaluateVoc(toScoringInput(set), edition, parameters);
          const expected = naiveVoc(set, edition, parameters);
          result.classes.forEach(({ AP }, klass) => {
            if (AP === null) expect(expected[klass]).toBeNull();
            else expect(Math.abs(AP - expected[klass]!)).toBeLessThanOrEqual(1e-12);
          });
        },
      ),
      { numRuns: 1000, seed: 9 },
    );
  });
});

describe('Images', () => {
  it('are visited by rising id, numbers before text', () => {
    expect(VISITED_IDS).toEqual([4, 5, 11, 30, 'a', 'b']);
  });
});
