import { describe, expect, it } from 'vitest';
import { runMutants } from './mutants-parent.fixture';

/** Another one each day; a fault names its mutant, which this number brings back. */
const RUN = Number(process.env['RETICLE_MUTANTS'] ?? Math.floor(Date.now() / 86_400_000));

describe('damaged files', () => {
  it(`are refused or read with a word, never anything else: 10,000 mutants of run ${RUN}`, async () => {
    const { read, refused, faults } = await runMutants(RUN, 10_000);
    expect(faults).toEqual([]);
    expect(read + refused).toBe(10_000);
  });
});
