/** Gains against full evaluations of the mended set. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveProtocol, OperatingPoint } from '../metrics/evaluation';
import { LIVE_PROTOCOLS, PREDICTION_OUTCOMES, TRUTH_OUTCOMES } from '../metrics/evaluation';
import type { PredictedBox, RandomSet, TruthBox } from '../metrics/random-sets.fixture';
import { toScoringInput } from '../metrics/random-sets.fixture';
import { createScorer } from '../metrics/scorer';
import type { Failure } from './failure-gains';
import { failureGains } from './failure-gains';

const CLASSES = 3;
const SLOTS = 5;
const SIDE = 40;
const POINT: OperatingPoint = { iou: 0.5, score: 0 };

type Box = readonly [number, number, number, number];
const slotBox = (slot: number, shift: number): Box => [slot * 200 + shift, 0, SIDE, SIDE];

/** Boxes lie in slots far apart: what is mended in one leaves all other matches as they are. Scores differ. */
const sparseSet: fc.Arbitrary<RandomSet> = fc
  .record({
    truth: fc.array(
      fc.uniqueArray(
        fc.record({ slot: fc.nat({ max: SLOTS - 1 }), category: fc.nat({ max: CLASSES - 1 }) }),
        {
          selector: ({ slot }) => slot,
          maxLength: SLOTS,
        },
      ),
      { minLength: 1, maxLength: 5 },
    ),
    predictions: fc.array(
      fc.record({
        image: fc.nat({ max: 4 }),
        slot: fc.nat({ max: SLOTS - 1 }),
        category: fc.nat({ max: CLASSES - 1 }),
        shift: fc.constantFrom(0, 2, 5, 9, 18, 22, 100),
      }),
      { maxLength: 25 },
    ),
    order: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ truth, predictions, order }) => ({
    categories: CLASSES,
    truth: truth.map((boxes, image) =>
      boxes.map(({ slot, category }, index): TruthBox => ({
        id: image * 10 + index + 1,
        category,
        box: slotBox(slot, 0),
        area: SIDE * SIDE,
        flags: 0,
      })),
    ),
    predictions: predictions
      .filter(({ image }) => image < truth.length)
      .map((one) => ({ ...one, key: order.next().value as number }))
      .sort((a, b) => a.key - b.key)
      .map(({ image, slot, category, shift }, index): PredictedBox => ({
        image,
        category,
        box: slotBox(slot, shift),
        score: 0.01 + index * 0.03,
      })),
  }));

const headline = (set: RandomSet, protocol: LiveProtocol): number =>
  createScorer(toScoringInput(set), protocol).headline() ?? 0;

function failuresOf(set: RandomSet, protocol: LiveProtocol) {
  const scorer = createScorer(toScoringInput(set), protocol);
  const outcomes = scorer.allOutcomes(POINT);
  const rows = set.truth.flatMap((boxes, image) => {
    const [from] = scorer.annotationRows(image);
    return boxes.map((box, index) => ({ box, image, row: from + index }));
  });
  const categoryOfTruth = new Int32Array(rows.length);
  for (const { box, row } of rows) categoryOfTruth[row] = box.category;
  const failures: Failure[] = [];
  outcomes.predictionOutcome.forEach((code, prediction) => {
    const outcome = PREDICTION_OUTCOMES[code]!;
    if (outcome !== 'true-positive')
      failures.push({ outcome, prediction, truth: outcomes.predictionTruth[prediction]! });
  });
  outcomes.truthOutcome.forEach((code, truth) => {
    if (TRUTH_OUTCOMES[code] === 'miss') failures.push({ outcome: 'miss', prediction: -1, truth });
  });
  const gains = failureGains(scorer, protocol, failures, categoryOfTruth);
  const isFree = (truth: number): boolean =>
    truth >= 0 && TRUTH_OUTCOMES[outcomes.truthOutcome[truth]!] === 'miss';
  return { failures, gains, rows, isFree };
}

/** The set with one failure mended; null where that moves other matches too. */
function mended(
  set: RandomSet,
  { outcome, prediction, truth }: Failure,
  found: ReturnType<typeof failuresOf>,
): RandomSet | null {
  const target = found.rows.find(({ row }) => row === truth);
  if (outcome === 'miss') {
    const { image, box } = target!;
    const finder = { image, category: box.category, box: box.box, score: 0.999 };
    return { ...set, predictions: [...set.predictions, finder] };
  }
  const others = set.predictions.filter((_, row) => row !== prediction);
  if (outcome === 'false-positive') return { ...set, predictions: others };
  if (!found.isFree(truth)) return null;
  const { category, box } = target!.box;
  const right = set.predictions.map((one, row) => (row === prediction ? { ...one, category, box } : one));
  return { ...set, predictions: right };
}

describe('the gain of a failure', () => {
  it.each(LIVE_PROTOCOLS)('is what a full evaluation of the mended set gains (%s)', (protocol) => {
    let compared = 0;
    fc.assert(
      fc.property(sparseSet, (set) => {
        const found = failuresOf(set, protocol);
        const before = headline(set, protocol);
        found.failures.forEach((failure, index) => {
          const better = mended(set, failure, found);
          if (!better) return;
          compared++;
          expect(found.gains[index]).toBeCloseTo(headline(better, protocol) - before, 10);
        });
      }),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it('of a duplicate is that of taking it away', () => {
    const set: RandomSet = {
      categories: 1,
      truth: [
        [
          { id: 1, category: 0, box: [0, 0, 10, 10], area: 100, flags: 0 },
          { id: 2, category: 0, box: [50, 0, 10, 10], area: 100, flags: 0 },
        ],
      ],
      predictions: [
        { image: 0, category: 0, box: [0, 0, 10, 10], score: 0.9 },
        { image: 0, category: 0, box: [0, 0, 10, 10], score: 0.8 },
        { image: 0, category: 0, box: [50, 0, 10, 10], score: 0.7 },
      ],
    };
    const { failures, gains } = failuresOf(set, 'voc2012');
    expect(failures.map(({ outcome }) => outcome)).toEqual(['duplicate']);
    expect(gains[0]).toBeCloseTo(1 - (0.5 + 0.5 * (2 / 3)), 12);
  });
});
