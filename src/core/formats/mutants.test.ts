import { describe, expect, it } from 'vitest';
import { runMutants } from './mutants.fixture';

describe('damaged files', () => {
  it('are refused or read with a word, never anything else', async () => {
    const { read, refused, faults } = await runMutants(20261125, 1300);
    expect(faults).toEqual([]);
    expect(read).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });
});
