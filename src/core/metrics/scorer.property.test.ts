/** A live scorer after any edits equals a full evaluation of the edited dataset, bit for bit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyParameters, ImageOutcomes, TableProtocol, Scorer, ScoringInput } from './evaluation';
import {
  IMAGE_IDS,
  type RandomSet,
  randomSet,
  toImageTruth,
  toScoringInput,
  type TruthBox,
  truthBox,
} from './random-sets.fixture';
import { createScorer } from './scorer';

type Edit =
  | { readonly kind: 'add'; readonly image: number; readonly at: number; readonly box: TruthBox }
  | { readonly kind: 'delete'; readonly image: number; readonly at: number }
  | { readonly kind: 'move'; readonly image: number; readonly at: number; readonly by: number }
  | { readonly kind: 'relabel'; readonly image: number; readonly at: number; readonly category: number }
  | { readonly kind: 'flag'; readonly image: number; readonly at: number; readonly flags: number }
  | { readonly kind: 'swap'; readonly image: number; readonly at: number }
  | { readonly kind: 'undo' };

const image = fc.nat({ max: IMAGE_IDS.length - 1 });
const at = fc.nat({ max: 5 });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), image, at, box: truthBox(3) }),
  fc.record({ kind: fc.constant('delete' as const), image, at }),
  fc.record({ kind: fc.constant('move' as const), image, at, by: fc.constantFrom(8, -8, 0.5, 4) }),
  fc.record({ kind: fc.constant('relabel' as const), image, at, category: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant('flag' as const), image, at, flags: fc.nat({ max: 7 }) }),
  fc.record({ kind: fc.constant('swap' as const), image, at }),
  fc.record({ kind: fc.constant('undo' as const) }),
);

/** Padding that edits can reach, so that images fill up and are cut. */
const PADDED = { asTensorflow2ReportsIt: true, maxNumberOfBoxes: 4 };

const PROTOCOLS: readonly (readonly [
  string,
  TableProtocol,
  Partial<AnyParameters>,
  unlisted: number | null,
])[] = [
  ['COCO', 'coco', {}, null],
  ['COCO, class-agnostic, box areas', 'coco', { classAgnostic: true, area: 'box' }, null],
  [
    'COCO, own thresholds, limits and ranges',
    'coco',
    {
      iou: Array.from({ length: 46 }, (_, index) => 0.3 + index * 0.015),
      maxDetections: [1, 2, 5],
      areaRanges: { tiny: [0, 256], rest: [256, 1e10] },
    },
    null,
  ],
  ['VOC 2007', 'voc2007', {}, null],
  ['VOC 2012, edges, at least', 'voc2012', { boxSize: 'edge', iouRule: 'at-least', iou: [0.5, 0.75] }, null],
  ['TensorFlow COCO, padded', 'tf-coco', PADDED, 1],
  ['TensorFlow COCO, labelled classes', 'tf-coco', { skipUnlabeledClasses: true, classAgnostic: true }, null],
  ['TensorFlow Pascal', 'tf-pascal', { iou: [0.5, 0.75] }, 1],
  ['TensorFlow Pascal, padded', 'tf-pascal', PADDED, null],
  ['TensorFlow weighted Pascal, padded', 'tf-weighted-pascal', PADDED, null],
  ['TensorFlow precision at recall', 'tf-precision-at-recall', { recallBounds: [0.2, 0.6] }, 2],
  ['Open Images V2', 'open-images-v2', {}, null],
  ['Open Images challenge', 'open-images-challenge', { iou: [0.5, 0.6] }, null],
  ['Open Images challenge, padded', 'open-images-challenge', { ...PADDED, groupOfWeight: 0.5 }, null],
];

describe.each(PROTOCOLS)('Random edits under %s', (_, protocol, parameters, unlisted) => {
  const inputOf = (set: RandomSet) => withUnlisted(toScoringInput(set), unlisted);
  it('leave every number as a full evaluation has it, bit for bit', () => {
    fc.assert(
      fc.property(randomSet, fc.array(edit, { minLength: 1, maxLength: 24 }), (set, edits) => {
        const live = createScorer(inputOf(set), protocol, parameters);
        const point = { iou: 0.55, score: 0.25 };
        live.allOutcomes(point);
        const states: RandomSet[] = [set];
        for (const next of edits) {
          const before = states[states.length - 1]!;
          const after = next.kind === 'undo' ? undone(states) : apply(before, next);
          if (next.kind !== 'undo') states.push(after);
          const expected = createScorer(inputOf(after), protocol, parameters);
          applyToScorer(live, before, after, expected);
          expectSame(live, expected, point);
        }
        expectSame(live, createScorer(inputOf(states[states.length - 1]!), protocol, parameters), {
          iou: 0.7123,
          score: 0,
        });
      }),
      { numRuns: 100, seed: 20_261_124 },
    );
  });
});

