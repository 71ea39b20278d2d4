import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { silentCuts } from './cuts.fixture';
import { seedCorpus } from './seeds.fixture';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-cuts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that was cut off', async () => {
  it.each(await seedCorpus())('$name is refused, or read with a finding', async (seed) => {
    expect(await silentCuts(seed, path.join(folder, seed.name), 12)).toEqual([]);
  });
});
