import { describe, expect, it } from 'vitest';
import { runMutants } from './mutants.fixture';

/** Another one each day; a fault names its mutant, which this number brings back. */
const SEED = Math.floor(Date.now() / 86_400_000);

describe('damaged files', () => {
  it(`are refused or read with a word, never anything else: 10,000 mutants of seed ${SEED}`, async () => {
    expect((await runMutants(SEED, 10_000)).faults).toEqual([]);
  });
});
