import { describe, expect, it } from 'vitest';
import { runMutants } from './mutants-parent.fixture';

describe('damaged files', () => {
  it('are refused or read with a word, within time and memory, never anything else', async () => {
    const { read, refused, faults } = await runMutants(20261125, 400);
    expect(faults).toEqual([]);
    expect(read).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });
});
