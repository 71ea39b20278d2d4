/** Whatever the order of equal scores, no number passes its bounds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyParameters, ObjectDetectionApiProtocol, ScoringInput } from '../evaluation';
import { IMAGE_IDS, type RandomSet, randomSet, toScoringInput } from '../random-sets.fixture';
import { createScorer } from '../scorer';

const PROTOCOLS: readonly (readonly [ObjectDetectionApiProtocol, Partial<AnyParameters>])[] = [
  ['tf-pascal', {}],
  ['tf-weighted-pascal', {}],
  ['tf-precision-at-recall', { recallBounds: [0.3, 0.7] }],
  ['open-images-v2', {}],
  ['open-images-challenge', { groupOfWeight: 0.5 }],
];

describe.each(PROTOCOLS)('Bounds of %s', (protocol, parameters) => {
  it('hold the number, and those of any order of predictions and images', () => {
    fc.assert(
      fc.property(randomSet, fc.infiniteStream(fc.nat()), (set, stream) => {
        const { metrics, ties = {} } = createScorer(toScoringInput(set), protocol, parameters).result();
        for (let order = 0; order < 8; order++) {
          const other = createScorer(shuffled(set, stream), protocol, parameters).result();
          for (const [key, value] of Object.entries(other.metrics)) {
            const [low, high] = ties[key] ?? [metrics[key]!, metrics[key]!];
            if (value === null) expect(metrics[key]).toBeNull();
            else {
              expect(value).toBeGreaterThanOrEqual(low - 1e-12);
              expect(value).toBeLessThanOrEqual(high + 1e-12);
            }
          }
        }
        for (const [key, [low, high]] of Object.entries(ties)) {
          expect(low).toBeLessThanOrEqual(metrics[key]!);
          expect(high).toBeGreaterThanOrEqual(metrics[key]!);
        }
      }),
      { numRuns: 300, seed: 20_261_124 },
    );
  });
});

/** The same set, images and predictions in another order; annotations keep theirs within their image. */
function shuffled(set: RandomSet, stream: fc.Stream<number>): ScoringInput {
  const random = () => stream.next().value as number;
  const places = permutation(IMAGE_IDS.length, random);
  const truth = IMAGE_IDS.map((_, image) => set.truth[places.indexOf(image)]!);
  const order = permutation(set.predictions.length, random);
  const predictions = order.map((index) => {
    const prediction = set.predictions[index]!;
    return { ...prediction, image: places[prediction.image]! };
  });
  const input = toScoringInput({ ...set, truth, predictions });
  const imageLabels = input.imageLabels!;
  const image = imageLabels.image.map((index) => places[index]!);
  return { ...input, imageLabels: { ...imageLabels, image } };
}

function permutation(count: number, random: () => number): number[] {
  return Array.from({ length: count }, (_, index) => ({ index, key: random() % 1_000_003 }))
    .sort((a, b) => a.key - b.key)
    .map(({ index }) => index);
}
