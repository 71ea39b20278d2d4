import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateCocoFiles } from './evaluate-coco';
import { plainEvaluation, withoutDetails } from './plain-evaluation.fixture';

const GOLDEN = path.resolve(import.meta.dirname, '../../core/metrics/fixtures/coco');
/** An empty list is left to the plain path. */
const CASES = readdirSync(GOLDEN).filter((name) => name !== 'nothing-found');

describe('COCO from files by the kernels', () => {
  it.each(CASES)('%s: what the plain path says, to the last bit', async (name) => {
    const files = {
      truth: path.join(GOLDEN, name, 'truth.json'),
      predictions: path.join(GOLDEN, name, 'predictions.json'),
      strict: false,
      parameters: {},
      score: 0.3,
      threads: 1,
    };
    expect(JSON.stringify(withoutDetails(evaluateCocoFiles(files)))).toBe(
      JSON.stringify(await plainEvaluation(files)),
    );
  });
});
