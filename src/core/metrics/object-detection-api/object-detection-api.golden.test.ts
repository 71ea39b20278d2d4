/** Equality with the evaluators of the TensorFlow Object Detection API on their reference outputs. */
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../foundation/shared-data.fixture';
import type { ScoringInput } from '../evaluation';
import { readApiInput, readJson } from '../golden.fixture';
import { createScorer } from '../scorer';
import type { ApiExpected } from './api-runs.fixture';
import {
  ABSENT,
  apiCases,
  expectEqual,
  imageLabelsOf,
  isReproduced,
  parametersOf,
  PROTOCOL_OF,
} from './api-runs.fixture';

describe.each([...apiCases('golden/tf'), ...apiCases('golden/oid')])(
  'Object Detection API case %s',
  (folder) => {
    it.skipIf(folder === ABSENT)('equals every evaluator within 1e-12', () => {
      const expected = readJson(`${folder}/expected.json`) as ApiExpected;
      const inputs = new Map<boolean, ScoringInput>();
      for (const run of expected.runs.filter(isReproduced)) {
        const isExpanded = run.parameters.truth === 'expanded';
        const input = inputs.get(isExpanded) ?? readCase(folder, isExpanded ? '_expanded' : '', expected);
        inputs.set(isExpanded, input);
        const scorer = createScorer(input, PROTOCOL_OF[run.evaluator]!, parametersOf(run, expected));
        const result = scorer.result();
        expectEqual(result, scorer.curves(), run);
        expect(result.classes.map(({ id }) => id)).toEqual(
          input.categories.filter(({ isUnlisted }) => !isUnlisted).map(({ id }) => id),
        );
      }
    });
  },
);

const TIES = sharedPath('golden/tf/score-ties');

describe('Bounds of equal scores', () => {
  it.skipIf(TIES === null)('hold what 200 random input orders gave', () => {
    const expected = readJson(`${TIES!}/expected.json`) as ApiExpected;
    const input = readCase(TIES!, '', expected);
    const ranges = expected.ties!['lowest and highest of 200 random input orders']!;
    for (const protocol of ['tf-pascal', 'tf-weighted-pascal'] as const) {
      const { metrics, ties } = createScorer(input, protocol).result();
      const [key, value] = Object.entries(metrics)[0]!;
      const [low, high] = ties![key]!;
      expect(low).toBeLessThanOrEqual(Math.min(ranges[key]![0], value!));
      expect(high).toBeGreaterThanOrEqual(Math.max(ranges[key]![1], value!));
    }
  });
});

function readCase(folder: string, suffix: string, expected: ApiExpected): ScoringInput {
  return readApiInput(
    `${folder}/truth${suffix}.json`,
    `${folder}/predictions.json`,
    imageLabelsOf(folder, expected, suffix),
  );
}
