import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Cancelled, noProgress } from '../../core/foundation/cancellation';
import { CocoResultsReader, type RawPredictions } from '../../core/formats/coco/read-results';
import { cocoTexts, type Spelling } from './coco-texts.fixture';
import { giveBackColumns } from './column-memory';
import { NotForKernels } from './refusal';
import { readResultsFile } from './results-file';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-kernels-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'predictions.json');

function plain(text: string): RawPredictions {
  const reader = new CocoResultsReader({ file });
  reader.push(Buffer.from(text));
  return reader.end();
}

const SPELLING: Spelling = {
  images: 300,
  classes: 9,
  predictions: 8000,
  indent: 1,
  isShuffled: true,
  hasExtras: true,
  isCoarse: false,
  hugeIds: false,
  hasOddities: true,
  named: true,
};

describe('COCO results by the kernels: the plain reader’s columns', () => {
  it.each([
    ['in no order, with names and members that nobody reads', {}],
    ['indented, without names', { indent: 2, named: false }],
    ['with huge ids', { hugeIds: true, hasExtras: false }],
  ] as const)('%s', async (_, spelling) => {
    const { predictions } = cocoTexts(17, { ...SPELLING, ...spelling });
    writeFileSync(file, predictions);
    const expected = plain(predictions);
    for (const threads of [1, 2, 4])
      expect(await readResultsFile(file, noProgress, threads)).toEqual(expected);
  });

  it('makes room where later records are shorter than the first ones let expect', async () => {
    const record = (extra: string): string =>
      `{"image_id":1,"category_id":1,"bbox":[1,2,3,4],"score":0.5${extra}}`;
    const long = Array.from({ length: 2000 }, () => record(`,"more":"${'x'.repeat(400)}"`));
    const text = `[${[...long, ...Array.from({ length: 20_000 }, () => record(''))].join(',')}]`;
    writeFileSync(file, text);
    expect(await readResultsFile(file, noProgress, 1)).toEqual(plain(text));
  });

  it('uses the memory of columns that were given back, which are empty then', async () => {
    const texts = [17, 19].map((seed) => cocoTexts(seed, SPELLING).predictions);
    writeFileSync(file, texts[0]!);
    const before = await readResultsFile(file, noProgress, 1);
    giveBackColumns(before);
    expect([before.box, before.score, before.fileIndex].map(({ length }) => length)).toEqual([0, 0, 0]);
    writeFileSync(file, texts[1]!);
    const columns = await readResultsFile(file, noProgress, 1);
    expect(columns).toEqual(plain(texts[1]!));
    giveBackColumns(plain(texts[0]!));
    expect(columns).toEqual(plain(texts[1]!));
  });

  it('says how far it is, and stops when its owner cancels', async () => {
    writeFileSync(file, cocoTexts(18, SPELLING).predictions);
    const told: number[] = [];
    const progress = { check: () => {}, report: (_: string, done: number) => told.push(done) };
    await readResultsFile(file, progress, 1);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    const cancelled = {
      ...noProgress,
      check: () => {
        throw new Cancelled();
      },
    };
    await expect(readResultsFile(file, cancelled, 3)).rejects.toThrow(Cancelled);
  });

  it('leaves what it cannot tell apart, and what is no list, to the plain reader', async () => {
    for (const text of ['[]', '{}', '[{"image_id":1}]', '']) {
      writeFileSync(file, text);
      await expect(readResultsFile(file, noProgress, 1)).rejects.toThrow(NotForKernels);
    }
    await expect(readResultsFile(folder, noProgress, 1)).rejects.toThrow(NotForKernels);
  });
});
