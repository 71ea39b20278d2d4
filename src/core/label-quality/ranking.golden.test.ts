/** The measure of rankings gives the reference outputs' numbers, so that what is said of the fix queue means the same. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../foundation/shared-data.fixture';
import { objectLab, OBJECTLAB_DEFAULTS } from './objectlab';
import { type GoldenPlanted, inputOfCase, readObjectLabCase } from './objectlab.fixture';
import { placeOf, rankedPlaces, rankingPrecision, unlabelledByConfidence } from './ranking.fixture';

const root = sharedPath('golden/objectlab');

describe.each(root === null ? ['(reference outputs absent)'] : readdirSync(root))(
  'Rankings on %s',
  (name) => {
    it.skipIf(root === null)('have the average precision of the reference', () => {
      for (const file of ['expected.json', 'expected-lowered.json']) {
        if (!existsSync(`${root}/${name}/${file}`)) continue;
        const found = readObjectLabCase(`${root}/${name}`, file);
        const { boxes } = found.expected.averagePrecision;
        const input = inputOfCase(found);
        const { low, high } = found.expected.parameters;
        const scores = objectLab(input, { ...OBJECTLAB_DEFAULTS, low, high });
        const planted = (kind: GoldenPlanted['error']) => found.planted.filter(({ error }) => error === kind);
        const labels = (kind: 'shifted' | 'wrong class', by: Float64Array): number => {
          const hits = new Set(planted(kind).map(({ annotation_id }) => annotation_id));
          const things = [...by].map((score, row) => ({
            score,
            isHit: hits.has(input.annotations.id[row]!),
          }));
          return rankingPrecision(things, hits.size);
        };
        expect(labels('shifted', scores.badlyLocated)).toBeCloseTo(boxes.shifted!.badlyLocated!, 9);
        expect(labels('wrong class', scores.swapped)).toBeCloseTo(boxes['wrong class']!.swapped!, 9);

        const removed = planted('missing').map(({ image_id, was }) => ({
          image: input.imageIds.indexOf(image_id),
          category: input.categories.findIndex(({ id }) => id === was!.category_id),
          box: was!.bbox,
        }));
        const overlooked = [...scores.overlooked].flatMap((score, row) =>
          Number.isNaN(score) ? [] : [placeOf(input, row, score)],
        );
        const missing = boxes.missing!;
        expect(rankingPrecision(rankedPlaces(overlooked, removed), removed.length)).toBeCloseTo(
          missing.overlooked!,
          9,
        );
        expect(
          rankingPrecision(rankedPlaces(unlabelledByConfidence(input), removed), removed.length),
        ).toBeCloseTo(missing['unlabelled predictions by confidence']!, 9);
      }
    });
  },
);
