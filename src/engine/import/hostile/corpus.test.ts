/** Files that once broke a reader, kept: each folder of `corpus` is `FORMAT--what`, or `FORMAT--KIND--what` where it is no ground truth. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Files } from './check.fixture';
import { checkFiles } from './check.fixture';

const CORPUS = fileURLToPath(new URL('corpus', import.meta.url));
const KINDS = ['predictions', 'label-map', 'trainings', 'model'] as const;
const folder = mkdtempSync(path.join(tmpdir(), 'reticle-corpus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function filesIn(root: string): Files {
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file).split(path.sep).join('/'), Uint8Array.from(readFileSync(file))];
    }),
  );
}

describe('files that once broke a reader', () => {
  it.each(readdirSync(CORPUS))('%s', async (name) => {
    const [format, kind] = name.split('--') as [string, string];
    const files = filesIn(path.join(CORPUS, name));
    const { boxes, codes, faults } = await checkFiles(
      {
        kind: KINDS.find((one) => one === kind) ?? 'truth',
        format,
        files,
        isSingle: Object.keys(files).length === 1,
      },
      path.join(folder, name),
    );
    expect(faults).toEqual([]);
    // Each of them lost something: it is told.
    expect(boxes === null || codes.length > 0, codes.join(' ')).toBe(true);
  });
});