function withUnlisted(input: ScoringInput, unlisted: number | null): ScoringInput {
  const categories = input.categories.map((category, index) =>
    index === unlisted ? { ...category, isUnlisted: true } : category,
  );
  return { ...input, categories };
}

/** Drops the last state and gives the one before; the first one stays. */
function undone(states: RandomSet[]): RandomSet {
  if (states.length > 1) states.pop();
  return states[states.length - 1]!;
}

function apply(set: RandomSet, change: Exclude<Edit, { kind: 'undo' }>): RandomSet {
  const boxes = [...set.truth[change.image]!];
  const index = Math.min(change.at, boxes.length - 1);
  if (change.kind === 'add') boxes.splice(change.at, 0, change.box);
  else if (index < 0) return set;
  else if (change.kind === 'delete') boxes.splice(index, 1);
  else if (change.kind === 'swap') boxes.push(...boxes.splice(index, 1));
  else boxes[index] = changed(boxes[index]!, change);
  return { ...set, truth: set.truth.map((old, place) => (place === change.image ? boxes : old)) };
}

function changed(old: TruthBox, change: Extract<Edit, { kind: 'move' | 'relabel' | 'flag' }>): TruthBox {
  if (change.kind === 'relabel') return { ...old, category: change.category };
  if (change.kind === 'flag') return { ...old, flags: change.flags };
  const [x, y, width, height] = old.box;
  const box = [x + change.by, y, width + Math.abs(change.by), height] as const;
  return { ...old, box, area: box[2] * box[3] };
}

/** Every edited image through a preview, which must foretell the result and keep nothing. */
function applyToScorer(live: Scorer, before: RandomSet, after: RandomSet, expected: Scorer): void {
  after.truth.forEach((boxes, index) => {
    if (boxes === before.truth[index]) return;
    const headline = live.headline();
    const preview = live.preview(index, toImageTruth(boxes));
    expect(live.headline()).toBe(headline);
    expect(preview.headline).toBe(expected.headline());
    const { classes } = expected.result();
    if (classes.length === preview.classAP.length)
      expect(preview.classAP).toEqual(classes.map(({ AP }) => AP));
    live.replaceTruth(index, toImageTruth(boxes));
    expect(live.truth(index)).toEqual(toImageTruth(boxes));
  });
}

function expectSame(live: Scorer, fresh: Scorer, point: { iou: number; score: number }): void {
  expect(live.result(point)).toEqual(fresh.result(point));
  const arrays = live.arrays();
  const expected = fresh.arrays();
  for (const cells of ['precision', 'recall', 'scores'] as const) {
    expect(isSameBytes(arrays?.[cells]?.data, expected?.[cells]?.data)).toBe(true);
  }
  expect(live.curves()).toEqual(fresh.curves());
  expect(live.allOutcomes(point)).toEqual(fresh.allOutcomes(point));
  expectConsistent(live, point);
}

/** counts(), countsByClass(), outcomes() and allOutcomes() say the same. */
function expectConsistent(live: Scorer, point: { iou: number; score: number }): void {
  const counts = live.counts(point);
  const all = live.allOutcomes(point);
  expect(tally(all.predictionOutcome, 0)).toBe(counts.truePositives);
  expect([1, 2, 3, 4].reduce((sum, kind) => sum + tally(all.predictionOutcome, kind), 0)).toBe(
    counts.falsePositives,
  );
  expect(tally(all.truthOutcome, 0)).toBe(counts.truePositives);
  expect(tally(all.truthOutcome, 1)).toBe(counts.misses);
  const classes = live.countsByClass(point);
  for (const key of ['truePositives', 'falsePositives', 'misses'] as const) {
    expect(classes.reduce((sum, row) => sum + row[key], 0)).toBe(counts[key]);
  }
  IMAGE_IDS.forEach((_, index) => expectImageIsPart(live, index, live.outcomes(index, point), all));
}

function expectImageIsPart(
  live: Scorer,
  index: number,
  outcomes: ImageOutcomes,
  all: ReturnType<Scorer['allOutcomes']>,
): void {
  const [from, to] = live.annotationRows(index);
  const rows = live.predictionRows(index);
  expect([...outcomes.prediction]).toEqual([...rows].map((row) => all.predictionOutcome[row]));
  expect([...outcomes.predictionTruth].map((row) => (row < 0 ? -1 : row + from))).toEqual(
    [...rows].map((row) => all.predictionTruth[row]),
  );
  expect([...outcomes.truth]).toEqual([...all.truthOutcome.subarray(from, to)]);
  expect([...outcomes.truthPrediction].map((row) => (row < 0 ? -1 : rows[row]))).toEqual([
    ...all.truthPrediction.subarray(from, to),
  ]);
}

function tally(values: Uint8Array, wanted: number): number {
  return values.reduce((count, value) => count + (value === wanted ? 1 : 0), 0);
}

function isSameBytes(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  if (!a || !b) return a === b;
  return Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;
}
