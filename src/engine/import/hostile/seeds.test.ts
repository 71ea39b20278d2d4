import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkFiles } from './check.fixture';
import { seedCorpus } from './seeds.fixture';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-seeds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the seed corpus', async () => {
  it.each(await seedCorpus())('$name reads whole, and breaks no rule', async (seed) => {
    const { boxes, codes, faults } = await checkFiles(seed, path.join(folder, seed.name));
    expect({ boxes, faults }, codes.join(' ')).toEqual({ boxes: seed.boxes, faults: [] });
  });
});
