import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/foundation/bad-input';
import { openSource } from '../sources';
import { BATCH_BYTES, fillBatch, NOT_HELD } from './batch';
import { readMany } from './read-many';

/** More than a thread is started for. */
const FILES = 4500;

let folder = '';
const nameOf = (index: number): string => `${String(index).padStart(5, '0')}.txt`;
const contentOf = (index: number): string => (index % 7 === 0 ? '' : `${index}`.repeat(1 + (index % 50)));
const fileOf = (index: number): string => path.join(folder, nameOf(index));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-many-'));
  for (let index = 0; index < FILES; index++) writeFileSync(fileOf(index), contentOf(index));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lengths and texts of all files; of those that no batch holds null. */
async function contents(files: readonly string[], most: number, threads: number): Promise<(string | null)[]> {
  const all: (string | null)[] = [];
  for await (const { buffer, ends } of readMany(files, most, threads)) {
    let start = 0;
    for (const end of ends) {
      all.push(end === NOT_HELD ? null : text(buffer.subarray(start, end)));
      if (end !== NOT_HELD) start = end;
    }
  }
  return all;
}

describe('many files', () => {
  it('come in their order, with and without a thread, whole or their first bytes', async () => {
    const files = Array.from({ length: FILES }, (_, index) => fileOf(index));
    const expected = files.map((_, index) => contentOf(index));
    for (const threads of [1, 2]) {
      expect(await contents(files, Infinity, threads)).toEqual(expected);
      expect(await contents(files, 5, threads)).toEqual(expected.map((one) => one.slice(0, 5)));
    }
  });

  it('are none of a batch where they are not there or as large as one', () => {
    const large = path.join(folder, 'large');
    const full = path.join(folder, 'full');
    writeFileSync(large, new Uint8Array(BATCH_BYTES + 1));
    writeFileSync(full, new Uint8Array(BATCH_BYTES - 3));
    const buffer = new Uint8Array(BATCH_BYTES);
    const fill = (...files: string[]) => fillBatch(files, 0, buffer, Infinity);
    expect(fill(path.join(folder, 'nothing'), fileOf(1), large)).toEqual([NOT_HELD, contentOf(1).length]);
    expect(fill(large, fileOf(1))).toEqual([NOT_HELD, contentOf(1).length]);
    expect(fill(full, fileOf(1), fileOf(2))).toEqual([
      BATCH_BYTES - 3,
      BATCH_BYTES - 3 + contentOf(1).length,
    ]);
    expect(fillBatch([large, large], 0, buffer, 4096)).toEqual([4096, 8192]);
    rmSync(large);
    rmSync(full);
  });

  it('are read whole by a source, whatever they are: compressed, large, and missing with what was before', async () => {
    const inner = path.join(folder, 'inner');
    mkdirSync(inner);
    const large = 'x'.repeat(BATCH_BYTES + 10);
    writeFileSync(path.join(inner, 'a.txt'), 'a');
    writeFileSync(path.join(inner, 'b.txt'), gzipSync('within'));
    writeFileSync(path.join(inner, 'c.txt'), large);
    writeFileSync(path.join(inner, 'd.txt'), 'd');
    const source = await openSource(inner);
    const found: string[] = [];
    const readAll = async (paths: readonly string[], length?: number): Promise<void> => {
      found.length = 0;
      for await (const batch of source.inBatches!(paths, length)) found.push(...batch.map(text));
    };
    await readAll(source.paths);
    expect(found).toEqual(['a', 'within', large, 'd']);
    await readAll(source.paths, 3);
    expect(found.slice(2)).toEqual(['xxx', 'd']);
    await expect(readAll(['a.txt', 'missing.txt', 'd.txt'])).rejects.toThrow(BadInput);
    expect(found).toEqual(['a']);
    rmSync(inner, { recursive: true });
  });

  it('end with whoever asks for no more of them', async () => {
    const files = Array.from({ length: FILES }, (_, index) => fileOf(index));
    for await (const { ends } of readMany(files, Infinity, 2)) {
      expect(ends.length).toBeGreaterThan(0);
      break;
    }
    // The thread is gone: nothing keeps the process, and the files can be read again.
    expect(await contents(files, Infinity, 2)).toHaveLength(FILES);
  });
});
